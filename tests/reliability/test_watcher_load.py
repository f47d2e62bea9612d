"""20,000 open invoices are looked at in time, by few calls."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from bot.domain.invoice import Invoice
from bot.services.ports import Pace
from bot.services.schedule import BETWEEN, interval, next_look
from tests.reliability.provider_process import far_cryptocloud
from tests.reliability.stock import LASTS, record, store
from tests.world import SELLER_ID, World

pytestmark = pytest.mark.no_cover  # a load: tracing would make it another one

OPEN = 20_000
ANSWERS_IN = 0.02  # seconds
TO_BEGIN = timedelta(seconds=10)  # to fill the store and to start
Tell = Callable[[str, object], None]


@dataclass(frozen=True, slots=True)
class Watched:
    """What the provider saw of the watcher in a time."""

    looks: int
    calls: int
    lateness: list[float]  # of each look, 1 is in time and 2 must not be reached
    early: float
    cpu: float  # of each look, in ms

    def __str__(self) -> str:
        late = sorted(self.lateness)
        rate = 100 * self.calls / self.looks
        return (
            f"{self.looks} looks, {self.calls} calls ({rate:.2f} x due / 100),"
            f" {self.cpu:.2f} ms CPU a look, waited median {median(late):.2f}"
            f" p99 {late[len(late) * 99 // 100]:.2f} longest {late[-1]:.2f} of its interval"
        )


async def watched(redis_url: str, many: int, pace: Pace, seconds: float) -> Watched:
    """Let the bot watch that many open invoices, of all ages, for so long."""
    dice = random.Random(4)
    # None ends meanwhile: that would be another story.
    oldest = LASTS - timedelta(seconds=seconds + 60)
    ages = [dice.random() * oldest for _ in range(many)]
    with far_cryptocloud(ages, ANSWERS_IN) as cloud:
        begin = datetime.now(UTC) + TO_BEGIN
        ours: dict[str, Invoice] = {}
        looked: dict[str, datetime] = {}
        stock = []
        for number, theirs in enumerate(cloud.invoices):
            link = f"{cloud.url.removesuffix('/v2')}/pay/{theirs.id}"
            invoice = record(theirs, link, number, chat=SELLER_ID)
            # As if it had been looked at in its turn until then.
            former = (spans(invoice, begin - n * pace.look, pace) for n in range(BETWEEN + 2))
            before = begin - dice.random() * min(former)
            ours[invoice.uuid], looked[invoice.uuid] = invoice, before
            stock.append((invoice, next_look(invoice, before, pace)))
        await store(redis_url, stock)
        async with World(redis_url, pace=pace, cryptocloud_api_url=cloud.url):
            left = (begin - datetime.now(UTC)).total_seconds()
            assert left > 0, "it took too long to begin"
            await asyncio.sleep(left)
            worked = time.process_time()
            await asyncio.sleep(seconds)
            worked = time.process_time() - worked
            end = datetime.now(UTC)
            calls = [(at, uuids) for at, uuids in cloud.looks() if at <= end]
    lateness, early = [], 0.0
    for at, uuids in calls:
        for uuid in uuids:
            invoice, before = ours[uuid], looked[uuid]
            lateness.append(waited(invoice, before, at, pace))
            due = next_look(invoice, before, pace)
            assert due is not None
            early = max(early, (due - at).total_seconds())
            looked[uuid] = at
    for uuid, before in looked.items():
        if (missed := waited(ours[uuid], before, end, pace)) > 1.5:
            lateness.append(missed)
    looks = sum(len(uuids) for _, uuids in calls)
    return Watched(looks, len(calls), lateness, early, 1000 * worked / looks)


def waited(invoice: Invoice, since: datetime, until: datetime, pace: Pace) -> float:
    """How many of its intervals it waited: the most, counted from any moment between two looks."""
    moments = (since + (until - since) * part / 16 for part in range(16))
    return max((until - at) / spans(invoice, at, pace) for at in moments)


def spans(invoice: Invoice, at: datetime, pace: Pace) -> timedelta:
    span = interval(invoice, at, pace)
    assert span is not None
    return span


def hold(seen: Watched, due: float) -> None:
    """What is promised of the watcher."""
    assert seen.looks > 0.9 * due
    assert max(seen.lateness) < 2
    assert seen.early < 0.1, "a look that was not due"
    assert seen.calls <= 1.1 * seen.looks / 100


async def test_20000_open_invoices_are_looked_at_in_time_by_few_calls(
    redis_url: str, record_testsuite_property: Tell
) -> None:
    """More often as people have it, so that a short test sees all intervals."""
    seen = await watched(redis_url, OPEN, Pace(look=timedelta(seconds=6)), 20)
    record_testsuite_property("watching 20,000, every 6 s while young", str(seen))
    print(seen)  # noqa: T201 - a figure
    hold(seen, 20 * 180)


@pytest.mark.slow
async def test_20000_open_invoices_at_the_pace_that_people_have(
    redis_url: str, record_testsuite_property: Tell
) -> None:
    seen = await watched(redis_url, OPEN, Pace(), 330)
    print(seen)  # noqa: T201 - a figure
    record_testsuite_property("watching 20,000", str(seen))
    hold(seen, 330 * 75)
