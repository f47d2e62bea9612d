"""What waits: counted in the schedule and never by a walk over records."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from bot.domain.condition import Backlog
from bot.storage import keys
from bot.storage.backlog import BacklogStore
from bot.storage.records import to_ms

NOW = datetime(2026, 1, 27, 9, 0, tzinfo=UTC)
NONE = timedelta(0)
NAMES = "abcdefghijklmnopqrstuvwxyz234567"


async def put(redis: Redis, invoice: str, due: datetime | None) -> None:
    """None: at once, as what somebody wished for."""
    score = 0 if due is None else to_ms(due)
    await redis.zadd(keys.due(keys.shard(invoice)), {invoice: score})


@pytest.fixture
def store(redis: Redis) -> BacklogStore:
    return BacklogStore(redis)


async def test_an_empty_store(store: BacklogStore) -> None:
    assert await store.read(NOW) == Backlog(scheduled=0, due=0, oldest=NONE, parked=0)


async def test_the_oldest_of_all_shards_counts(redis: Redis, store: BacklogStore) -> None:
    for n, name in enumerate(NAMES):
        await put(redis, name * 20, NOW + timedelta(seconds=n - 10))
    told = await store.read(NOW)
    assert told == Backlog(scheduled=32, due=11, oldest=timedelta(seconds=10), parked=0)


async def test_what_was_wished_for_counts_from_when_it_was_first_met(
    redis: Redis, store: BacklogStore
) -> None:
    await put(redis, "a" * 20, None)
    await put(redis, "b" * 20, NOW - timedelta(seconds=3))
    assert (await store.read(NOW)).oldest == timedelta(seconds=3)
    later = NOW + timedelta(seconds=60)
    assert (await store.read(later)).oldest == timedelta(seconds=63)
    await redis.zrem(keys.due(keys.shard("b" * 20)), "b" * 20)
    assert (await store.read(later)).oldest == timedelta(seconds=60)

    await redis.zrem(keys.due(keys.shard("a" * 20)), "a" * 20)
    assert (await store.read(later)).oldest == NONE
    await put(redis, "a" * 20, None)  # a new wish
    assert (await store.read(later)).oldest == NONE


async def test_parked_updates_are_counted(redis: Redis, store: BacklogStore) -> None:
    await cast("Any", redis.hset(keys.PARKED, mapping={"1": "{}", "2": "{}"}))
    assert (await store.read(NOW)).parked == 2


@pytest.mark.one_server  # whose commands are counted
async def test_it_costs_one_round_trip_and_no_walk(redis: Redis, store: BacklogStore) -> None:
    for name in NAMES:
        await put(redis, name * 20, NOW)
    before = await redis.info("commandstats")
    await store.read(NOW)
    after = await redis.info("commandstats")
    calls = {
        name: stats["calls"] - before.get(name, {"calls": 0})["calls"]
        for name, stats in after.items()
    }
    assert {name: count for name, count in calls.items() if count and name != "cmdstat_info"} == {
        "cmdstat_zcard": 16,
        "cmdstat_zcount": 16,
        "cmdstat_zrangebyscore": 32,
        "cmdstat_hlen": 1,
    }
