"""An invoice: what was asked for, what the provider made of it, and what people were shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.domain.cards import Card


class Status(StrEnum):
    """Where an invoice stands. The record is also the to-do list: see `services/reconciler`."""

    CREATING = "creating"
    CREATED = "created"
    REFUSED = "refused"
    PARTIAL = "partial"
    PAID = "paid"
    OVERPAID = "overpaid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SHORT = "short"  # its time ended when only a part had been paid
    LATE = "late"  # money came after it had ended


_ENDINGS = frozenset(
    {
        Status.PARTIAL,
        Status.PAID,
        Status.OVERPAID,
        Status.EXPIRED,
        Status.CANCELLED,
        Status.SHORT,
        Status.LATE,
    }
)

# The only ways a status may change; storage compares before it sets. Money is never unseen again:
# nothing leads from what was paid to what was not.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.CREATING: frozenset({Status.CREATED, Status.REFUSED}),
    Status.REFUSED: frozenset(),
    Status.CREATED: _ENDINGS,
    Status.PARTIAL: frozenset({Status.PAID, Status.OVERPAID, Status.SHORT, Status.LATE}),
    Status.PAID: frozenset({Status.OVERPAID}),
    Status.OVERPAID: frozenset(),
    Status.EXPIRED: frozenset({Status.LATE}),
    Status.CANCELLED: frozenset({Status.LATE}),
    Status.SHORT: frozenset({Status.LATE}),
    Status.LATE: frozenset(),
}


class Face(StrEnum):
    """What a card says of its invoice. People see more than the status while it is being made,
    and less of what was accepted as it is."""

    NONE = ""
    WAITING = "waiting"
    CHECKING = "checking"
    CREATED = "created"
    REFUSED = "refused"
    PARTIAL = "partial"
    PAID = "paid"
    OVERPAID = "overpaid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SHORT = "short"
    LATE = "late"
    ACCEPTED = "accepted"


class Stale(StrEnum):
    """Which cards do not say yet what the record says, its face and its money apart."""

    NONE = ""
    OTHERS = "others"  # all but the seller's own, which are edited with the face
    ALL = "all"


class Wish(StrEnum):
    """What a person or a postback wants done about an invoice, beside its own schedule."""

    LOOK = "look"  # ask the provider now
    CANCEL = "cancel"
    ACCEPT = "accept"
    REST = "rest"  # note the invoice that asks for the rest: what follows the dot is its id there


class Bucket(StrEnum):
    """Where a list of invoices shows it."""

    NONE = ""
    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class RestOf:
    """The invoice whose rest another one asks for: our id, and the provider's."""

    id: str
    uuid: str


@dataclass(frozen=True)  # without slots, for `revised`
class Invoice:
    """One record. Times are aware UTC; `amount` is in major units of `currency`.

    `attempt_at` is stored before the provider is called and `attempt_ended` when an unsure ending
    was seen; both are cleared when it is certain that nothing happened there. `absent_since` is the
    begin of the first complete walk that did not find it. `retry_at` is when the provider, which
    was not reached or asked to wait, is called again. `showing` counts sends whose fate is not
    known, and `repeated` tells that the card may stand in the chat twice.

    `paid` and `received` are in units of `coin`: what the payer sent and what is left of it for the
    shop; `fees` what the provider took. `remaining` is what the payer still has to send. `told` is
    the `paid` that was announced. `since` is when the status was noted. `word` is the provider's
    own for a status that we do not know. `hint` is a wish and a nonce, written by whoever wishes
    without a lease. `remind` is how long before its end the reminder goes out. `cashier`: the one
    who issued it may not cancel it. `rest` is the provider's id of the invoice that asks for the
    rest of this one, which has `rest_of`.
    """

    id: str
    status: Status
    amount: Decimal
    currency: str
    chat_id: int
    seller_id: int
    asked_at: datetime
    language: str
    thread_id: int | None = None
    reply_to: int | None = None
    coins: tuple[str, ...] = ()
    lifetime: timedelta | None = None
    order: str | None = None
    email: str | None = None
    description: str = ""
    issuer: str = ""

    attempt_at: datetime | None = None
    attempt_ended: datetime | None = None
    absent_since: datetime | None = None
    waiting: bool = False
    retry_at: datetime | None = None
    refusal: str = ""

    uuid: str = ""
    link: str = ""
    address: str = ""
    coin: str = ""
    amount_to_pay: Decimal | None = None
    detailed: bool = False
    expires: datetime | None = None
    project: str = ""
    test_mode: bool = False
    twins_until: datetime | None = None

    paid: Decimal | None = None
    received: Decimal | None = None
    fees: Decimal | None = None
    remaining: Decimal | None = None
    since: datetime | None = None
    word: str = ""
    accepted: bool = False
    rest: str = ""
    rest_of: RestOf | None = None
    cashier: bool = False
    hint: str = ""
    remind: timedelta | None = None
    reminded: bool = False

    told: Decimal | None = None
    stale: Stale = Stale.NONE
    indexed: Bucket = Bucket.NONE
    announced: Face = Face.NONE
    showing: int = 0
    repeated: bool = False
    cards: tuple[Card, ...] = ()

    @property
    def order_id(self) -> str:
        """What the provider is given to tell invoices apart: the seller's number, `~`, our id."""
        return f"{self.order}~{self.id}" if self.order else self.id

    @property
    def face(self) -> Face:
        """What its cards should say now."""
        if self.status is Status.CREATING:
            if self.attempt_ended is not None:
                return Face.CHECKING
            return Face.WAITING if self.waiting else Face.NONE
        return Face.ACCEPTED if self.accepted else Face(self.status)

    @property
    def wish(self) -> Wish | None:
        """What the hint asks for."""
        return Wish(self.hint.partition(".")[0]) if self.hint else None

    @property
    def wish_about(self) -> str:
        """What the hint says beside that: the provider's id of the invoice for the rest."""
        return self.hint.partition(".")[2].partition("+")[0]

    @property
    def is_open(self) -> bool:
        """Whether it can still be paid in time."""
        return self.status in (Status.CREATED, Status.PARTIAL)

    @property
    def bucket(self) -> Bucket:
        """Which list it belongs to. What was never created is in none."""
        if self.status in (Status.CREATING, Status.REFUSED):
            return Bucket.NONE
        if self.is_open:
            return Bucket.OPEN
        won = self.accepted or self.status in (Status.PAID, Status.OVERPAID, Status.LATE)
        return Bucket.PAID if won else Bucket.EXPIRED


def id_in_order(order_id: str | None) -> str:
    """The id of ours that an `order_id` at the provider carries, or what stands in its place."""
    return (order_id or "").rpartition("~")[2]
