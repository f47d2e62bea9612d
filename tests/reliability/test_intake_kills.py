"""People write without a pause while the bot is killed again and again: everything is handled, and
nothing takes effect twice."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.domain.invoice import Invoice
from bot.sandbox.telegram import Patience, Person
from bot.storage.records import load
from tests.reliability.aside import feed_aside
from tests.reliability.load import Load
from tests.reliability.process import ProcessWorld
from tests.reliability.waiting import idle, until
from tests.stores.reading import records

pytestmark = pytest.mark.crash

KILLS = pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.slow)])
PEOPLE = 40  # so many that none of them asks more often than is allowed
LONGEST = 60.0  # seconds: the bot may die a few times before it answers


@pytest.fixture(params=[False, True], ids=["polling", "webhook"])
async def apart(
    redis_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[ProcessWorld]:
    async with ProcessWorld(
        redis_url,
        tmp_path,
        webhook=request.param,
        patience=Patience(second=0.1),
        seller_access="anyone",
    ) as running:
        yield running


class Talker:
    """Somebody who answers questions, one invoice after the other: an answer that is taken twice
    would answer the next question, too."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.asked: list[int] = []
        self._goes_on = True
        self._task = asyncio.create_task(self._talk())

    async def _talk(self) -> None:
        while self._goes_on:
            amount = 100 + len(self.asked)
            sent = await self.person.send("/invoice")
            await self.person.read("How much", after=sent, timeout=LONGEST)
            for typed, question in ((str(amount), "In which currency"), ("EUR", "Which coin")):
                sent = await self.person.send(typed)
                await self.person.read(question, after=sent, timeout=LONGEST)
            tapped = await self.person.tap("Buyer chooses")
            await self.person.read("Create an invoice", after=tapped, timeout=LONGEST)
            self.asked.append(amount)
            tapped = await self.person.tap("Create", times=2)
            await self.person.read("waiting for payment", after=tapped, timeout=LONGEST)

    async def stop(self) -> None:
        """Let them finish what they are at."""
        self._goes_on = False
        await self._task


@KILLS
async def test_all_is_handled_and_nothing_twice(
    apart: ProcessWorld, redis_url: str, kills: int
) -> None:
    dice, asking = random.Random(kills), Load(apart, PEOPLE)
    talkers = [Talker(apart.telegram.person(8000 + n, "Seller")) for n in range(3)]
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        for _ in range(kills):
            await asyncio.sleep(dice.uniform(0.2, 1))
            await apart.kill()
            await apart.start_bot()
            await feed_aside(apart, redis)
        await asking.stop()
        await asyncio.gather(*(talker.stop() for talker in talkers))
        await until(lambda: len(apart.telegram.world.updates) == 0, 30)
        await feed_aside(apart, redis)
    asked = Counter(
        [(number, amount) for number, n in asking.asked.items() for amount in range(1, n + 1)]
        + [(one.person.id, amount) for one in talkers for amount in one.asked]
    )
    await until(lambda: len(apart.living) >= asked.total(), 30)
    await idle(redis_url, 30)
    stored = await records(redis_url)
    made = [load(key.rpartition(":")[2], one) for key, one in stored.items()]
    assert Counter(map(what, made)) == asked
    assert {one.uuid for one in made} == {one.uuid for one in apart.living}


def what(record: Invoice) -> tuple[int, int]:
    """Who wanted how much."""
    return record.seller_id, int(record.amount)
