"""What is in hand is noted beside the work. tests/reliability has processes that really die."""

import asyncio
from collections.abc import Collection, Iterable

import pytest
from redis.asyncio import Redis

from bot.domain.attempts import FOLLOWED, MOST_DEATHS, SPARING
from bot.domain.errors import StorageAway
from bot.services.supervisor import Supervisor, end
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
    """A life that has begun."""
    supervisor = Supervisor()
    known = Attempts(notes, supervisor, life=life)
    async with known.noted(1):
        pass
    await written(supervisor)
    notes.written = 0
    return known, supervisor


async def written(supervisor: Supervisor) -> None:
    """What is to be noted is."""
    await asyncio.sleep(2 * attempts.PAUSE)
    await supervisor.settle(2, but=set())


async def in_hand(notes: Notes) -> dict[int, int]:
    """By how many lives, but for what is said of whole lives."""
    return {number: len(of) for number, of in (await notes.begun()).items() if number > SPARING}


async def test_it_is_noted_while_it_is_in_hand_and_struck_off_then(redis: Redis) -> None:
    notes = Notes(redis)
    known, supervisor = await grown(notes)
    async with known.noted(7):
        await written(supervisor)
        assert await in_hand(notes) == {7: 1}
    await written(supervisor)
    assert await in_hand(notes) == {}
    await redis.aclose()


async def test_what_takes_a_moment_is_not_noted_while_every_life_ends_in_order(
    redis: Redis,
) -> None:
    notes = Notes(redis)
    for life in ("first", "second"):
        known, supervisor = await grown(notes, life)
        for number in range(7, 12):
            async with known.noted(number) as lives:
                assert not lives
        await written(supervisor)
        assert notes.written == 0
        assert await notes.begun() == {SPARING: frozenset({life})}
        await known.close()
        assert await notes.begun() == {}
    await redis.aclose()


async def test_after_an_end_in_disorder_all_is_noted_before_it_is_handled(redis: Redis) -> None:
    notes = Notes(redis)
    await grown(notes, "dead")
    known, supervisor = await grown(notes)
    known._is_sure()
    async with known.noted(7) as lives:
        assert not lives
        assert await in_hand(notes) == {7: 1}
    await written(supervisor)
    assert await in_hand(notes) == {}
    await known.close()
    assert (await notes.begun())[SPARING] == {"dead"}, "for as long as notes are kept"
    await redis.aclose()


async def test_what_comes_first_after_it_may_be_what_ended_it(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many such lives there were, it counts once: who comes first may be innocent."""
    monkeypatch.setattr(attempts, "AT_FIRST", 0.5)
    notes = Notes(redis)
    for life in ("dead", "dead too", "and this"):
        await notes.note(life, [SPARING], [])
    await notes.note("noted", [7], [])
    known, _ = await grown(notes)
    async with known.noted(7) as lives:
        assert len(lives) == 2
        assert await in_hand(notes) == {7: 3}, "it is noted before it is handled"
    assert await in_hand(notes) == {}, "and struck off before it counts as handled"
    async with known.noted(8) as lives:
        assert len(lives) == 1
    await asyncio.sleep(0.6)
    async with known.noted(9) as lives:
        assert not lives
    await redis.aclose()


async def test_three_deaths_count_three_though_the_first_was_not_noted(redis: Redis) -> None:
    """And of the innocent, who comes each time too, only what is held against all."""
    notes = Notes(redis)
    await grown(notes, "first")  # dies over 7 at once
    dead: list[asyncio.Task[None]] = []

    async def die(known: Attempts, told: asyncio.Future[int]) -> None:
        async with known.noted(7) as lives:
            told.set_result(len(lives))
            await asyncio.Event().wait()  # it moves no more

    for deaths, life in enumerate(("second", "third", "fourth"), 1):
        supervisor = Supervisor()
        known = Attempts(notes, supervisor, life=life)
        async with known.noted(8) as lives:
            assert len(lives) == (1 if deaths == 1 else 0)
        await written(supervisor)
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        dead.append(asyncio.create_task(die(known, told)))
        assert await told == deaths
    assert len(dead) == MOST_DEATHS
    await end(*dead)
    await redis.aclose()


async def test_what_one_death_left_noted_is_not_held_against_it_twice(redis: Redis) -> None:
    notes = Notes(redis)
    for life in ("a", "b"):  # replicas; the second lives on
        await notes.note(life, [SPARING], [])
    await notes.note("a", [7], [])
    async with Attempts(notes, Supervisor(), life="now").noted(7) as lives:
        assert lives == {"a"}
    await redis.aclose()


async def test_a_replica_that_lives_on_can_still_die(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who began after it took it for dead."""
    monkeypatch.setattr(attempts, "FRESH", 0.0)
    notes = Notes(redis)
    known, supervisor = await grown(notes, "first")
    await grown(notes, "second")
    assert (await notes.begun())[FOLLOWED] == {"first"}
    async with known.noted(7):
        pass
    await written(supervisor)
    assert FOLLOWED not in await notes.begun()
    await redis.aclose()


async def test_a_long_life_repeats_its_word(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FRESH", 0.0)
    notes = Notes(redis)
    known, supervisor = await grown(notes)
    async with known.noted(7):
        pass
    await written(supervisor)
    assert notes.written == 0
    monkeypatch.setattr(attempts, "SAID", 0.0)
    async with known.noted(8):
        pass
    await written(supervisor)
    assert notes.written == 1
    await redis.aclose()


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
    await redis.aclose()


async def test_a_store_that_takes_no_notes_holds_up_nobody(redis: Redis) -> None:
    notes = Notes(redis)
    known, supervisor = await grown(notes)
    notes.away = True
    async with known.noted(7) as lives:
        await asyncio.sleep(3 * attempts.PAUSE)
        assert not lives
    await written(supervisor)
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
    assert await in_hand(notes) == {}
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
