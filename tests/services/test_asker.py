"""Many invoices in few calls: gathered, told apart when refused, spared a provider in trouble."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.errors import (
    NotSent,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderUnauthorized,
    Unsure,
)
from bot.domain.provider import NewInvoice, ProviderInvoice, Walk
from bot.services.asker import MOST, MOST_SPLITS, Asker
from bot.services.ports import Pace
from bot.services.supervisor import Supervisor
from tests.reliability.waiting import until

PACE = Pace(
    look=timedelta(seconds=4),
    gather=timedelta(seconds=0.05),
    retry=timedelta(seconds=5),
    longest_rest=timedelta(minutes=5),
)


class Desk:
    """A provider that knows every uuid but those that are told, and answers when it is let."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.unknown: set[str] = set()
        self.refused: set[str] = set()
        self.error: BaseException | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def info(self, uuids: Sequence[str]) -> list[ProviderInvoice]:
        self.calls.append(list(uuids))
        assert len(uuids) <= 100
        error = self.error
        await self.open.wait()
        if error is not None:
            raise error
        if self.refused & set(uuids):
            raise ProviderRefused({"uuids": "Not found."})
        return [
            ProviderInvoice(uuid=uuid, status="created", link="")
            for uuid in uuids
            if uuid not in self.unknown
        ]

    async def create(self, new: NewInvoice) -> ProviderInvoice:
        raise NotImplementedError

    async def walk(self, start: date, end: date) -> Walk:
        raise NotImplementedError

    async def cancel(self, uuid: str) -> None:
        raise NotImplementedError


class Watch:
    """A clock that is set by hand; waiting goes by the loop's."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Bench:
    """An asker, its provider and its clock."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.desk = Desk()
        self.watch = Watch()
        self.asker = Asker(self.desk, supervisor, PACE, self.watch)

    @property
    def calls(self) -> list[list[str]]:
        return self.desk.calls

    async def ask(self, *numbers: int, urgent: bool = False) -> list[Any]:
        """All at once; errors are answers, too."""
        return await asyncio.gather(
            *(self.asker.ask(name(n), urgent=urgent) for n in numbers), return_exceptions=True
        )

    @property
    def rests(self) -> float:
        """How many seconds the provider is left alone from now."""
        until = self.asker.resting_until
        return 0 if until is None else (until - self.watch()).total_seconds()


def name(number: int) -> str:
    return f"INV-{number:08}"


Start = Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]]


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    running = Supervisor()
    yield running
    await running.close()


@pytest.fixture
def bench(supervisor: Supervisor) -> Bench:
    return Bench(supervisor)


@pytest.fixture
def start(supervisor: Supervisor) -> Start:
    return lambda work: supervisor.start(work, "a test")


async def settled(calls: int, bench: Bench) -> None:
    """Wait until that many calls were made."""
    await until(lambda: len(bench.calls) >= calls, 2)


async def test_those_that_come_together_share_a_call(bench: Bench) -> None:
    answers = await bench.ask(*range(30))
    assert [one.uuid for one in answers] == [name(n) for n in range(30)]
    assert len(bench.calls) == 1


