"""What takes a moment is not noted as long as every life ends in order, and what follows when one
does not."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.domain.attempts import FOLLOWED, MOST_DEATHS, SPARING
from bot.services.supervisor import Supervisor, end
from bot.telegram import attempts
from bot.telegram.attempts import Attempts
from tests.telegram.lives import Notes, grown, in_hand, written


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url, decode_responses=True)
    yield client
    await client.aclose()


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


async def test_what_one_death_left_noted_is_not_held_against_it_twice(redis: Redis) -> None:
    notes = Notes(redis)
    for life in ("a", "b"):  # replicas; the second lives on
        await notes.note(life, [SPARING], [])
    await notes.note("a", [7], [])
    async with Attempts(notes, Supervisor(), life="now").noted(7) as lives:
        assert lives == {"a"}


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
