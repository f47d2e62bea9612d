"""Bodies of the calls, as the provider's page and its other documentation give them."""

import json
from collections.abc import Mapping
from datetime import date, timedelta

from bot.domain.provider import NewInvoice

PREFIX = "INV-"


def with_prefix(uuid: str) -> str:
    """The one form of an invoice id: the provider uses it with and without `INV-`."""
    return PREFIX + uuid.removeprefix(PREFIX)


def create_body(shop_id: str, new: NewInvoice) -> bytes:
    """Body of `/invoice/create`, the amount digit for digit as a JSON number.

    Raises ValueError for an amount that is not a positive number.
    """
    if not new.amount.is_finite() or new.amount <= 0:
        raise ValueError(f"{new.amount} cannot be asked for")
    rest: dict[str, object] = {
        "shop_id": shop_id,
        "currency": new.currency,
        "order_id": new.order_id,
    }
    if new.email is not None:
        rest["email"] = new.email
    if extra := _add_fields(new):
        rest["add_fields"] = extra
    # json writes a Decimal only by way of a float, which would round and drop digits; so the
    # number is put in front of the other members, none of which is needed to find its place.
    return f'{{"amount": {new.amount:f}, {_text(rest)[1:]}'.encode()


def create_body_without_amount(shop_id: str) -> bytes:
    """Body of a `/invoice/create` that is refused whatever else it says: the provider's page
    requires an amount. What it is refused for tells whether the shop is known."""
    return _text({"shop_id": shop_id, "currency": "USD"}).encode()


def info_body(uuids: list[str]) -> bytes:
    """Body of `/invoice/merchant/info`."""
    return _text({"uuids": uuids}).encode()


def list_body(start: date, end: date, *, offset: int, limit: int) -> bytes:
    """Body of `/invoice/merchant/list`; days are UTC, both included."""
    days = {"start": _day(start), "end": _day(end)}
    return _text({**days, "offset": offset, "limit": limit}).encode()


def cancel_body(uuid: str) -> bytes:
    """Body of `/invoice/merchant/canceled`."""
    return _text({"uuid": uuid}).encode()


def _add_fields(new: NewInvoice) -> dict[str, object]:
    fields: dict[str, object] = {}
    if new.lifetime is not None:
        minutes = max(new.lifetime // timedelta(minutes=1), 1)
        fields["time_to_pay"] = {"hours": minutes // 60, "minutes": minutes % 60}
    if len(new.coins) == 1:
        fields["cryptocurrency"] = new.coins[0]
    elif new.coins:
        fields["available_currencies"] = list(new.coins)
    return fields


def _day(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def _text(document: Mapping[str, object]) -> str:
    return json.dumps(document, allow_nan=False)
