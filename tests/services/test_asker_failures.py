"""What is refused is told apart, and a provider in trouble is spared."""

import asyncio

import pytest

from bot.domain.errors import (
    NotSent,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderUnauthorized,
    Unsure,
)
from bot.services.asker import MOST_SPLITS
from bot.services.supervisor import Supervisor
from tests.services.bench import PACE, Bench, Start, name, settled


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
