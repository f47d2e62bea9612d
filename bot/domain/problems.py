"""What can be wrong with a typed line, and how it is handed to the one who words the answer."""

from dataclasses import dataclass
from enum import StrEnum

_TYPED_LIMIT = 64


class Problem(StrEnum):
    """Why a line or an amount was not accepted; the wording lives with the texts."""

    NO_AMOUNT = "no_amount"
    NOT_A_NUMBER = "not_a_number"
    ZERO = "zero"
    NEGATIVE = "negative"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_MANY_DIGITS = "too_many_digits"
    UNKNOWN_CURRENCY = "unknown_currency"
    TWO_CURRENCIES = "two_currencies"
    AMOUNT_IN_COIN = "amount_in_coin"
    NO_SUCH_COIN = "no_such_coin"
    BAD_LIFETIME = "bad_lifetime"
    BAD_ORDER = "bad_order"
    BAD_EMAIL = "bad_email"
    DESCRIPTION_TOO_LONG = "description_too_long"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A refused line. `typed` is the part at fault, for `clip`ped display only.

    `currency` is the ISO code the amount was read in, where that matters and is settled.
    """

    problem: Problem
    typed: str
    currency: str | None = None


def clip(text: str) -> str:
    """At most 64 characters of one line, safe to repeat to the person (still to be escaped)."""
    line = clean(text)
    return line if len(line) <= _TYPED_LIMIT else line[: _TYPED_LIMIT - 1] + "…"


# Breaks become spaces. Dropped is what has no look of its own but can change how the rest looks:
# controls, bidi marks and overrides, zero-width spaces. Joiners stay, emoji and scripts need them.
_BREAKS = {ord(sign): " " for sign in "\t\n\v\f\r\x85\u2028\u2029"}
_DROPPED = dict.fromkeys(
    [
        *range(0x20),
        *range(0x7F, 0xA0),
        *(0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ],
)
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # JSON may carry halves; UTF-8 not
_CLEANING: dict[int, str | None] = {**_SURROGATES, **_DROPPED, **_BREAKS}


def clean(text: str) -> str:
    """`text` as one line that UTF-8 can carry, with nothing invisible that rearranges it."""
    return text.replace("\r\n", "\n").translate(_CLEANING).strip()
