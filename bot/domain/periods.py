"""Reads the period of an export: "today", "7", "2026-10", "2026-10-01 2026-10-31"; days by UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 9000
LONGEST: Final = timedelta(days=3 * 366)

_DAYS: Final = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
_WORDS: Final = {"today": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True)
class Period:
    """Whole UTC days, `first` and `last` inclusive."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The moment it begins."""
        return datetime.combine(self.first, datetime.min.time(), UTC)

    @property
    def end(self) -> datetime:
        """The moment after it."""
        return datetime.combine(self.last + timedelta(days=1), datetime.min.time(), UTC)


def read_period(text: str, today: date) -> Period | None:
    """None for what is no period, or one that ends before it begins or is too long."""
    words = text.lower().split()
    if len(words) == 1:
        return _one(words[0], today)
    if len(words) != 2:  # noqa: PLR2004 - first and last
        return None
    first, last = _date(words[0]), _date(words[1])
    if first is None or last is None or first > last or last - first > LONGEST:
        return None
    return _within(Period(first, last))


def _one(word: str, today: date) -> Period | None:
    days = _WORDS.get(word) or (int(word) if _DAYS.fullmatch(word) else None)
    if days is not None:
        return Period(today - timedelta(days=days - 1), today)
    if _MONTH.fullmatch(word):
        first = _date(f"{word}-01")
        if first is None or first.year >= LAST_YEAR:
            return None
        following = (first + timedelta(days=31)).replace(day=1)
        return _within(Period(first, following - timedelta(days=1)))
    day = _date(word)
    return None if day is None else _within(Period(day, day))


def _within(period: Period) -> Period | None:
    """At the edges of the calendar there is no next day to end at."""
    sane = period.first.year >= FIRST_YEAR and period.last.year < LAST_YEAR
    return period if sane else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
