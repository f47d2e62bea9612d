"""The audit trail: who did what that counts. An entry tells it in a few fixed fields.

An entry's id follows from what was done, an update's number or an invoice's id, so the same deed
written twice is one entry. It is written in the same script as the deed wherever both lie in one
slot; where they do not, after the deed and before its update counts as handled, so that what died
between comes again and writes it then.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.invoice import Invoice

PAGE: Final = 10  # entries


class Deed(StrEnum):
    """What was done. `who` did it; `invoice`, `whom`, `chat` and `what` say to what."""

    ISSUED = "issued"  # an invoice, in a chat
    REST = "rest"  # an invoice for the rest of another one
    CANCEL = "cancel"  # an invoice is to be cancelled, if it can be still
    ACCEPT = "accept"  # an invoice is to count as it is
    INVITED = "invited"  # `what`: role and label
    ADMITTED = "admitted"  # oneself, by an invite of `whom`; `what`: role and label
    ROLE = "role"  # `whom` has another role now; `what`: role and label
    REMOVED = "removed"  # `whom`; `what`: the former role and label
    SETTING = "setting"  # of a chat; `what`: its name and value
    EXPORTED = "exported"  # of a chat; `what`: first and last day
    FED = "fed"  # an update that had been set aside; `what`: its number
    DROPPED = "dropped"  # the same


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. `what` has words apart by a space, the last of which may have spaces in it."""

    id: str
    deed: Deed
    who: int
    at: datetime
    invoice: str = ""
    whom: int = 0
    chat: int = 0
    what: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the trail, newest first: below the entry of `at` (ms since the epoch), and among
    those of the same moment below `after`, the entry's id and that of its invoice."""

    at: int
    after: str


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of the trail, newest first. `older` leads on; None at the end. `invoices` are those
    that its entries name, as they are now."""

    entries: tuple[Entry, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    older: Spot | None = None


def of_update(update_id: int) -> str:
    """The id of the entry of what an update led to."""
    return f"u{update_id}"


def issued(invoice: Invoice) -> Entry:
    """The entry of an invoice that is being asked for."""
    deed = Deed.ISSUED if invoice.rest_of is None else Deed.REST
    return Entry(
        "i", deed, invoice.seller_id, invoice.asked_at, invoice=invoice.id, chat=invoice.chat_id
    )
