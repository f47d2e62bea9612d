"""What is in hand is noted beside the work. tests/reliability has processes that really die."""

import asyncio
from collections.abc import Collection, Iterable

import pytest
from redis.asyncio import Redis

from bot.domain.attempts import MOST_DEATHS
from bot.domain.errors import StorageAway
from bot.services.supervisor import Supervisor
from bot.storage.attempts import AttemptStore
from bot.telegram import attempts
from bot.telegram.attempts import Attempts


@pytest.fixture
async def redis(redis_url: str) -> Redis:
    return Redis.from_url(redis_url, decode_responses=True)


class Notes(AttemptStore):
    """The real store, which can be slow or away."""

    away = False
    slow: asyncio.Event | None = None
    written = 0

    async def note(
        self, life: str, begun: Collection[int], ended: Iterable[tuple[int, str]]
    ) -> None:
        """As the real one, unless it is not well."""
        self.written += 1
        if self.away:
            raise StorageAway("for a test")
        if self.slow is not None:
            await self.slow.wait()
        await super().note(life, begun, ended)


async def grown(notes: Notes, life: str = "now") -> tuple[Attempts, Supervisor]:
    """A life that has been going on for a while."""
    supervisor = Supervisor()
    known = Attempts(notes, supervisor, life=life)
    async with known.noted(1):
        pass
    await supervisor.settle(2, but=set())
    known._old_at = 0.0
    notes.written = 0
    return known, supervisor


async def test_it_is_noted_while_it_is_in_hand_and_struck_off_then(redis: Redis) -> None:
    notes = Notes(redis)
    known, supervisor = await grown(notes)
    async with known.noted(7):
        await supervisor.settle(2, but=set())
        assert list(await notes.begun()) == [7]
    await supervisor.settle(2, but=set())
    assert await notes.begun() == {}
    await redis.aclose()


async def test_nobody_waits_for_a_note_and_a_burst_takes_few(redis: Redis) -> None:
    notes = Notes(redis)
    known, supervisor = await grown(notes)
    notes.slow = asyncio.Event()
    for number in range(100, 400):
        async with asyncio.timeout(1), known.noted(number) as lives:
            assert not lives
    notes.slow.set()
    await supervisor.settle(2, but=set())
    assert notes.written <= 4
    assert await notes.begun() == {}
    await redis.aclose()


async def test_a_store_that_takes_no_notes_holds_up_nobody(redis: Redis) -> None:
    notes = Notes(redis)
    known, supervisor = await grown(notes)
    notes.away = True
    async with known.noted(7) as lives:
        await asyncio.sleep(0.05)
        assert not lives
    await supervisor.settle(2, but=set())
    await redis.aclose()


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
    await redis.aclose()


async def test_a_suspect_that_is_handled_is_none_any_more(redis: Redis) -> None:
    notes = Notes(redis)
    for life in range(MOST_DEATHS - 1):
        await notes.note(f"dead{life}", [7], [])
    supervisor = Supervisor()
    known = Attempts(notes, supervisor, life="now")
    async with known.noted(7) as lives:
        assert len(lives) == MOST_DEATHS - 1
        assert len((await notes.begun())[7]) == MOST_DEATHS
    assert await notes.begun() == {}
    async with known.noted(7) as lives:
        assert not lives
    await supervisor.settle(2, but=set())
    await redis.aclose()


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
    await redis.aclose()
