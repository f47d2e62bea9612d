"""Periods of an export."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.periods import Period, read_period

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2026-03-01", "2026-03-01"),
        (" 7 ", "2026-02-23", "2026-03-01"),
        ("Week", "2026-02-23", "2026-03-01"),
        ("1", "2026-03-01", "2026-03-01"),
        ("year", "2025-03-02", "2026-03-01"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-12", "2025-12-01", "2025-12-31"),
        ("2026-02-03", "2026-02-03", "2026-02-03"),
        ("2026-02-03  2026-02-10", "2026-02-03", "2026-02-10"),
    ],
)
def test_it_is_read(text: str, first: str, last: str) -> None:
    period = read_period(text, TODAY)
    assert period == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-3",
        "1000",
        "²",
        "yesterday",
        "2026-13",
        "2026-02-30",
        "2026-W10-1",
        "20260201",
        "2026-02-10 2026-02-03",
        "2020-01-01 2026-01-01",
        "1 2",
        "2026-02 2026-03",
        "9999-12",
        "0001-01",
        "1999-12-31",
        "2026-02-03 2026-02-04 2026-02-05",
        "٢٠٢٦-٠٢",
    ],
)
def test_it_is_refused(text: str) -> None:
    assert read_period(text, TODAY) is None


def test_its_days_are_whole() -> None:
    period = Period(date(2026, 2, 28), date(2026, 2, 28))
    assert period.start == datetime(2026, 2, 28, tzinfo=UTC)
    assert period.end == datetime(2026, 3, 1, tzinfo=UTC)


@given(st.text(st.sampled_from("0123456789- W"), max_size=24) | st.text(max_size=12))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    period = read_period(text, TODAY)
    if period is not None:
        assert period.start < period.end
