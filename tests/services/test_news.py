"""Whatever the provider answers, in whatever order and how often: news rings once, never back."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cards import Card
from bot.domain.errors import DeliveryUnsure, NotDelivered
from bot.domain.invoice import TRANSITIONS, Face, Invoice, Status
from bot.domain.progress import progressed
from bot.domain.provider import ProviderInvoice
from bot.services.ports import Pace
from bot.services.showing import Showing

BORN = datetime(2026, 10, 1, 12, tzinfo=UTC)
OPEN = Invoice(
    id="a" * 20,
    status=Status.CREATED,
    amount=Decimal(50),
    currency="EUR",
    chat_id=1,
    seller_id=1,
    asked_at=BORN,
    language="en",
    uuid="INV-TEST0001",
    link="https://example.com/pay",
    coin="USDT_TRC20",
    amount_to_pay=Decimal(55),
    since=BORN,
    expires=BORN + timedelta(hours=1),
    announced=Face.CREATED,
    cards=(Card(1, 1),),
)
WORDS = ["created", "partial", "paid", "overpaid", "canceled", "on_hold"]
GROWS = {Face.PARTIAL, Face.LATE}  # these ring again when more money comes


@dataclass(frozen=True)
class Ring:
    face: Face
    paid: Decimal | None


class Chat:
    """Hears what rings; now and then Telegram says to wait, or does not say what it did."""

    def __init__(self, troubles: Sequence[type[Exception] | None]) -> None:
        self.rings: list[Ring] = []
        self._troubles = list(troubles)

    async def send(self, invoice: Invoice) -> Card:
        raise NotImplementedError

    async def edit(self, invoice: Invoice, card: Card) -> None:
        """Edits can be repeated freely."""

    async def working(self, invoice: Invoice) -> None:
        raise NotImplementedError

    async def ring(self, invoice: Invoice, *, repeated: bool) -> None:
        trouble = self._troubles.pop() if self._troubles else None
        ring = Ring(invoice.face, invoice.paid)
        if trouble is NotDelivered:
            raise NotDelivered("later", 1)
        if trouble is DeliveryUnsure:
            raise DeliveryUnsure("perhaps")
        if not repeated:
            self.rings.append(ring)

    async def remind(self, invoice: Invoice, card: Card | None) -> None:
        raise NotImplementedError


class NoCards:
    """Nobody else has a card of it."""

    async def cards(self, invoice_id: str) -> list[Card]:
        return []

    async def remove_card(self, invoice_id: str, card: Card) -> None:
        raise NotImplementedError


class Desk:
    """One invoice on its way: answers go in, rings come out, as the reconciler has it."""

    def __init__(self, first: Invoice, troubles: Sequence[type[Exception] | None] = ()) -> None:
        self.chat = Chat(troubles)
        self.invoice = first
        self.now = BORN
        self.showing = Showing(self.chat, NoCards(), Pace(), lambda: self.now)
        self.seen = [first]

    def answered(self, told: ProviderInvoice) -> None:
        self.invoice = progressed(self.invoice, told, self.now)
        self.seen.append(self.invoice)

    def accept(self) -> None:
        if self.invoice.status in (Status.SHORT, Status.LATE):
            self.invoice = replace(self.invoice, accepted=True)

    async def shown(self, steps: int = 20) -> None:
        """Until nothing is left to be told."""
        for _ in range(steps):
            if not self.showing.is_behind(self.invoice):
                return
            rings = self.showing.sends(self.invoice)
            self.invoice = (await self.showing.edit(self.invoice)).invoice
            if rings:
                self.invoice = self.showing.announce_send(self.invoice).invoice
                if self.invoice.showing:
                    self.invoice = (await self.showing.send(self.invoice)).invoice
        raise AssertionError("it never ends")


def told(word: str, paid: int | None) -> ProviderInvoice:
    money = None if paid is None else Decimal(paid)
    return ProviderInvoice(
        uuid=OPEN.uuid, status=word, link=OPEN.link, amount_paid=money, received=money
    )


answers = st.builds(told, st.sampled_from(WORDS), st.none() | st.integers(0, 60))


@st.composite
def true_stories(draw: st.DrawFn) -> list[ProviderInvoice]:
    """What really can happen there, each answer doubled, delayed or swapped with others."""
    sums = draw(st.lists(st.integers(1, 40), max_size=3))
    story, paid, ended = [told("created", 0)], 0, False
    for one in sums:
        if draw(st.booleans()) and not paid:
            ended = True
            story.append(told("canceled", 0))
        paid += one
        word = "partial" if paid < 55 else "paid" if paid == 55 else "overpaid"
        story.append(told("canceled" if ended else word, paid))
    heard = [one for one in story for _ in range(draw(st.integers(1, 3)))]
    order = draw(st.permutations(range(len(heard))))
    late_by = draw(st.integers(0, 3))  # how far an answer may fall behind those after it
    return [heard[n] for n in sorted(range(len(heard)), key=lambda n: n + order[n] % (late_by + 1))]


turns = st.tuples(
    answers,
    st.timedeltas(timedelta(0), timedelta(minutes=40)),
    st.booleans(),  # shown before the next answer
    st.booleans(),  # accepted by the seller before it
)
troubles = st.lists(st.sampled_from([None, None, NotDelivered, DeliveryUnsure]), max_size=8)


async def told_all(
    steps: Sequence[tuple[ProviderInvoice, timedelta, bool, bool]],
    bad_luck: Sequence[type[Exception] | None] = (),
) -> Desk:
    desk = Desk(OPEN, bad_luck)
    for answer, passes, shown, accepted in steps:
        desk.now += passes
        desk.answered(answer)
        if shown:
            await desk.shown()
        if accepted:
            desk.accept()
    await desk.shown()
    return desk


def hold(desk: Desk) -> None:
    """What is promised of news."""
    for before, after in pairwise(desk.seen):
        assert after.status in TRANSITIONS[before.status] | {before.status}
        assert (after.paid or 0) >= (before.paid or 0)
        assert (after.received or 0) >= (before.received or 0)
    rings = desk.chat.rings
    assert all(n == 1 for n in Counter(rings).values())
    assert all(n == 1 for face, n in Counter(r.face for r in rings).items() if face not in GROWS)
    for earlier, later in pairwise(rings):
        assert (later.paid or 0) >= (earlier.paid or 0)
        assert later.face is earlier.face or Status(later.face) in reachable(Status(earlier.face))
    assert desk.invoice.told == desk.invoice.paid
    assert desk.invoice.announced is desk.invoice.face


def reachable(status: Status) -> set[Status]:
    found: set[Status] = set()
    left = [status]
    while left:
        for following in TRANSITIONS[left.pop()] - found:
            found.add(following)
            left.append(following)
    return found


@given(st.lists(turns, max_size=10), troubles)
def test_whatever_is_answered_news_rings_once_and_money_never_goes_back(
    steps: list[tuple[ProviderInvoice, timedelta, bool, bool]],
    bad_luck: list[type[Exception] | None],
) -> None:
    hold(asyncio.run(told_all(steps, bad_luck)))


@given(true_stories(), st.data())
def test_what_really_happens_rings_once_however_it_is_delivered(
    story: list[ProviderInvoice], data: st.DataObject
) -> None:
    passes = st.timedeltas(timedelta(0), timedelta(minutes=40))
    steps = [(one, data.draw(passes), data.draw(st.booleans()), False) for one in story]
    desk = asyncio.run(told_all(steps))
    hold(desk)
    paid = max((one.amount_paid or Decimal(0) for one in story), default=Decimal(0))
    assert (desk.invoice.paid or 0) == paid, "all that was sent is known in the end"
    assert bool(desk.chat.rings) or not paid, "and no payment is passed over in silence"


def test_money_rings_again_only_where_more_of_it_comes() -> None:
    hour = timedelta(hours=1, minutes=2)
    none = timedelta(0)
    steps = [
        (told("partial", 20), none, True, False),
        (told("partial", 20), none, True, False),
        (told("partial", 30), none, True, False),
        (told("partial", 20), none, True, False),
        (told("partial", 30), hour, True, True),
        (told("partial", 30), none, True, False),
        (told("partial", 55), none, True, True),
        (told("created", None), none, True, False),
    ]
    desk = asyncio.run(told_all(steps))
    assert desk.chat.rings == [
        Ring(Face.PARTIAL, Decimal(20)),
        Ring(Face.PARTIAL, Decimal(30)),
        Ring(Face.SHORT, Decimal(30)),
        Ring(Face.LATE, Decimal(55)),
    ]
    assert desk.invoice.accepted


def test_an_amount_that_is_told_after_the_news_does_not_ring_again() -> None:
    """Every field of an answer is optional: the first may say only that it was paid in part."""
    steps = [(told("partial", n), timedelta(0), True, False) for n in (None, 20, 30)]
    desk = asyncio.run(told_all(steps))
    assert desk.chat.rings == [Ring(Face.PARTIAL, None), Ring(Face.PARTIAL, Decimal(30))]
