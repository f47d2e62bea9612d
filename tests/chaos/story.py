"""What one seller does with one invoice, as people do it: by sending, tapping and looking."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.domain.invoice import Face
from bot.sandbox.cryptocloud import Invoice as Theirs
from bot.sandbox.telegram import Message, Person, Sent
from tests.chaos.world import ChaosWorld

PATIENCE: Final = 60.0  # seconds that people wait; the bot may be killed a few times meanwhile
HALF: Final = Decimal("0.5")
MORE: Final = Decimal("1.25")

_CARD: Final = re.compile(r"^\S+ [\d.,]+\sEUR · (?P<state>[^·]+)")
_UUID: Final = re.compile(r"\bINV-\w+")
_STATES: Final = {
    "waiting for payment": Face.CREATED,
    "paid in part": Face.PARTIAL,
    "paid": Face.PAID,
    "overpaid": Face.OVERPAID,
    "expired": Face.EXPIRED,
    "cancelled": Face.CANCELLED,
    "time is over, paid in part": Face.SHORT,
    "paid late": Face.LATE,
    "accepted as it is": Face.ACCEPTED,
    "CryptoCloud cannot be reached": Face.WAITING,
    "checking with the provider": Face.CHECKING,
    "not created": Face.REFUSED,
    "being created…": Face.NONE,
    "being cancelled…": Face.CREATED,
}


class Way(StrEnum):
    """How an invoice goes on after its card."""

    FULL = "paid"
    PART = "paid in part"
    REST = "paid in part, then the rest"
    OVER = "overpaid"
    EXPIRED = "expired"
    LATE = "expired, then paid"
    CANCELLED = "cancelled here"
    CANCELLED_THERE = "cancelled at the provider"
    OPEN = "left open"


# What the card says in the end, and the message that must have come.
ENDS: Final[dict[Way, tuple[Face, str]]] = {
    Way.FULL: (Face.PAID, "was paid."),
    Way.PART: (Face.PARTIAL, "A part of"),
    Way.REST: (Face.PAID, "was paid."),
    Way.OVER: (Face.OVERPAID, "more than that"),
    Way.EXPIRED: (Face.EXPIRED, "expired unpaid"),
    Way.LATE: (Face.LATE, "after its time had ended"),
    Way.CANCELLED: (Face.CANCELLED, ""),
    Way.CANCELLED_THERE: (Face.CANCELLED, ""),
    Way.OPEN: (Face.CREATED, ""),
}


NEWS: Final = (
    *(words for _, words in ENDS.values() if words),
    "The time to pay",
    "was not created after all",
)


@dataclass
class Story:
    """`token` is the order number, by which everybody tells the invoice from all others."""

    world: ChaosWorld
    person: Person
    token: str
    way: Way
    talks: bool = False
    refreshes: bool = False
    buyer: Person | None = None
    dropped: int = 0  # replies to a card's sending
    struck: int = 0  # kills between the sending and the noting of a message
    asked: Sent | None = None
    waits_for_card: bool = False  # to be struck after it has its card
    in_vain: bool = False  # what became of a message was unknown twice: it is not sent again

    @property
    def cards(self) -> list[Message]:
        """The messages that show the invoice to its seller, oldest first."""
        return [one for one in self.person.messages() if one.from_bot and is_card(one)]

    @property
    def news(self) -> list[Message]:
        """The messages that rang."""
        told = (one for one in self.person.messages() if one.from_bot and not is_card(one))
        return [one for one in told if any(words in one.text for words in NEWS)]

    @property
    def sent_as(self) -> set[Face]:
        """What cards said when they were new: such a card is news, too."""
        texts = (
            str(event.message.get("text", ""))
            for event in self.world.telegram.events
            if event.what == "sent" and event.by_bot and event.chat_id == self.person.id
        )
        return {face for text in texts if (face := face_of(text)) is not None}

    @property
    def theirs(self) -> list[Theirs]:
        """What the provider has of it."""
        orders = ((one, one.order.order_id or "") for one in self.world.cloud.invoices)
        return [one for one, order in orders if order.startswith(f"{self.token}~")]

    @property
    def id(self) -> str:
        """Ours, once the provider knows it."""
        return next(((one.order.order_id or "").rpartition("~")[2] for one in self.theirs), "")

    @property
    def uuid(self) -> str:
        """The provider's, as the last card has it."""
        found = (_UUID.search(card.text) for card in reversed(self.cards))
        return next((match[0] for match in found if match), "")

    @property
    def words(self) -> tuple[str, ...]:
        """What whatever is about this invoice mentions."""
        return tuple(filter(None, (str(self.person.id), self.token, self.uuid, self.id)))

    async def ask(self) -> None:
        """Until the card is there."""
        line = f"50 EUR usdt trc20 #{self.token}"
        if self.talks:
            self.asked = await self.person.send(line)
            await until(self._created)
        else:
            self.asked = await self.person.send(f"/invoice {line}")
        await until(lambda: self.face() is Face.CREATED and bool(self.uuid))
        if self.buyer is not None:
            link = f"https://t.me/{self.world.telegram.bot_username}?start={self.id}"
            await self.buyer.open(link)

    async def _created(self) -> bool:
        """Tap *Create* on whatever summary stands there; whether a card came of it."""
        if self.cards:
            return True
        for message in self.person.messages():
            if message.from_bot and message.labels[:1] == ["Create"]:
                await self.person.tap("Create", message=message.id, times=2)
                await asyncio.sleep(0.5)
        return bool(self.cards)

    async def go_on(self) -> None:
        """Whatever happens next, until the card says so."""
        ledger, uuid = self.world.cloud.ledger, self.uuid
        match self.way:
            case Way.FULL:
                ledger.pay(uuid)
            case Way.PART:
                ledger.pay(uuid, HALF)
            case Way.REST:
                ledger.pay(uuid, HALF)
                await self._shows(Face.PARTIAL)
                ledger.pay(uuid)
            case Way.OVER:
                ledger.pay(uuid, MORE)
            case Way.EXPIRED:
                ledger.expire(uuid)
            case Way.LATE:
                ledger.expire(uuid)
                await self._shows(Face.EXPIRED)
                ledger.pay(uuid)
            case Way.CANCELLED:
                await until(self._cancelled)
            case Way.CANCELLED_THERE:
                ledger.cancel(uuid)
        await self._shows(ENDS[self.way][0])

    async def _shows(self, face: Face) -> None:
        if self.refreshes and "Refresh" in self.cards[-1].labels:
            await self.person.tap("Refresh", message=self.cards[-1].id)
        await until(lambda: self.face() is face)

    async def _cancelled(self) -> bool:
        """Tap whatever leads to it; whether it was reached."""
        card = self.cards[-1]
        for label in ("Yes, cancel the invoice", "Cancel"):
            if label in card.labels:
                await self.person.tap(label, message=card.id)
                await asyncio.sleep(0.3)
                break
        return self.face() is Face.CANCELLED

    def face(self) -> Face | None:
        """What the last card says."""
        return face_of(self.cards[-1].text) if self.cards else None

    def __str__(self) -> str:
        return f"{self.token} ({self.way})"


def is_card(message: Message) -> bool:
    """Whether it shows the state of an invoice."""
    return face_of(message.text) is not None


def face_of(text: str) -> Face | None:
    """What a card claims; None for another message. KeyError for what no card of ours says."""
    match = _CARD.match(text.partition("\n")[0])
    return _STATES[match["state"].strip()] if match is not None else None


async def until(holds: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
    """Look again and again, as people do."""
    async with asyncio.timeout(PATIENCE):
        while True:
            held = holds()
            if held if isinstance(held, bool) else await held:
                return
            await asyncio.sleep(0.03)
