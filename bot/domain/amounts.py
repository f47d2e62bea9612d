"""Amounts as people type them: a strict grammar over the raw text, with no help from a library.

ASCII digits; groups of three by `.` `,` `'` `’` or a space; then `.` or `,` and decimals. What can
be read in two ways gives both readings, and what cannot be read says why.
"""

import re
from decimal import Decimal

from bot.domain.currencies import minor_units
from bot.domain.problems import Problem as Problem  # noqa: PLC0414 - part of what this module gives

SPACES = " \u00a0\u2009\u202f"  # plain, no-break, thin, narrow no-break
MINUSES = "-\u2212\u2013\ufe63\uff0d"
MAX_DIGITS = 15  # what a double carries exactly, should the provider keep amounts in one
_GROUP = 3
_MOST_DECIMALS = 2  # of any currency of ours; used while the currency is open
_LONGEST = 40  # 15 digits, each its own group, twice over

_SHAPE = re.compile(rf"[0-9]+(?:[.,'{SPACES}][0-9]+)*")
_SEPARATOR = re.compile(rf"[.,'{SPACES}]")


def read_amount(text: str, currency: str | None) -> tuple[Decimal, ...] | Problem:
    """The amounts `text` can mean in major units, the grouped reading first.

    `currency` is an ISO code of ours, None while open. `1,000` has two readings in a currency with
    decimals and one in a currency without; Indian groups (`1,00,000`) are read for INR only.
    """
    raw = text.strip(SPACES)
    if not raw:
        return Problem.NO_AMOUNT
    if raw[0] in MINUSES:
        return Problem.NEGATIVE if raw[1:2].isdigit() else Problem.NOT_A_NUMBER
    raw = raw.replace("’", "'")
    if len(raw) > _LONGEST:
        return Problem.TOO_MANY_DIGITS if _SHAPE.fullmatch(raw) else Problem.NOT_A_NUMBER
    if not _SHAPE.fullmatch(raw):
        return Problem.NOT_A_NUMBER
    readings = _readings(raw, currency)
    if isinstance(readings, Problem):
        return readings
    if not any(readings):
        return Problem.ZERO
    if any(digits_of(reading) > MAX_DIGITS for reading in readings):
        return Problem.TOO_MANY_DIGITS
    return readings


def groups_digits(text: str) -> bool:
    """True when `text`, a readable amount, has a group separator in any of its readings."""
    marks = _SEPARATOR.findall(text.strip(SPACES).replace("’", "'"))
    if not marks:
        return False
    return len(marks) > 1 or marks[0] not in ".," or len(_SEPARATOR.split(text)[-1]) == _GROUP


def digits_of(amount: Decimal) -> int:
    """How many digits the amount has in plain notation, decimals that are zero at the end aside."""
    whole, _, fraction = format(amount, "f").lstrip("-").partition(".")
    return len(whole.lstrip("0")) + len(fraction.rstrip("0"))


def _readings(raw: str, currency: str | None) -> tuple[Decimal, ...] | Problem:
    decimals = _MOST_DECIMALS if currency is None else minor_units(currency)
    groups = _SEPARATOR.split(raw)
    marks = [" " if mark in SPACES else mark for mark in _SEPARATOR.findall(raw)]
    if not marks:
        return _whole(groups[0])
    if len(set(marks)) == 1:
        grouped = _grouped(groups, marks[0], currency)
        if len(marks) > 1 or marks[0] not in ".,":
            return Problem.NOT_A_NUMBER if grouped is None else (grouped,)
        return _one_mark(groups[0], groups[1], grouped, decimals)
    # Two kinds of mark: groups by the first, decimals after the last.
    last = marks.pop()
    whole = _grouped(groups[:-1], marks[0], currency) if len(set(marks)) == 1 else None
    if whole is None or last not in ".,":
        return Problem.NOT_A_NUMBER
    if len(groups[-1]) > decimals:
        return Problem.TOO_MANY_DECIMALS
    return (whole + Decimal(f"0.{groups[-1]}"),)


def _one_mark(
    whole: str, fraction: str, grouped: Decimal | None, decimals: int
) -> tuple[Decimal, ...] | Problem:
    """`1,000` and its like: a group, a decimal part, or either."""
    if whole != "0" and whole.startswith("0"):
        return Problem.NOT_A_NUMBER
    plain = Decimal(f"{whole}.{fraction[:decimals]}")
    if grouped is not None:
        # Three digits cannot all be decimals of ours; with zeros at the end they still may be
        # meant so. Only a rival reading excuses more digits than the currency has.
        fits = decimals > 0 and len(fraction.rstrip("0")) <= decimals
        return (grouped, plain) if fits else (grouped,)
    return (plain,) if len(fraction) <= decimals else Problem.TOO_MANY_DECIMALS


def _whole(digits: str) -> tuple[Decimal, ...] | Problem:
    if digits.startswith("0") and digits.strip("0"):
        return Problem.NOT_A_NUMBER  # 050: a slip for 50, 0.50 or something else
    return (Decimal(digits),)


def _grouped(groups: list[str], mark: str, currency: str | None) -> Decimal | None:
    first, *middle, last = groups
    if first.startswith("0") or len(last) != _GROUP:
        return None
    widths = {len(group) for group in middle}
    if len(first) <= _GROUP and widths <= {_GROUP}:
        return Decimal("".join(groups))
    if currency == "INR" and mark == "," and len(first) < _GROUP and widths == {_GROUP - 1}:
        return Decimal("".join(groups))
    return None
