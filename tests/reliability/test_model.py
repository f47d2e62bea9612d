"""Whatever happens to invoices, in whatever order: one of each, no money lost, nobody misled.

Two workers share a store. Each rule lets something happen and waits until nothing moves; what goes
wrong is planned before. `make full` runs many more and longer stories.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from bot.domain.cards import Card, Sight
from bot.domain.chats import ChatSettings
from bot.domain.drafts import Draft, Step, settled
from bot.domain.errors import NotSent, ProviderError, Unsure
from bot.domain.invoice import Invoice, Status, Wish
from bot.domain.people import Place
from bot.domain.provider import Postback
from bot.sandbox.cryptocloud.ledger import NotOpenError
from bot.services import reconciler
from bot.services.schedule import can_change
from bot.storage.connection import connect
from tests.reliability.model_checks import Checks, Faults, Seen
from tests.reliability.model_world import STRIKES, Chats, Outside, Shop
from tests.reliability.model_worker import Worker
from tests.services.bench import Watch

PLACE = Place(-1000000000001, 7)
LONG = timedelta(days=4)  # after it nothing is looked at any more

workers = st.integers(0, 1)
strikes = st.sampled_from([(kind, what) for kind, all_ in STRIKES.items() for what in all_])


class Invoices(RuleBasedStateMachine):
    """Rules are what people, the provider, the payer and the machine may do."""

    asked = Bundle("asked")

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
        self._outside = Outside(redis, clock, self._shop, self._chats, defaultdict(deque))
        self._checks = Checks(self._outside)
        self._workers = [Worker(self._outside), Worker(self._outside)]

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    async def _settle(self) -> None:
        """Until nothing runs; who died is followed by another."""
        for number, worker in enumerate(self._workers):
            await worker.settle()
            if worker.death.done():
                await worker.supervisor.close()
                self._workers[number] = Worker(self._outside)
                for record in await self._seen():
                    if record.invoice.showing:
                        self._chats.unsure(record.invoice.id)

    async def _do(self, *works: tuple[Worker, Coroutine[Any, Any, Any]]) -> None:
        for worker, work in works:
            worker.begin(work)
        await self._settle()

    async def _seen(self) -> list[Seen]:
        return await self._checks.seen(self._drafts)

    async def _record(self, one: str) -> Seen | None:
        found = await self._checks.seen([one])
        return found[0] if found else None

    def _issued(self, worker: Worker, draft: Draft) -> tuple[Worker, Coroutine[Any, Any, Any]]:
        return worker, worker.invoicing.issue(
            draft, PLACE, settings=ChatSettings(), language="en", issuer="Ann", cashier=False
        )

    async def _take_due(self) -> None:
        for worker in self._workers:
            worker.take_due()
        await self._settle()

    @initialize(lag=st.sampled_from([0, 45, 80]))
    def the_list_lags(self, lag: int) -> None:
        self._shop.lag = timedelta(seconds=lag)

    @rule(
        target=asked,
        number=workers,
        together=st.booleans(),
        coins=st.sampled_from([("USDT_TRC20",), ()]),
        order=st.sampled_from(["", "A-17"]),
        minutes=st.sampled_from([30, 24 * 60]),
    )
    def ask(
        self, number: int, together: bool, coins: tuple[str, ...], order: str, minutes: int
    ) -> str:
        worker = self._workers[number]
        draft = settled(
            Draft(
                worker.invoicing.command_id(PLACE.chat_id, len(self._drafts)),
                amounts=(Decimal(50),),
                currencies=("EUR",),
                coins=coins,
                lifetime=timedelta(minutes=minutes),
                order=order or None,
            )
        )
        self._drafts[draft.id] = draft
        both = self._workers if together else [worker]
        self._run(self._do(*(self._issued(one, draft) for one in both)))
        return draft.id

    @rule(one=asked, number=workers)
    def ask_for_the_same_again(self, one: str, number: int) -> None:
        self._run(self._do(self._issued(self._workers[number], self._drafts[one])))

    @rule(planned=strikes)
    def plan(self, planned: tuple[str, str]) -> None:
        self._outside.planned[planned[0]].append(planned[1])

    @rule(error=st.sampled_from([None, NotSent("refused"), Unsure("502")]))
    def the_provider_is(self, error: ProviderError | None) -> None:
        self._shop.down = error

    @rule()
    def late_creates_arrive(self) -> None:
        """While they still can be told from what somebody wants: see `Pace.twins`."""
        orders, self._shop.on_their_way = self._shop.on_their_way, []
        records = {seen.invoice.order_id: seen.invoice for seen in self._run(self._seen())}
        soon = self._clock() + timedelta(minutes=20)
        for order in orders:
            one = records[order.order_id or ""]
            watched = one.twins_until is not None and one.twins_until > soon
            if one.status is Status.CREATING or watched:
                self._shop.arrive(order)

    @rule(one=asked, share=st.sampled_from(["0.4", "1", "1.5"]))
    def pay(self, one: str, share: str) -> None:
        record = self._run(self._record(one))
        if record is None or not record.invoice.uuid:
            return
        theirs = self._shop.ledger.get(record.invoice.uuid)
        wanted = theirs.due * Decimal(share) - theirs.received
        self._shop.ledger.receive(theirs.uuid, max(wanted, Decimal(1)))
        if record.due is not None and can_change(record.invoice):
            self._expected[theirs.uuid] = theirs.received

    @rule(one=asked)
    def it_ends(self, one: str) -> None:
        record = self._run(self._record(one))
        if record is not None and record.invoice.uuid:
            self._shop.ledger.expire(record.invoice.uuid)

    @rule(one=asked)
    def cancel_there(self, one: str) -> None:
        record = self._run(self._record(one))
        if record is not None and record.invoice.uuid:
            try:
                self._shop.ledger.cancel(record.invoice.uuid)
            except NotOpenError:
                pass

    @rule(one=asked, number=workers, wish=st.sampled_from([Wish.CANCEL, Wish.ACCEPT]))
    def wish(self, one: str, number: int, wish: Wish) -> None:
        self._run(self._wish(self._workers[number], one, wish))

    async def _wish(self, worker: Worker, one: str, wish: Wish) -> None:
        invoice = await worker.following.find(one)
        if invoice is not None:
            await self._do((worker, worker.following.note(invoice, wish, by=7, update_id=1)))
            await self._do((worker, worker.reconciler.advance(one)))

    @rule(target=asked, one=asked, number=workers)
    def ask_for_the_rest(self, one: str, number: int) -> Any:
        return self._run(self._rest(self._workers[number], one))

    async def _rest(self, worker: Worker, one: str) -> Any:
        invoice = await worker.following.find(one)
        if invoice is None or invoice.status not in (Status.SHORT, Status.PARTIAL):
            return multiple()
        draft = await worker.following.rest(invoice)
        if isinstance(draft, Invoice) or draft.step is not Step.SUMMARY:
            return multiple()
        self._drafts[draft.id] = draft
        await self._do(*(self._issued(one, draft) for one in self._workers))
        return draft.id

    @rule(one=asked, doubled=st.booleans(), misleading=st.booleans())
    def postback(self, one: str, doubled: bool, misleading: bool) -> None:
        self._run(self._postback(one, doubled, misleading))

    async def _postback(self, one: str, doubled: bool, misleading: bool) -> None:
        record = await self._record(one)
        if record is None or not record.invoice.uuid:
            return
        told = Postback(record.invoice.uuid, "" if misleading else record.invoice.order_id)
        before = sum(worker.postbacks.taken for worker in self._workers)
        known = self._workers[: 1 + doubled]
        await self._do(*((worker, worker.postbacks.take(told)) for worker in known))
        if sum(worker.postbacks.taken for worker in self._workers) > before:
            self._expected[told.uuid] = self._shop.ledger.get(told.uuid).received

    @rule(one=asked)
    def a_buyer_opens_the_card(self, one: str) -> None:
        self._run(self._open(one))

    async def _open(self, one: str) -> None:
        record = await self._record(one)
        if record is not None and record.invoice.uuid:
            card = Card(99, self._chats.show(record.invoice), sight=Sight.BUYER)
            await self._workers[0].cards.add_card(one, card)

    @rule(number=workers)
    def restart(self, number: int) -> None:
        self._run(self._workers[number].supervisor.close())
        self._workers[number] = self._run(self._new_worker())

    async def _new_worker(self) -> Worker:
        return Worker(self._outside)

    @rule(seconds=st.sampled_from([1, 5, 35, 70, 300, 1500, 90_000]))
    def time_passes(self, seconds: int) -> None:
        self._clock.go(seconds)
        self._run(self._take_due())

    @rule()
    def all_is_well_again(self) -> None:
        self._run(self._calm())

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
        for _ in range(2):  # the end of its time, and of the time for late money
            self._clock.go(LONG.total_seconds())
            await self._calm()
        left = [seen.invoice.status for seen in await self._seen() if seen.due is not None]
        assert not left, f"{left} are still in the schedule"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(reconciler, "STORE_AGAIN", 0)
    yield


def _tell(redis_url: str, *, stories: int, steps: int) -> None:
    run_state_machine_as_test(
        partial(Invoices, redis_url),
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_every_story_ends_well(redis_url: str) -> None:
    _tell(redis_url, stories=30, steps=20)


@pytest.mark.slow
def test_every_long_story_ends_well(redis_url: str) -> None:
    _tell(redis_url, stories=600, steps=40)
