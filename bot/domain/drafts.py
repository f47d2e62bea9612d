"""The conversation as a value: what is known, what is asked next, and how an answer changes it.

Nothing here talks to anybody. `bot/telegram` turns a message or a tap into one of these calls,
storage writes the result by compare-and-set, and the question is rendered from it.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from bot.domain.amounts import Problem, read_amount
from bot.domain.coins import ASSETS, COINS
from bot.domain.currencies import CURRENCIES
from bot.domain.invoice import RestOf
from bot.domain.requests import Request


class Step(StrEnum):
    """The question that is open. `CREATING` is the answer *Create*, taken once."""

    AMOUNT = "amount"
    CURRENCY = "currency"
    COIN = "coin"
    NETWORK = "network"
    SUMMARY = "summary"
    CHANGE = "change"
    LIFETIME = "lifetime"
    DETAILS = "details"
    CREATING = "creating"


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice that is being asked for.

    `id` is the id the invoice will have. `amounts` and `currencies` hold the candidates: one is an
    answer, several are a question, none is an open one. `coins` None is not answered, empty means
    that the buyer chooses. `offers` are the recent amounts on the buttons, as "50 EUR": a button
    carries the number of one, since no price travels in a button.
    """

    id: str
    step: Step = Step.AMOUNT
    amounts: tuple[Decimal, ...] = ()
    currencies: tuple[str, ...] = ()
    coins: tuple[str, ...] | None = None
    asset: str | None = None
    lifetime: timedelta | None = None
    order: str | None = None
    email: str | None = None
    description: str = ""
    reply_to: int | None = None
    offers: tuple[str, ...] = ()
    rest_of: RestOf | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A draft as it lies in Redis: with its revision, the message that asks, and its language."""

    draft: Draft | None = None
    revision: int = 0
    message_id: int | None = None
    language: str = ""


def settled(draft: Draft) -> Draft:
    """The same draft at its first open question, or at the summary."""
    if len(draft.amounts) != 1:
        return replace(draft, step=Step.AMOUNT)
    if len(draft.currencies) != 1:
        return replace(draft, step=Step.CURRENCY)
    if isinstance(_fitting(draft), Problem):
        return replace(draft, step=Step.AMOUNT, amounts=())
    if draft.coins is None:
        return replace(draft, step=Step.NETWORK if draft.asset else Step.COIN)
    return replace(draft, step=Step.SUMMARY)


def _fitting(draft: Draft) -> tuple[Decimal, ...] | Problem:
    """An amount chosen before its currency may have too many decimals for it."""
    return read_amount(format(draft.amounts[0], "f"), draft.currencies[0])


def begun(draft_id: str, request: Request, *, coins: tuple[str, ...] | None = None) -> Draft:
    """A draft of what a line said; `coins` answer where the line names none."""
    named = request.coins or (None if request.asset else coins)
    return settled(
        Draft(
            id=draft_id,
            amounts=request.amounts,
            currencies=request.currencies,
            coins=named,
            asset=request.asset,
            lifetime=request.lifetime,
            order=request.order,
            email=request.email,
            description=request.description,
        )
    )


def merged(draft: Draft, request: Request) -> Draft:
    """What a typed line adds to or changes in a draft."""
    coins, asset = draft.coins, draft.asset
    if request.coins:
        coins, asset = request.coins, None
    elif request.asset:
        coins, asset = None, request.asset
    return settled(
        replace(
            draft,
            amounts=request.amounts or draft.amounts,
            currencies=request.currencies or draft.currencies,
            coins=coins,
            asset=asset,
            lifetime=request.lifetime or draft.lifetime,
            order=request.order or draft.order,
            email=request.email or draft.email,
            description=request.description or draft.description,
        )
    )


def with_amount(draft: Draft, amount: Decimal) -> Draft:
    """The amount was tapped."""
    return settled(replace(draft, amounts=(amount,)))


def with_currency(draft: Draft, code: str) -> Draft:
    """The currency was tapped. Raises `ValueError` for an unknown one."""
    if code not in CURRENCIES:
        raise ValueError(code)
    return settled(replace(draft, currencies=(code,)))


def with_asset(draft: Draft, asset: str) -> Draft:
    """The first half of a coin. An asset on one network only is a whole one."""
    if asset not in ASSETS:
        raise ValueError(asset)
    if len(ASSETS[asset]) == 1:
        return with_coins(draft, (ASSETS[asset][0].code,))
    return replace(draft, step=Step.NETWORK, asset=asset, coins=None)


def with_coins(draft: Draft, coins: tuple[str, ...]) -> Draft:
    """The coins were tapped; none means that the buyer chooses."""
    if not all(code in COINS for code in coins):
        raise ValueError(",".join(coins))
    return settled(replace(draft, coins=coins, asset=None))


def with_lifetime(draft: Draft, lifetime: timedelta) -> Draft:
    """The lifetime was tapped."""
    return settled(replace(draft, lifetime=lifetime))


def asked_again(draft: Draft, step: Step) -> Draft:
    """The same draft at another step."""
    return replace(draft, step=step)


EDITABLE = frozenset({Step.AMOUNT, Step.CURRENCY, Step.COIN, Step.LIFETIME, Step.DETAILS})


def edited(draft: Draft, step: Step) -> Draft:
    """Go to a question on purpose, from *Change*. Raises `ValueError` for what cannot be."""
    if step not in EDITABLE:
        raise ValueError(step)
    return replace(draft, step=step)


_BEFORE = {
    Step.SUMMARY: Step.COIN,
    Step.NETWORK: Step.COIN,
    Step.COIN: Step.CURRENCY,
    Step.CURRENCY: Step.AMOUNT,
    Step.LIFETIME: Step.CHANGE,
    Step.DETAILS: Step.CHANGE,
}


def back(draft: Draft) -> Draft:
    """One question back. From the first one: to the summary if all is known, else it stays."""
    if draft.step is Step.CHANGE:
        return settled(draft)  # the summary, unless a forged button led here before its time
    if draft.step is Step.AMOUNT:
        following = settled(draft)
        return following if following.step is Step.SUMMARY else draft
    return replace(draft, step=_BEFORE.get(draft.step, draft.step), asset=None)
