"""A typed answer to the open question of a conversation."""

import re
from dataclasses import replace

from bot.domain.coin_search import NoSuchCoinError, find_coins
from bot.domain.currencies import find_currency
from bot.domain.descriptions import MAX_DESCRIPTION
from bot.domain.drafts import Draft, Step, merged, settled, with_asset, with_coins
from bot.domain.fields import lifetime_allowed, read_lifetime
from bot.domain.middle import read_middle
from bot.domain.problems import Problem, Rejected, clean, clip
from bot.domain.requests import Request, looks_like_request, read_request

_ANY_COIN = re.compile(
    r"any|any coin|buyer|buyer chooses|люб(ая|ой)|выберет покупатель", re.IGNORECASE
)


def typed(draft: Draft, text: str) -> Draft | Rejected:
    """The draft after `text`, or why it is no answer. Nothing raises.

    At any question before the details an amount starts over with the whole line: somebody who
    types "60 EUR" when asked for a coin has changed their mind about the amount.
    """
    match draft.step:
        case Step.LIFETIME:
            return _lifetime(draft, text)
        case Step.DETAILS:
            return described(draft, text)
        case Step.AMOUNT:
            return _line(draft, text)
    if looks_like_request(text) and not _is_field(text):
        return _line(draft, text)
    match draft.step:
        case Step.CURRENCY:
            return _currency(draft, text)
        case Step.COIN | Step.NETWORK:
            return _coin(draft, text)
    return _fields(draft, text)


def described(draft: Draft, text: str) -> Draft | Rejected:
    """The description replaced by `text`."""
    description = clean(text)
    if len(description.encode()) > MAX_DESCRIPTION:
        return Rejected(Problem.DESCRIPTION_TOO_LONG, clip(text))
    return settled(replace(draft, description=description))


def _is_field(text: str) -> bool:
    """ "24h" begins with a digit and is a lifetime, where that is what may come."""
    return read_lifetime(text.strip().partition(" ")[0]) is not None


def _line(draft: Draft, text: str) -> Draft | Rejected:
    known = draft.currencies[0] if len(draft.currencies) == 1 else None
    request = read_request(text, default_currency=known)
    if isinstance(request, Rejected):
        return request
    words = Request(currencies=(known,) if known else (), description=request.description)
    if replace(request, review=False) == words:
        # Kept as a description they would vanish from sight and leave the question as it was.
        return Rejected(Problem.NO_AMOUNT, clip(text))
    return merged(draft, request)


def _currency(draft: Draft, text: str) -> Draft | Rejected:
    found = find_currency(clean(text))
    if not found:
        return Rejected(Problem.UNKNOWN_CURRENCY, clip(text))
    return settled(replace(draft, currencies=found))


def _coin(draft: Draft, text: str) -> Draft | Rejected:
    if _ANY_COIN.fullmatch(text.strip()):
        return with_coins(draft, ())
    unknown = Rejected(Problem.NO_SUCH_COIN, clip(text))
    try:
        within = f"{draft.asset} {text}" if draft.step is Step.NETWORK and draft.asset else text
        choice = find_coins(within) or find_coins(text)
    except NoSuchCoinError:
        return unknown
    if choice is None:
        return unknown
    if choice.asset:
        return with_asset(draft, choice.asset)
    return with_coins(draft, choice.coins) if choice.coins else unknown


def _lifetime(draft: Draft, text: str) -> Draft | Rejected:
    lifetime = read_lifetime("".join(text.split()))
    if lifetime is None or not lifetime_allowed(lifetime):
        return Rejected(Problem.BAD_LIFETIME, clip(text))
    return settled(replace(draft, lifetime=lifetime))


def _fields(draft: Draft, text: str) -> Draft | Rejected:
    """At the summary: coins, lifetime, `#order` and e-mail in any order, then the description."""
    line = text.strip()
    middle = read_middle(line, 0)
    if isinstance(middle, Rejected):
        return replace(middle, typed=clip(middle.typed))
    description = clean(line[middle.end :])
    if len(description.encode()) > MAX_DESCRIPTION:
        return Rejected(Problem.DESCRIPTION_TOO_LONG, clip(description))
    return merged(
        draft,
        Request(
            coins=middle.choice.coins,
            asset=middle.choice.asset,
            lifetime=middle.lifetime,
            order=middle.order,
            email=middle.email,
            description=description,
        ),
    )
