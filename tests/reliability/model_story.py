"""How a story of the model world goes on: something happens, then everything comes to rest."""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Coroutine
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant

from bot.domain.chats import ChatSettings
from bot.domain.drafts import Draft
from bot.domain.invoice import Status
from bot.domain.people import Place
from bot.storage.connection import connect
from tests.reliability.model_checks import Checks, Faults, Seen
from tests.reliability.model_shop import Shop
from tests.reliability.model_worker import PACE, Worker
from tests.reliability.model_world import Chats, Outside
from tests.services.bench import Watch

PLACE = Place(-1000000000001, 7)
LONG = timedelta(days=4)  # after it nothing is looked at any more

Plan = list[tuple[str, str]]


class Story(RuleBasedStateMachine):
    """Two workers and what they share, from an empty store to the day when all is over."""

    def __init__(self, redis_url: str) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._faults = Faults()
        logging.getLogger("bot").addHandler(self._faults)
        self._drafts: dict[str, Draft] = {}
        self._expected: dict[str, Decimal] = {}  # what the bot has to know of each uuid
        self._run(self._begin(redis_url))

    async def _begin(self, redis_url: str) -> None:
        redis, clock = connect(redis_url), Watch()
        await redis.flushall()
        self._clock, self._shop, self._chats = clock, Shop(clock), Chats()
        self._outside = Outside(redis, clock, self._chats, defaultdict(deque))
        self._checks = Checks(self._outside, self._shop)
        self._workers = [Worker(self._outside, self._shop), Worker(self._outside, self._shop)]

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    async def _settle(self) -> None:
        """Until nothing runs; who died is followed by another."""
        for number, worker in enumerate(self._workers):
            await worker.settle()
            if worker.death.done():
                await worker.supervisor.close()
                self._workers[number] = Worker(self._outside, self._shop)
                for record in await self._seen():
                    if record.invoice.showing:
                        self._chats.unsure(record.invoice.id)

    async def _do(self, *works: tuple[Worker, Coroutine[Any, Any, Any]]) -> None:
        for worker, work in works:
            worker.begin(work)
        await self._settle()

    async def _seen(self) -> list[Seen]:
        return await self._checks.seen(self._drafts)

    def _issued(self, worker: Worker, draft: Draft) -> tuple[Worker, Coroutine[Any, Any, Any]]:
        return worker, worker.invoicing.issue(
            draft, PLACE, settings=ChatSettings(), language="en", issuer="Ann", cashier=False
        )

    async def _take_due(self) -> None:
        for worker in self._workers:
            worker.take_due()
        await self._settle()

    def _known(self, one: str) -> Seen | None:
        """One that was created and can therefore be paid."""
        found = self._run(self._checks.seen([one]))
        return found[0] if found and found[0].invoice.uuid else None

    async def _late_creates_arrive(self) -> None:
        """While they still can be told from what somebody wants: see `Pace.twins`."""
        orders, self._shop.on_their_way = self._shop.on_their_way, []
        records = {seen.invoice.order_id: seen.invoice for seen in await self._seen()}
        soon = self._clock() + timedelta(minutes=20)
        for order in orders:
            one = records[order.order_id or ""]
            watched = one.twins_until is not None and one.twins_until > soon
            if one.status is Status.CREATING or watched:
                self._shop.arrive(order)

    async def _calm(self) -> None:
        """Nothing goes wrong any more: whatever was promised is kept, when its time has come."""
        self._outside.planned.clear()
        self._shop.down = None
        await self._take_due()
        for _ in range(80):
            seen = await self._seen()
            self._checks.always(seen)
            if all(record.quiet and not record.leased for record in seen):
                break
            await self._next_moment(seen)
        await self._checks.quiet(seen)
        # A provider that failed is left alone for a while, and its list lags.
        self._clock.go((PACE.longest_rest + timedelta(minutes=2)).total_seconds())
        await self._take_due()
        seen = await self._seen()
        last = max((record.due for record in seen if record.due is not None), default=0)
        while self._clock().timestamp() * 1000 < last:
            await self._next_moment(seen)
            seen = await self._seen()
        await self._checks.quiet(seen)
        self._checks.looked(seen, self._expected)
        self._checks.rests(seen)

    async def _next_moment(self, seen: list[Seen]) -> None:
        now = self._clock().timestamp() * 1000
        moments = [record.due for record in seen if record.due is not None and record.due > now]
        if moments:
            self._clock.go((min(moments) - now) / 1000 + 0.001)
        await self._take_due()

    @invariant()
    def nothing_goes_wrong(self) -> None:
        self._checks.always(self._run(self._seen()))
        assert not self._faults.found

    def teardown(self) -> None:
        try:
            self._run(self._end())
            assert not self._faults.found
        finally:
            logging.getLogger("bot").removeHandler(self._faults)
            for worker in self._workers:
                self._run(worker.supervisor.close())
            self._run(self._outside.redis.aclose())
            self._runner.close()

    async def _end(self) -> None:
        await self._calm()
        await self._late_creates_arrive()
        await self._calm()
        for _ in range(2):  # the end of its time, and of the time for late money
            self._clock.go(LONG.total_seconds())
            await self._calm()
        left = [seen.invoice.status for seen in await self._seen() if seen.due is not None]
        assert not left, f"{left} are still in the schedule"
