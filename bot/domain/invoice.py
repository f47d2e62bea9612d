"""An invoice: what was asked for, what the provider made of it, and what people were shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """Where an invoice stands. The record is also the to-do list: see `services/reconciler`."""

    CREATING = "creating"
    CREATED = "created"
    REFUSED = "refused"


# The only ways a status may change; storage compares before it sets.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.CREATING: frozenset({Status.CREATED, Status.REFUSED}),
    Status.CREATED: frozenset(),
    Status.REFUSED: frozenset(),
}


class Face(StrEnum):
    """What a card says of its invoice. People see more than the status while it is being made."""

    NONE = ""
    WAITING = "waiting"
    CHECKING = "checking"
    CREATED = "created"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Card:
    """A message that shows an invoice and is edited as the invoice lives."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Invoice:
    """One record. Times are aware UTC; `amount` is in major units of `currency`.

    `attempt_at` is stored before the provider is called and `attempt_ended` when an unsure ending
    was seen; both are cleared when it is certain that nothing happened there. `absent_since` is the
    begin of the first complete walk that did not find it. `retry_at` is when the provider, which
    was not reached or asked to wait, is called again. `showing` counts sends whose fate is not
    known, and `repeated` tells that the card may stand in the chat twice.
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

    attempts: int = 0
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
        if self.status is Status.CREATED:
            return Face.CREATED
        if self.status is Status.REFUSED:
            return Face.REFUSED
        if self.attempt_ended is not None:
            return Face.CHECKING
        return Face.WAITING if self.waiting else Face.NONE


def id_in_order(order_id: str | None) -> str:
    """The id of ours that an `order_id` at the provider carries, or what stands in its place."""
    return (order_id or "").rpartition("~")[2]