async def test_a_hundred_are_asked_about_without_waiting_for_more(
    bench: Bench, start: Start
) -> None:
    bench.desk.open.clear()
    start(bench.ask(*range(MOST)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [len(call) for call in bench.calls] == [MOST]


@pytest.mark.parametrize(("many", "calls"), [(100, 1), (101, 2), (250, 3), (1000, 10)])
async def test_there_are_as_many_calls_as_hundreds(bench: Bench, many: int, calls: int) -> None:
    answers = await bench.ask(*range(many))
    assert {one.uuid for one in answers} == {name(n) for n in range(many)}
    assert len(bench.calls) == calls
    assert (bench.asker.calls, bench.asker.asked) == (calls, many)


async def test_a_stream_fills_its_calls(bench: Bench, start: Start) -> None:
    """As the scheduler hands them over: a few at a time, with short pauses."""
    waiting = []
    for begin in range(0, 450, 15):
        waiting.append(start(bench.ask(*range(begin, begin + 15))))
        await asyncio.sleep(0.02)
    await asyncio.gather(*waiting)
    assert len(bench.calls) == 5


async def test_a_rest_of_them_waits_while_calls_are_under_way_that_let_more_in(
    bench: Bench, start: Start
) -> None:
    bench.desk.open.clear()
    start(bench.ask(*range(120)))
    await asyncio.sleep(0.3)
    assert len(bench.calls) == 1
    start(bench.ask(*range(120, 200)))
    await asyncio.sleep(0.02)
    assert [len(call) for call in bench.calls] == [100, 100]


async def test_a_rest_of_them_does_not_wait_for_ever(bench: Bench, start: Start) -> None:
    bench.desk.open.clear()
    start(bench.ask(*range(120)))
    await asyncio.sleep(PACE.look.total_seconds() / 4 + 0.2)
    assert [len(call) for call in bench.calls] == [100, 20]


async def test_who_is_urgent_does_not_wait_and_takes_along_who_does(
    bench: Bench, start: Start
) -> None:
    start(bench.ask(1, 2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await bench.ask(3, urgent=True)
    assert bench.calls == [[name(1), name(2), name(3)]]


async def test_many_urgent_ones_share_calls_too(bench: Bench) -> None:
    """As when every invoice of a shop is paid in one minute and told of by a postback."""
    await bench.ask(*range(300), urgent=True)
    assert len(bench.calls) <= 4


async def test_who_is_urgent_waits_one_moment_behind_a_call_that_hangs(
    bench: Bench, start: Start
) -> None:
    bench.desk.open.clear()
    start(bench.ask(1, urgent=True))
    await settled(1, bench)
    start(bench.ask(2, urgent=True))
    await asyncio.sleep(0.2)
    assert bench.calls == [[name(1)], [name(2)]]


async def test_several_who_ask_about_one_get_one_answer(bench: Bench) -> None:
    answers = await bench.ask(7, 7, 7)
    assert [one.uuid for one in answers] == [name(7)] * 3
    assert bench.calls == [[name(7)]]


async def test_who_asks_while_a_call_is_under_way_gets_a_newer_answer(
    bench: Bench, start: Start
) -> None:
    bench.desk.open.clear()
    start(bench.ask(7, urgent=True))
    await settled(1, bench)
    again = start(bench.ask(7))
    await asyncio.sleep(0)
    bench.desk.open.set()
    await again
    assert bench.calls == [[name(7)], [name(7)]]


async def test_one_that_is_not_known_has_no_answer(bench: Bench) -> None:
    bench.desk.unknown = {name(2)}
    first, second = await bench.ask(1, 2)
    assert first.uuid == name(1)
    assert second is None


@pytest.mark.parametrize("before_the_call", [True, False])
async def test_who_gives_up_hurts_nobody(bench: Bench, start: Start, before_the_call: bool) -> None:
    bench.desk.open.clear()
    quitter, other, twin = (start(bench.asker.ask(name(n))) for n in (1, 2, 1))
    await asyncio.sleep(0 if before_the_call else 0.15)
    quitter.cancel()
    bench.desk.open.set()
    assert {one.uuid for one in await asyncio.gather(other, twin)} == {name(1), name(2)}
    assert quitter.cancelled()


async def test_who_gives_up_hears_of_no_failure(
    bench: Bench, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    bench.desk.open.clear()
    bench.desk.error = NotSent("no")
    quitter = start(bench.asker.ask(name(1), urgent=True))
    await settled(1, bench)
    quitter.cancel()
    bench.desk.open.set()
    await asyncio.sleep(0.02)
    assert "never retrieved" not in caplog.text


# Refused calls.


@pytest.mark.parametrize("place", [0, 57, 99])
async def test_one_that_the_provider_refuses_does_not_spoil_the_answer_of_the_others(
    bench: Bench, place: int
) -> None:
    bench.desk.refused = {name(place)}
    answers = await bench.ask(*range(100))
    assert [n for n, one in enumerate(answers) if one is None] == [place]
    assert {one.uuid for one in answers if one} == {name(n) for n in range(100) if n != place}
    assert len(bench.calls) <= 15
    assert bench.rests == 0


async def test_a_refusal_of_all_costs_a_bounded_number_of_calls(bench: Bench) -> None:
    bench.desk.error = ProviderRefused({"detail": "Not today."})
    answers = await bench.ask(*range(100))
    assert len(bench.calls) <= 2 * MOST_SPLITS
    assert any(isinstance(one, ProviderRefused) for one in answers)
    assert bench.rests == 5


async def test_many_refused_ones_are_found_in_the_end_and_hold_up_nobody_for_ever(
    bench: Bench,
) -> None:
    """What a refused call found before its budget ended counts, so that the next finds more."""
    bench.desk.refused = {name(n) for n in range(0, 100, 9)}
    left, rounds = set(range(100)), 0
    while left:
        asked = sorted(left)
        answers = await bench.ask(*asked)
        left -= {n for n, one in zip(asked, answers, strict=True) if not is_error(one)}
        bench.watch.go(bench.rests)
        rounds += 1
        assert rounds <= 6
    assert len(bench.calls) <= 6 * 2 * MOST_SPLITS


def is_error(answer: object) -> bool:
    return isinstance(answer, BaseException)


async def test_a_refused_key_is_not_looked_for_among_the_invoices(bench: Bench) -> None:
    bench.desk.error = ProviderUnauthorized({"detail": "Signature verification failed"})
    answers = await bench.ask(*range(100))
    assert len(bench.calls) == 1
    assert {type(one) for one in answers} == {ProviderUnauthorized}


# Failures.


@pytest.mark.parametrize("error", [NotSent("no"), Unsure("504"), ProviderBusy(3)])
async def test_everybody_hears_of_a_failure(bench: Bench, error: ProviderError) -> None:
    bench.desk.error = error
    assert await bench.ask(1, 2, 3) == [error] * 3


async def test_a_fault_of_ours_is_no_failure_of_the_provider(bench: Bench) -> None:
    bench.desk.error = ZeroDivisionError()
    (answer,) = await bench.ask(1)
    assert isinstance(answer, ZeroDivisionError)
    assert bench.rests == 0
    bench.desk.error = None
    assert [one.uuid for one in await bench.ask(1)] == [name(1)], "and nothing hangs after it"


async def test_it_rests_longer_each_time_and_is_well_at_once(bench: Bench) -> None:
    bench.desk.error = Unsure("504")
    rests = []
    for _ in range(9):
        await bench.ask(1)
        rests.append(bench.rests)
        bench.watch.go(bench.rests)
    assert rests == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    bench.desk.error = None
    await bench.ask(1)
    assert bench.rests == 0
    bench.desk.error = Unsure("504")
    await bench.ask(1)
    assert bench.rests == 5


async def test_calls_that_fail_in_the_same_moment_count_once(bench: Bench) -> None:
    """Five hundred invoices at once are five calls, but one bad moment."""
    bench.desk.error = Unsure("504")
    await bench.ask(*range(500))
    assert len(bench.calls) == 5
    assert bench.rests == 5


async def test_a_provider_that_failed_is_tried_by_one_call(bench: Bench, start: Start) -> None:
    bench.desk.error = Unsure("504")
    await bench.ask(1)
    bench.watch.go(bench.rests)
    bench.desk.open.clear()
    waiting = start(bench.ask(*range(500)))
    await asyncio.sleep(0.2)
    assert [len(call) for call in bench.calls] == [1, 100]
    assert bench.rests > 0, "who asks now need not wait for how that ends"
    bench.desk.open.set()
    assert all(isinstance(one, Unsure) for one in await waiting)
    assert len(bench.calls) == 2
    assert bench.rests == 10


async def test_when_the_one_call_succeeds_everybody_else_follows(
    bench: Bench, start: Start
) -> None:
    bench.desk.error = Unsure("504")
    await bench.ask(1)
    bench.watch.go(bench.rests)
    bench.desk.error = None
    bench.desk.open.clear()
    waiting = start(bench.ask(*range(500), urgent=True))
    await settled(2, bench)
    await asyncio.sleep(0.2)
    assert len(bench.calls) == 2
    bench.desk.open.set()
    async with asyncio.timeout(2):
        answers = await waiting
    assert {one.uuid for one in answers} == {name(n) for n in range(500)}
    assert len(bench.calls) <= 7


async def test_urgent_ones_during_a_rest_are_no_way_around_it(bench: Bench) -> None:
    """Else every postback and every tap would be a call to a provider that cannot answer."""
    bench.desk.error = Unsure("504")
    for _ in range(3):
        await bench.ask(1)
        bench.watch.go(bench.rests)
    assert bench.rests == 0
    await bench.ask(1)
    made = len(bench.calls)
    for _ in range(39):
        answers = await bench.ask(*range(20), urgent=True)
        assert all(isinstance(one, ProviderError) for one in answers)
        bench.watch.go(1)
    assert bench.rests == 1
    assert len(bench.calls) - made <= 39 / PACE.retry.total_seconds()


async def test_who_is_urgent_is_asked_about_though_it_rests(bench: Bench) -> None:
    bench.desk.error = Unsure("504")
    await bench.ask(1)
    bench.watch.go(bench.rests)
    await bench.ask(1)
    bench.watch.go(PACE.retry.total_seconds())
    assert bench.rests == 5
    bench.desk.error = None
    (answer,) = await bench.ask(2, urgent=True)
    assert answer.uuid == name(2)
    assert bench.rests == 0


@pytest.mark.parametrize(("asked_for", "rests"), [(3, 5), (42, 42), (3600, 300)])
async def test_a_busy_provider_is_left_alone_as_long_as_it_asks_for(
    bench: Bench, asked_for: float, rests: float
) -> None:
    bench.desk.error = ProviderBusy(asked_for)
    await bench.ask(1)
    assert bench.rests == rests


async def test_a_busy_provider_is_not_asked_urgently_either(bench: Bench) -> None:
    bench.desk.error = ProviderBusy(42)
    await bench.ask(1)
    bench.desk.error = None
    bench.watch.go(40)
    (answer,) = await bench.ask(2, urgent=True)
    assert isinstance(answer, ProviderBusy)
    assert answer.retry_after == 2
    assert len(bench.calls) == 1
    bench.watch.go(2)
    assert [one.uuid for one in await bench.ask(2, urgent=True)] == [name(2)]


async def test_an_answer_to_another_call_does_not_end_what_a_busy_provider_asks_for(
    bench: Bench, start: Start
) -> None:
    bench.desk.open.clear()
    well = start(bench.ask(1, urgent=True))
    await settled(1, bench)
    bench.desk.error = ProviderBusy(42)
    busy = start(bench.ask(2, urgent=True))
    await settled(2, bench)
    bench.desk.open.set()
    await asyncio.gather(well, busy)
    assert bench.rests == 42


async def test_the_end_of_the_bot_ends_who_waits(supervisor: Supervisor, start: Start) -> None:
    bench = Bench(supervisor)
    bench.desk.open.clear()
    waiting = start(bench.asker.ask(name(1), urgent=True))
    await settled(1, bench)
    async with asyncio.timeout(2):
        await supervisor.close()
    assert waiting.cancelled()
