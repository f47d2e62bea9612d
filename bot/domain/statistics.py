"""What was issued and paid, in figures. Pure: it is fed invoices one by one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from bot.domain.invoice import Bucket, Invoice, Status
from bot.domain.progress import fiat

DAYS: Final = (1, 7, 30)  # today and so many days back, by UTC
TOP: Final = 3

# What their amount says is what came. Of the others only what the provider tells is counted.
_WHOLE: Final = (Status.PAID, Status.OVERPAID)


@dataclass(slots=True)
class Span:
    """Some days up to today. Sums are by currency and never added across them; `about` names those
    that hold amounts computed from what came in coins, and `unknown` counts paid invoices whose
    amount cannot be computed."""

    days: int
    issued: int = 0
    paid: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    about: set[str] = field(default_factory=set)
    unknown: int = 0
    coins: Counter[str] = field(default_factory=Counter)
    tests: int = 0

    @property
    def conversion(self) -> int | None:
        """Percent of the issued ones that were paid; None of none."""
        return round(100 * self.paid / self.issued) if self.issued else None


@dataclass(slots=True)
class Statistics:
    """The spans, and issued and paid invoices for each of the last 30 days, oldest first."""

    today: date
    spans: tuple[Span, ...] = ()
    issued: dict[date, int] = field(default_factory=dict)
    paid: dict[date, int] = field(default_factory=dict)

    @classmethod
    def begun(cls, now: datetime) -> "Statistics":
        """Nothing counted yet."""
        today = now.astimezone(UTC).date()
        days = [today - timedelta(days=back) for back in reversed(range(max(DAYS)))]
        spans = tuple(Span(days) for days in DAYS)
        return cls(today, spans, dict.fromkeys(days, 0), dict.fromkeys(days, 0))

    @property
    def begin(self) -> datetime:
        """From when on invoices are wanted."""
        return datetime.combine(min(self.issued), datetime.min.time(), UTC)

    def add(self, invoices: Iterable[Invoice]) -> None:
        """Count them, by the day on which they were issued."""
        for invoice in invoices:
            day = invoice.asked_at.astimezone(UTC).date()
            if day not in self.issued:
                continue
            if not invoice.test_mode:
                self.issued[day] += 1
                self.paid[day] += invoice.bucket is Bucket.PAID
            for span in self.spans:
                if day > self.today - timedelta(days=span.days):
                    _count(span, invoice)


def _count(span: Span, invoice: Invoice) -> None:
    if invoice.test_mode:
        span.tests += 1
        return
    span.issued += 1
    if invoice.bucket is not Bucket.PAID:
        return
    span.paid += 1
    if invoice.coin:
        span.coins[invoice.coin] += 1
    whole = invoice.status in _WHOLE
    came = invoice.amount if whole else fiat(invoice, invoice.paid)
    if came is None:
        span.unknown += 1
        return
    if not whole:
        span.about.add(invoice.currency)
    span.sums[invoice.currency] = span.sums.get(invoice.currency, Decimal(0)) + came
