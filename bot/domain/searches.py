"""Reads what `/find` and `/status` look for. Shape alone decides; nothing is searched for twice."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.ids import is_id
from bot.domain.problems import Rejected
from bot.domain.requests import read_request

# The provider's ids: eight capital letters and digits after INV-, by captured responses.
_UUID = re.compile(r"(?:INV-)([A-Za-z0-9]{4,32})", re.ASCII | re.IGNORECASE)
_BARE_UUID = re.compile(r"(?=.*[A-Z])(?=.*[0-9])[A-Z0-9]{8}|[A-Z]{8}", re.ASCII)
_ORDER = re.compile(r"#?([A-Za-z0-9._/-]{1,32})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Search:
    """What a text may mean: "1234" is an amount, in any currency, and may be an order number."""

    id: str = ""  # ours, from a buyer's link
    uuid: str = ""  # the provider's, without INV-
    order: str = ""
    amounts: tuple[Decimal, ...] = ()
    currency: str = ""


def uuid_in(text: str) -> str:
    """The first INV-… in a text, without the prefix; empty when there is none."""
    found = _UUID.search(text)
    return found[1].upper() if found else ""


def read_search(text: str) -> Search | None:
    """None for what can be neither an id, an order number nor an amount."""
    text = text.strip()
    if uuid := uuid_in(text):
        return Search(uuid=uuid)
    if is_id(text):
        return Search(id=text)
    if text.startswith("#"):
        found = _ORDER.fullmatch(text)
        return Search(order=found[1]) if found else None
    order = _ORDER.fullmatch(text)
    request = read_request(text, default_currency=None)
    if not isinstance(request, Rejected) and request.amounts and not request.description:
        codes = request.currencies
        return Search(
            amounts=request.amounts,
            currency=codes[0] if len(codes) == 1 else "",
            order=order[1] if order else "",
        )
    if order is None:
        return None
    return Search(order=order[1], uuid=text if _BARE_UUID.fullmatch(text) else "")
