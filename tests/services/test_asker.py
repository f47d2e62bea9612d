"""Many invoices in few calls: gathered, answered one by one, left by who gives up."""

import asyncio

import pytest

from bot.domain.errors import (
    NotSent,
)
from bot.services.asker import MOST
from tests.services.bench import PACE, Bench, Start, name, settled


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
