"""What the person at the pay page may do to an invoice in its present state."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.sandbox.cryptocloud.ledger import Invoice, Ledger, NotOpenError, Status

_PART: Final = Decimal("0.5")
_TOO_MUCH: Final = Decimal("1.25")


class Deed(StrEnum):
    """Ways for an invoice to go."""

    FULL = "full"  # or the rest, after a part
    PART = "part"
    MORE = "more"
    LATE = "late"
    CANCEL = "cancel"


_OPEN: Final = (Deed.FULL, Deed.PART, Deed.MORE, Deed.LATE, Deed.CANCEL)
_POSSIBLE: Final[Mapping[Status, tuple[Deed, ...]]] = {
    Status.CREATED: _OPEN,
    Status.PARTIAL: (Deed.FULL, Deed.MORE, Deed.LATE),
    Status.CANCELED: (Deed.LATE,),
    Status.PAID: (),
    Status.OVERPAID: (),
}


def possible(invoice: Invoice) -> tuple[Deed, ...]:
    """What can still be done; money needs a coin first, and nobody pays twice here."""
    if invoice.received >= invoice.due:
        return ()
    deeds = _POSSIBLE[invoice.status]
    return deeds if invoice.coin is not None else tuple(d for d in deeds if d is Deed.CANCEL)


def do(ledger: Ledger, invoice: Invoice, deed: Deed) -> None:
    """Do it. Raises NotOpenError when the invoice has moved on."""
    if deed not in possible(invoice):
        raise NotOpenError(invoice.uuid)
    ways: Mapping[Deed, Callable[[], object]] = {
        Deed.FULL: lambda: ledger.pay(invoice.uuid),
        Deed.PART: lambda: ledger.pay(invoice.uuid, _PART),
        Deed.MORE: lambda: ledger.pay(invoice.uuid, _TOO_MUCH),
        Deed.LATE: lambda: _late(ledger, invoice.uuid),
        Deed.CANCEL: lambda: ledger.cancel(invoice.uuid),
    }
    ways[deed]()


def _late(ledger: Ledger, uuid: str) -> None:
    ledger.expire(uuid)
    ledger.pay(uuid)
