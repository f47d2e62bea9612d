"""One line that asks for an invoice: "50 EUR usdt trc20 24h #A-17 buyer@mail.com lunch for two".

Amount and currency stand first, then in any order coins, lifetime, `#order`, e-mail; the first word
that is none of these begins the description. A line break or a dash always begins it.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from bot.domain.descriptions import MAX_DESCRIPTION, doubtful_start, names_foreign_coin
from bot.domain.front import read_front
from bot.domain.middle import read_middle
from bot.domain.problems import Problem as Problem  # noqa: PLC0414 - part of what this module gives
from bot.domain.problems import Rejected as Rejected  # noqa: PLC0414
from bot.domain.problems import clean, clip

_BREAK = re.compile("[\n\r\v\f\x85\u2028\u2029—]")


@dataclass(frozen=True, slots=True)
class Request:
    """What a line asks for. Nothing in it is guessed.

    `amounts` (major units) and `currencies` (ISO 4217): none is missing, several are asked about.
    `coins`: provider codes among which the payer picks; `asset`: named without its network, to be
    asked. `review`: to be shown as a summary before anything is created.
    """

    amounts: tuple[Decimal, ...] = ()
    currencies: tuple[str, ...] = ()
    coins: tuple[str, ...] = ()
    asset: str | None = None
    lifetime: timedelta | None = None
    order: str | None = None
    email: str | None = None
    description: str = ""
    review: bool = False

    @property
    def is_certain(self) -> bool:
        """True when it can be read in one way only and is complete: it may create at once."""
        settled = len(self.amounts) == 1 and len(self.currencies) == 1 and self.asset is None
        return settled and not self.review


def looks_like_request(text: str) -> bool:
    """True when a bare message begins with an amount, readable or not; "hello" does not."""
    front = read_front(_head(text.strip())[0], None)
    return isinstance(front, Rejected) or bool(front.amounts)


def read_request(
    text: str, *, default_currency: str | None, bare: bool = False
) -> Request | Rejected:
    """What `text` (after the command, or `bare` without one) asks for; never raises.

    `default_currency` is the chat's, used when none is named and to settle a shared sign on itself.
    """
    line = text.strip()
    head, tail = _head(line)
    front = read_front(head, default_currency)
    if isinstance(front, Rejected):
        return replace(front, typed=clip(front.typed))
    middle = read_middle(head, front.end)
    if isinstance(middle, Rejected):
        return replace(middle, typed=clip(middle.typed))
    rest = head[middle.end :].strip()
    description = clean(line[middle.end :] if rest else tail)
    if len(description.encode()) > MAX_DESCRIPTION:
        return Rejected(Problem.DESCRIPTION_TOO_LONG, clip(description))
    review = (
        bare
        or front.review
        or middle.review
        or (description != "" and (front.everyday or middle.everyday))
        or doubtful_start(description, currency_named=front.named)
        or names_foreign_coin(description)
    )
    return Request(
        amounts=front.amounts,
        currencies=front.currencies,
        coins=middle.choice.coins,
        asset=middle.choice.asset,
        lifetime=middle.lifetime,
        order=middle.order,
        email=middle.email,
        description=description,
        review=review,
    )


def _head(text: str) -> tuple[str, str]:
    """What may hold money and fields, and what a line break or dash sets apart as description."""
    match = _BREAK.search(text)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")
