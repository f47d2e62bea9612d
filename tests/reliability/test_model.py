"""Whatever happens to invoices, in whatever order: one of each, no money lost, nobody misled.

Two workers share a store. Each rule lets something happen and waits until nothing moves; what goes
wrong is planned before. `make full` runs many more and longer stories.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    initialize,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.cards import Card, Sight
from bot.domain.drafts import Draft, Step, settled
from bot.domain.errors import NotSent, ProviderError, Unsure
from bot.domain.invoice import Invoice, Status, Wish
from bot.domain.provider import Postback
from bot.sandbox.cryptocloud.ledger import NotOpenError
from bot.services import reconciler
from bot.services.schedule import can_change
from tests.reliability.model_story import PLACE, Plan, Story
from tests.reliability.model_worker import Worker
from tests.reliability.model_world import LATER_CRASH, STRIKES

pytestmark = pytest.mark.no_cover  # a load: tracing would make it another one

MOST = 4  # invoices in a story: more of them hide what happens to one
LOST = ("cut after", "cut before", "late", LATER_CRASH)  # where nobody knows, most can go wrong
COIN = "USDT_TRC20"
WISHED = Draft("", amounts=(Decimal(50),), currencies=("EUR",), coins=(COIN,))

workers = st.integers(0, 1)


def mishaps(*kinds: str) -> st.SearchStrategy[Plan]:
    """What goes wrong meanwhile, at calls of these kinds: nothing, one thing or two."""
    planned = [(kind, what) for kind in kinds for what in STRIKES[kind]]
    lost = [(kind, what) for kind, what in planned if what in LOST]
    one = st.sampled_from(planned) | st.sampled_from(lost or planned)
    return st.lists(one, max_size=2)


class Invoices(Story):
    """Rules are what people, the provider, the payer and the machine may do."""

    asked = Bundle("asked")

    @initialize(target=asked, lag=st.sampled_from([0, 80]), planned=mishaps("create"))
    def the_first_is_asked_for(self, lag: int, planned: Plan) -> str:
        """For `lag` seconds the provider's list leaves out what is new."""
        self._shop.lag = timedelta(seconds=lag)
        self._plan(planned)
        return self._asked(WISHED, self._workers)

    @precondition(lambda self: len(self._drafts) < MOST)
    @rule(
        target=asked,
        wished=st.builds(
            replace,
            st.just(WISHED),
            coins=st.sampled_from([(COIN,), ()]),
            order=st.sampled_from([None, "A-17"]),
            lifetime=st.sampled_from([timedelta(minutes=30), timedelta(days=1)]),
        ),
        planned=mishaps("create", "walk", "message", "write"),
        number=workers,
        together=st.booleans(),
    )
    def ask(self, wished: Draft, planned: Plan, number: int, together: bool) -> str:
        self._plan(planned)
        return self._asked(wished, self._workers if together else [self._workers[number]])

    def _asked(self, wished: Draft, of: list[Worker]) -> str:
        one = of[0].invoicing.command_id(PLACE.chat_id, len(self._drafts))
        draft = self._drafts[one] = settled(replace(wished, id=one))
        self._run(self._do(*(self._issued(worker, draft) for worker in of)))
        return one

    @rule(one=asked, number=workers)
    def ask_for_the_same_again(self, one: str, number: int) -> None:
        self._run(self._do(self._issued(self._workers[number], self._drafts[one])))

    def _plan(self, planned: Plan) -> None:
        for kind, what in planned:
            self._outside.planned[kind].append(what)

    @rule(error=st.sampled_from([None, NotSent("refused"), Unsure("502")]))
    def the_provider_is(self, error: ProviderError | None) -> None:
        self._shop.down = error

    @rule(
        one=asked,
        share=st.sampled_from(["0.4", "1", "1.5"]),
        planned=mishaps("message") | mishaps("info", "edit", "write"),
        hinted=st.sampled_from(["", "once", "doubled", "misleading"]),
    )
    def pay(self, one: str, share: str, planned: Plan, hinted: str) -> None:
        record = self._known(one)
        if record is None:
            return
        theirs = self._shop.ledger.get(record.invoice.uuid)
        wanted = theirs.due * Decimal(share) - theirs.received
        self._shop.ledger.receive(theirs.uuid, max(wanted, Decimal(1)))
        if record.due is not None and can_change(record.invoice):
            self._expected[theirs.uuid] = theirs.received
        self._plan(planned)
        if hinted:
            self._run(self._postback(record.invoice, hinted))

    @rule(one=asked, planned=mishaps("info"), hinted=st.sampled_from(["once", "doubled"]))
    def a_postback_comes_again(self, one: str, planned: Plan, hinted: str) -> None:
        record = self._known(one)
        if record is not None:
            self._plan(planned)
            self._run(self._postback(record.invoice, hinted))

    async def _postback(self, invoice: Invoice, hinted: str) -> None:
        order = "" if hinted == "misleading" else invoice.order_id
        told = Postback(invoice.uuid, order)
        before = sum(worker.postbacks.taken for worker in self._workers)
        reached = self._workers if hinted == "doubled" else self._workers[:1]
        await self._do(*((worker, worker.postbacks.take(told)) for worker in reached))
        if sum(worker.postbacks.taken for worker in self._workers) > before:
            self._expected[told.uuid] = self._shop.ledger.get(told.uuid).received

    @rule(one=asked, how=st.sampled_from(["ended", "ended", "cancelled"]))
    def it_ends_there(self, one: str, how: str) -> None:
        record = self._known(one)
        if record is None:
            return
        if how == "ended":
            self._shop.ledger.expire(record.invoice.uuid)
            return
        with suppress(NotOpenError):
            self._shop.ledger.cancel(record.invoice.uuid)

    @rule(
        target=asked,
        one=asked,
        number=workers,
        planned=mishaps("cancel", "edit", "write"),
        what=st.sampled_from(["cancel", "accept", "rest"]),
    )
    def tap(self, one: str, number: int, planned: Plan, what: str) -> Any:
        self._plan(planned)
        worker = self._workers[number]
        if what == "rest":
            return self._run(self._rest(worker, one))
        self._run(self._wish(worker, one, Wish(what)))
        return multiple()

    async def _wish(self, worker: Worker, one: str, wish: Wish) -> None:
        invoice = await worker.following.find(one)
        if invoice is not None:
            note = worker.following.note(invoice, wish, by=PLACE.user_id, update_id=1)
            await self._do((worker, note))
            await self._do((self._workers[0], self._workers[0].reconciler.advance(one)))

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

    @rule(one=asked)
    def a_buyer_opens_the_card(self, one: str) -> None:
        self._run(self._open(one))

    async def _open(self, one: str) -> None:
        record = next(iter(await self._checks.seen([one])), None)
        if record is not None and record.invoice.uuid:
            card = Card(99, self._chats.show(record.invoice), sight=Sight.BUYER)
            await self._workers[0].cards.add_card(one, card)

    @rule(number=workers)
    def restart(self, number: int) -> None:
        self._run(self._workers[number].supervisor.close())
        self._workers[number] = self._run(self._new_worker())

    async def _new_worker(self) -> Worker:
        return Worker(self._outside, self._shop)

    @rule(
        seconds=st.sampled_from([1, 5, 35, 70, 300, 1800, 90_000]),
        planned=mishaps(*STRIKES),
        late=st.booleans(),
    )
    def time_passes(self, seconds: int, planned: Plan, late: bool) -> None:
        self._plan(planned)
        self._clock.go(seconds)
        if late:
            self._run(self._late_creates_arrive())
        self._run(self._take_due())

    @rule()
    def all_is_well_again(self) -> None:
        self._run(self._calm())


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciler, "STORE_AGAIN", 0)


def _tell(redis_url: str, *, stories: int, steps: int) -> None:
    def begin() -> Invoices:
        return Invoices(redis_url)

    run_state_machine_as_test(
        cast("Any", begin),
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
