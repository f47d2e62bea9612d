"""Figures of what was issued and paid."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.domain.invoice import Invoice, Status
from bot.domain.statistics import Span, Statistics

NOW = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
OPEN = Invoice("a" * 20, Status.CREATED, Decimal(50), "EUR", 1, 1, NOW, "en", coin="BTC")
PAID = replace(OPEN, status=Status.PAID, amount_to_pay=Decimal("0.001"), paid=Decimal("0.001"))


def spans(*invoices: Invoice) -> tuple[Span, ...]:
    figures = Statistics.begun(NOW)
    figures.add(invoices)
    return figures.spans


def ago(invoice: Invoice, **span: float) -> Invoice:
    return replace(invoice, asked_at=NOW - timedelta(**span))


def test_days_are_counted_by_utc() -> None:
    today, week, month = spans(
        ago(OPEN, minutes=20),
        ago(OPEN, minutes=40),
        ago(OPEN, days=6),
        ago(OPEN, days=7),
        ago(OPEN, days=29),
        ago(OPEN, days=30),
    )
    assert [span.issued for span in (today, week, month)] == [1, 3, 5]


def test_currencies_are_never_added_to_each_other() -> None:
    today, *_ = spans(PAID, PAID, replace(PAID, currency="USD", coin="USDT_TRC20"), OPEN)
    assert today.sums == {"EUR": Decimal(100), "USD": Decimal(50)}
    assert today.about == set()
    assert (today.issued, today.paid, today.conversion) == (4, 3, 75)
    assert today.coins.most_common(1) == [("BTC", 2)]


def test_what_came_late_or_was_accepted_counts_by_what_came() -> None:
    late = replace(PAID, status=Status.LATE, paid=Decimal("0.0004"))
    short = replace(PAID, status=Status.SHORT, accepted=True, paid=Decimal("0.0002"))
    today, *_ = spans(PAID, late, short, replace(short, accepted=False))
    assert today.sums == {"EUR": Decimal(50 + 20 + 10)}
    assert today.about == {"EUR"}
    assert (today.issued, today.paid) == (4, 3)


def test_a_sum_that_cannot_be_computed_is_not_guessed() -> None:
    today, *_ = spans(replace(PAID, status=Status.LATE, amount_to_pay=None))
    assert (today.paid, today.unknown, today.sums) == (1, 1, {})


def test_test_invoices_are_left_out() -> None:
    figures = Statistics.begun(NOW)
    figures.add([replace(PAID, test_mode=True), OPEN])
    today = figures.spans[0]
    assert (today.issued, today.paid, today.sums, today.tests) == (1, 0, {}, 1)
    assert sum(figures.issued.values()) == 1
    assert sum(figures.paid.values()) == 0


def test_nothing_has_no_conversion() -> None:
    assert all(span.conversion is None for span in spans())


def test_the_months_first_day_is_wanted_from_its_beginning() -> None:
    assert Statistics.begun(NOW).begin == datetime(2026, 1, 31, tzinfo=UTC)
