"""What the provider checks in a create request, and how it words a refusal."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from bot.sandbox.cryptocloud.ledger import Order
from bot.sandbox.cryptocloud.rates import COINS, PER_DOLLAR, Coin

_DEFAULT_LIFETIME = timedelta(hours=24)
_LONGEST_MINUTES = 366 * 24 * 60


class RefusedError(Exception):
    """A refusal with the body it is answered with."""

    def __init__(self, document: Mapping[str, object]) -> None:
        super().__init__(str(document))
        self.document = document


def refused(field: str, words: str) -> RefusedError:
    """The usual form of a refusal."""
    return RefusedError({"status": "error", "result": {field: words}})


def read_order(body: Mapping[str, object], shop_id: str) -> Order:
    """A create request as an order; raises RefusedError."""
    if body.get("shop_id") != shop_id:
        raise refused(
            "shop_id", "Shop not found." if body.get("shop_id") else "shop_id not passed."
        )
    currency = body.get("currency", "USD")
    if not isinstance(currency, str) or currency not in PER_DOLLAR:
        # This refusal comes bare, without the envelope of the others.
        known = ", ".join(PER_DOLLAR)
        raise RefusedError({"currency": f"Invalid account currency specified. Available: {known}"})
    extra = body.get("add_fields", {})
    if not isinstance(extra, dict):
        raise refused("add_fields", "Must be an object.")
    return Order(
        amount=_amount(body.get("amount")),
        currency=currency,
        lifetime=_lifetime(extra.get("time_to_pay")),
        order_id=_text(body, "order_id"),
        email=_email(_text(body, "email")),
        coin=_coin("cryptocurrency", extra["cryptocurrency"])
        if "cryptocurrency" in extra
        else None,
        offered=_offered(extra.get("available_currencies", [])),
    )


def _amount(value: object) -> Decimal:
    if value is None:
        raise refused("amount", "amount not passed.")
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise refused("amount", "A valid number is required.")
    amount = Decimal(value)
    if not amount.is_finite() or amount <= 0:
        raise refused("amount", "The amount must be greater than 0.")
    return amount


def _text(body: Mapping[str, object], field: str) -> str | None:
    value = body.get(field)
    if value is not None and not isinstance(value, str):
        raise refused(field, "Not a valid string.")
    return value


def _email(value: str | None) -> str | None:
    if value is not None and (value.count("@") != 1 or value.startswith("@") or value[-1] == "@"):
        raise refused("email", "Enter a valid email address.")
    return value


def _lifetime(value: object) -> timedelta:
    if value is None:
        return _DEFAULT_LIFETIME
    if not isinstance(value, dict) or not set(value) <= {"hours", "minutes"}:
        raise refused("time_to_pay", "Must be an object of hours and minutes.")
    if any(isinstance(part, bool) or not isinstance(part, int) for part in value.values()):
        raise refused("time_to_pay", "A valid integer is required.")
    hours, minutes = value.get("hours", 0), value.get("minutes", 0)
    if hours < 0 or minutes < 0 or not 0 < hours * 60 + minutes <= _LONGEST_MINUTES:
        raise refused("time_to_pay", "Must be between a minute and a year.")
    return timedelta(hours=hours, minutes=minutes)


def _coin(field: str, value: object) -> Coin:
    coin = COINS.get(value) if isinstance(value, str) else None
    if coin is None:
        raise refused(field, f"Currency {value} is not available.")
    return coin


def _offered(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise refused("available_currencies", "Must be a list.")
    return tuple(_coin("available_currencies", code).fullcode for code in value)
