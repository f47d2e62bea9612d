"""When an invoice is looked at again: often while young and near its end, seldom between.

Moments are rounded to a grid, so that invoices fall due together and share calls: whatever their
intervals, the calls of one moment are full but for the last.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.invoice import Invoice, Status
from bot.services.ports import Pace

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING: Final = timedelta(0)
_MAY_BE_PAID_LATE: Final = (Status.EXPIRED, Status.CANCELLED, Status.SHORT, Status.LATE)

YOUNG: Final = timedelta(minutes=10)
YOUNGISH: Final = timedelta(hours=1)
NEAR: Final = timedelta(minutes=10)  # before and after the end

# Multiples of `Pace.look`: with its 15 s, 1 minute, 5 minutes, 30 minutes.
SOON: Final = 4
BETWEEN: Final = 20
SELDOM: Final = 120


def next_look(invoice: Invoice, now: datetime, pace: Pace) -> datetime | None:
    """When to ask the provider about it again; None when nothing can come any more."""
    span = interval(invoice, now, pace)
    if span is None:
        return None
    if invoice.is_open and invoice.expires is not None:
        # Before its end it is looked at more often than the interval of now would have it.
        near = invoice.expires - NEAR - now
        span = min(span, max(near, pace.look * SOON)) if near > _NOTHING else span
    return _on_grid(now + span, pace.look)


def interval(invoice: Invoice, now: datetime, pace: Pace) -> timedelta | None:
    """How long to wait between two looks, as things stand."""
    look = pace.look
    if invoice.is_open:
        ends = invoice.expires
        near = ends is not None and ends - NEAR <= now <= ends + NEAR
        age = now - invoice.asked_at
        if age < YOUNG:
            return look
        if ends is not None and now >= ends + pace.late:
            return look * SELDOM  # the provider does not end it, and we do not guess
        return look * (SOON if near or age < YOUNGISH else BETWEEN)
    if not can_change(invoice):
        return None
    ended = now - (invoice.since or invoice.asked_at)
    if ended >= pace.late:
        return None
    return look * (BETWEEN if ended < YOUNGISH else SELDOM)


def can_change(invoice: Invoice) -> bool:
    """Whether the provider may still have news of it."""
    return invoice.is_open or invoice.status in _MAY_BE_PAID_LATE


def _on_grid(moment: datetime, grid: timedelta) -> datetime:
    """The multiple of `grid` since the epoch that is nearest to `moment`.

    Rounded up, every look would come later than meant by the time that the one before it took.
    """
    return moment + grid / 2 - (moment + grid / 2 - _EPOCH) % grid
