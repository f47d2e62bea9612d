"""Money, and amounts as they are kept, sent and shown.

Kept and sent: plain digits. Shown: grouped for the reader's language, with the ISO code behind it,
as in `1,000.00 EUR`, one style everywhere, so that no sign has to be guessed.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from bot.domain.amounts import MAX_DIGITS, digits_of
from bot.domain.currencies import CURRENCIES, minor_units

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern


@dataclass(frozen=True, slots=True)
class Money:
    """A positive amount in major units of `currency`, one of the provider's 25 (ISO 4217).

    ValueError for anything that cannot be invoiced: zero, negative, not finite, more decimals than
    the currency has, over 15 digits, an unknown currency.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise ValueError(f"unknown currency {self.currency!r}")
        if not self.amount.is_finite() or self.amount <= 0:
            raise ValueError("an amount is positive and finite")
        if self.amount.adjusted() >= MAX_DIGITS or digits_of(self.amount) > MAX_DIGITS:
            raise ValueError(f"an amount has at most {MAX_DIGITS} digits")
        if decimals_of(self.amount) > minor_units(self.currency):
            raise ValueError(f"more decimals than {self.currency} has")


def plain_amount(amount: Decimal) -> str:
    """`amount` in plain digits for storage and the wire: "50", "1000.5"; ValueError if not finite.

    `Decimal(plain_amount(x)) == x` always: nothing is rounded and there is no exponent.
    """
    if not amount.is_finite():
        raise ValueError("only a finite amount can be written")
    digits = format(amount, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def decimals_of(amount: Decimal) -> int:
    """Decimals in use, zeros at the end aside."""
    return len(plain_amount(amount).partition(".")[2])


def format_amount(amount: Decimal, currency: str, locale: str) -> str:
    """`amount` for readers of `locale`, with all decimals of `currency`: "1,000.50"."""
    shown: str = _pattern(minor_units(currency)).apply(amount, _locale(locale))
    return shown


def format_money(money: Money, locale: str) -> str:
    """The amount and its ISO code, kept on one line by a no-break space: "1,000.50 EUR"."""
    return f"{format_amount(money.amount, money.currency, locale)}\u00a0{money.currency}"


def format_coin_amount(amount: Decimal, locale: str) -> str:
    """A coin amount with every digit it has, ungrouped, with the decimal sign of `locale`.

    To be copied into a wallet use `plain_amount`.
    """
    from babel.numbers import get_decimal_symbol

    return plain_amount(amount).replace(".", get_decimal_symbol(locale))


@cache
def _locale(name: str) -> "Locale":
    from babel import Locale

    return Locale.parse(name)


@cache
def _pattern(decimals: int) -> "NumberPattern":
    from babel.numbers import parse_pattern

    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))
