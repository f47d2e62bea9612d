"""What is in hand is noted beside the work. tests/reliability has processes that really die."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.domain.attempts import MOST_DEATHS
from bot.services.supervisor import Supervisor
from bot.telegram import attempts
from bot.telegram.attempts import Attempts
from tests.telegram.lives import Notes, grown, in_hand, written


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url, decode_responses=True)
    yield client
    await client.aclose()


async def test_it_is_noted_while_it_is_in_hand_and_struck_off_then(redis: Redis) -> None:
    notes = Notes(redis)
    known, supervisor = await grown(notes)
    async with known.noted(7):
        await written(supervisor)
        assert await in_hand(notes) == {7: 1}
    await written(supervisor)
    assert await in_hand(notes) == {}


async def test_nobody_waits_for_a_note_and_a_burst_takes_few(redis: Redis) -> None:
    notes = Notes(redis)
    known, supervisor = await grown(notes)
    notes.slow = asyncio.Event()

    async def handled(number: int) -> None:
        async with known.noted(number) as lives:
            assert not lives
            await asyncio.sleep(3 * attempts.PAUSE)

    async with asyncio.timeout(1):
        await asyncio.gather(*map(handled, range(100, 400)))
    notes.slow.set()
    await written(supervisor)
    await written(supervisor)
    assert 0 < notes.written <= 4
    assert await in_hand(notes) == {}


async def test_a_store_that_takes_no_notes_holds_up_nobody(redis: Redis) -> None:
    notes = Notes(redis)
    known, supervisor = await grown(notes)
    notes.away = True
    async with known.noted(7) as lives:
        await asyncio.sleep(3 * attempts.PAUSE)
        assert not lives
    await written(supervisor)


async def test_what_another_replica_left_is_learned_beside_the_work(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "FRESH", 0.0)
    notes = Notes(redis)
    known, supervisor = await grown(notes)
    for life in range(MOST_DEATHS):
        await notes.note(f"dead{life}", [7], [])
    async with known.noted(8):  # somebody else's
        pass
    await supervisor.settle(2, but=set())
    async with known.noted(7) as lives:
        assert len(lives) == MOST_DEATHS


async def test_a_suspect_that_is_handled_is_none_any_more(redis: Redis) -> None:
    notes = Notes(redis)
    for life in range(MOST_DEATHS - 1):
        await notes.note(f"dead{life}", [7], [])
    supervisor = Supervisor()
    known = Attempts(notes, supervisor, life="now")
    async with known.noted(7) as lives:
        assert len(lives) == MOST_DEATHS - 1
        assert len((await notes.begun())[7]) == MOST_DEATHS
    assert await in_hand(notes) == {}
    async with known.noted(7) as lives:
        assert not lives
    await supervisor.settle(2, but=set())


async def test_a_suspect_that_is_stuck_does_not_hold_up_the_next(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "ALONE", 0.05)
    notes = Notes(redis)
    for number in (7, 8):
        for life in range(MOST_DEATHS - 1):
            await notes.note(f"dead{life}", [number], [])
    known = Attempts(notes, Supervisor(), life="now")
    async with known.noted(7), asyncio.timeout(2), known.noted(8):
        assert len((await notes.begun())[8]) == MOST_DEATHS
