"""Whether every promise was kept, by what people, the provider and the store have in the end."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from bot.domain.invoice import Bucket, Invoice, Wish
from bot.sandbox.cryptocloud import Status
from bot.sandbox.telegram import Message
from bot.storage import keys
from tests.chaos.story import ENDS, Story, face_of, is_card
from tests.chaos.world import ChaosWorld

PROMISED: Final = 10.0  # seconds after which no card may be wrong
REPEATED: Final = "Repeated after an interruption"


@dataclass
class Verdict:
    """Names of stories, and what is wrong with each; `twice` and `repeated` are allowed in part."""

    asked: int = 0
    missing: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    twins: int = 0
    twice: int = 0
    twice_elsewhere: list[str] = field(default_factory=list)
    repeated: int = 0
    in_vain: int = 0

    @property
    def broken(self) -> list[str]:
        """The promises that were not kept, one a line."""
        bars = {
            "missing": self.missing,
            "doubled": self.doubled,
            "shown twice, and not struck": self.twice_elsewhere,
            "": self.other,
        }
        return [f"{name}: {one}".lstrip(": ") for name, many in bars.items() for one in many]

    def add(self, more: "Verdict") -> None:
        """Take in what another lane found."""
        self.asked += more.asked
        self.missing += more.missing
        self.doubled += more.doubled
        self.other += more.other
        self.twins += more.twins
        self.twice += more.twice
        self.twice_elsewhere += more.twice_elsewhere
        self.repeated += more.repeated
        self.in_vain += more.in_vain


async def recovered(world: ChaosWorld, stories: Sequence[Story]) -> list[str]:
    """Wait until no card is wrong, nothing is left to be told and no update to be delivered, but
    not longer than is promised. The cards that are wrong then.

    What comes before the next kill has to be over: two at the same point are another story.
    """
    until = time.monotonic() + PROMISED
    wrong = {story.token: story for story in stories}
    while True:
        records = {record.seller_id: record for record in await world.records()}
        found = {one.token: _wrong(one, records.get(one.person.id)) for one in wrong.values()}
        # What is right once may not become wrong again; the judge looks at all once more.
        wrong = {token: story for token, story in wrong.items() if found[token]}
        telling = any(record.showing or not _is_told(record) for record in records.values())
        pending = len(world.telegram.world.updates)
        if time.monotonic() > until or not (wrong or telling or pending):
            return [words for token in wrong for words in found[token]]
        await asyncio.sleep(0.05)


def _wrong(story: Story, record: Invoice | None) -> list[str]:
    """The cards that claim a state which the record does not have.

    Of a card that was sent twice only the bot's own is looked at: nobody can edit the other one.
    """
    if record is None:
        return []
    known = {card.message_id for card in record.cards}
    shown = [card for card in story.cards if card.id in known]
    if story.buyer is not None:
        shown += [one for one in story.buyer.messages() if one.from_bot and is_card(one)][-1:]
    return [
        f"{story}: “{card.text.splitlines()[0]}” where the record is {record.face}"
        for card in shown
        if not _is_right(card, record)
    ]


def _is_right(card: Message, record: Invoice) -> bool:
    if "being cancelled" in card.text:
        return record.wish is Wish.CANCEL
    return face_of(card.text) is record.face


def _is_told(record: Invoice) -> bool:
    """Whether the seller knows where it stands: a card may be right before its message comes."""
    return record.announced is record.face and record.told == record.paid


async def judge(world: ChaosWorld, stories: Sequence[Story]) -> Verdict:
    """When all is done and quiet."""
    verdict = Verdict(asked=len(stories))
    records = {record.seller_id: record for record in await world.records()}
    for story in stories:
        record = records.get(story.person.id)
        if record is None or not story.theirs:
            verdict.missing.append(str(story))
            continue
        _count_invoices(story, record, verdict)
        verdict.in_vain += story.in_vain
        _count_cards(story, verdict)
        _count_news(story, verdict)
        _compare(story, record, verdict)
        await _look_up(world, record, verdict)
    verdict.other += await _left_over(world, list(records.values()))
    return verdict


def _count_invoices(story: Story, record: Invoice, verdict: Verdict) -> None:
    """One at the provider. A twin that came late counts as none once it is cancelled there."""
    others = [one for one in story.theirs if one.uuid != record.uuid]
    living = [one for one in others if one.status is not Status.CANCELED or one.received]
    verdict.twins += len(others) - len(living)
    if len(others) == len(story.theirs):
        verdict.missing.append(f"{story}: the record's {record.uuid or 'none'} is not there")
    if living:
        verdict.doubled.append(f"{story}: {[one.uuid for one in living]} beside {record.uuid}")


def _count_cards(story: Story, verdict: Verdict) -> None:
    more = len(story.cards) - 1
    verdict.twice += max(more, 0)
    if more < 0 and not story.in_vain:
        verdict.other.append(f"{story}: no card")
    elif more > story.struck + story.dropped:
        verdict.twice_elsewhere.append(f"{story}: {more} more, struck {story.struck}")


def _count_news(story: Story, verdict: Verdict) -> None:
    """Each once; what is repeated says so."""
    lines = Counter(one.text.splitlines()[0] for one in story.news)
    marked = Counter(one.text.splitlines()[0] for one in story.news if REPEATED in one.text)
    for line, number in lines.items():
        verdict.repeated += number - 1
        if number - 1 > marked[line]:
            verdict.other.append(f"{story}: “{line}” {number} times, {marked[line]} marked")
    state, last = ENDS[story.way]
    if not last and lines:
        verdict.other.append(f"{story}: {list(lines)} rang")
    told = any(last in line for line in lines) or state in story.sent_as
    if last and not told and not story.in_vain:
        verdict.other.append(f"{story}: “{last}” was never told")


def _compare(story: Story, record: Invoice, verdict: Verdict) -> None:
    """The record with what the provider knows, and with what was to come of it."""
    expected = ENDS[story.way][0]
    if record.face is not expected and story.cards:
        verdict.other.append(f"{story}: the record is {record.face}, not {expected}")
    theirs = story.world.cloud.ledger.find(record.uuid)
    if theirs is not None and (record.paid or 0) != theirs.received:
        verdict.other.append(f"{story}: {theirs.received} came, {record.paid} is known")
    if not _is_told(record):
        verdict.other.append(f"{story}: {record.face} was not announced")
    if story.face() is not expected and record.cards:
        verdict.other.append(f"{story}: the card says {story.face()}")


async def _look_up(world: ChaosWorld, record: Invoice, verdict: Verdict) -> None:
    """In the list of its state, and in no other."""
    for bucket in Bucket:
        if bucket is Bucket.NONE:
            continue
        there = await world.redis.zscore(keys.listed(record.seller_id, bucket), record.id)
        if (there is not None) is not (bucket is record.bucket):
            verdict.other.append(f"{record.id[:6]}: {record.bucket}, listed in {bucket}: {there}")


async def _left_over(world: ChaosWorld, records: Sequence[Invoice]) -> list[str]:
    """Work that is left, or that nobody would ever come back to."""
    left = []
    parked: list[str] = await cast("Any", world.redis.hkeys(keys.PARKED))
    if parked:
        left.append(f"parked updates are left: {parked}")
    if pending := len(world.telegram.world.updates):
        left.append(f"{pending} updates are not confirmed")
    for record in records:
        due = await world.redis.zscore(keys.due(keys.shard(record.id)), record.id)
        if record.is_open and due is None:
            left.append(f"{record.id[:6]} is open and not in the schedule")
    return left
