"""What a step of the reconciler says: the record as it should be now, and when to go on."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.invoice import Invoice


@dataclass(frozen=True, slots=True)
class Next:
    """`pause` False: store and take the next step at once, under the same lease.

    Otherwise store, give the lease back and come again at `until`, or never when it is None.
    """

    invoice: Invoice
    pause: bool = False
    until: datetime | None = None


def go_on(invoice: Invoice) -> Next:
    """Store and take the next step."""
    return Next(invoice)


def wait(invoice: Invoice, until: datetime | None) -> Next:
    """Store and come again later, or never."""
    return Next(invoice, pause=True, until=until)
