"""When an invoice is looked at again: often while young and near its end, seldom between.

Moments are rounded up to a grid, so that invoices fall due together and share calls.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.invoice import Invoice, Status
from bot.services.ports import Pace

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

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
    return None if span is None else _on_grid(now + span, span / 4)


def interval(invoice: Invoice, now: datetime, pace: Pace) -> timedelta | None:
    """How long to wait between two looks, as things stand."""
    look = pace.look
    if invoice.is_open:
        ends = invoice.expires
        near = ends is not None and ends - NEAR <= now <= ends + NEAR
        age = now - invoice.asked_at
        if age < YOUNG:
            return look
        return look * (SOON if near or age < YOUNGISH else BETWEEN)
    if invoice.status not in (Status.EXPIRED, Status.CANCELLED, Status.SHORT, Status.LATE):
        return None
    ended = now - (invoice.since or invoice.asked_at)
    if ended >= pace.late:
        return None
    return look * (BETWEEN if ended < YOUNGISH else SELDOM)


def _on_grid(moment: datetime, grid: timedelta) -> datetime:
    """The first multiple of `grid` since the epoch that is not before `moment`."""
    return moment + (_EPOCH - moment) % grid
