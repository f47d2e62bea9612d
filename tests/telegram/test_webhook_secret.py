"""Which secrets are ours, and for how long."""

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from bot.storage.connection import connect
from bot.storage.webhook import WebhookStore
from bot.telegram.webhook_secret import WebhookSecret

KEY = secrets.token_bytes(32)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url)
    yield client
    await client.aclose()


def one(redis: Redis, clock: Clock, plain: str) -> WebhookSecret:
    return WebhookSecret(plain, KEY, WebhookStore(redis), clock)


async def test_the_former_counts_for_ten_minutes(redis: Redis, clock: Clock) -> None:
    await one(redis, clock, "first-secret-of-all").note()
    new = one(redis, clock, "second-secret-of-all")
    assert not await new.is_noted()
    assert await new.accepts(b"first-secret-of-all")  # Telegram was not told yet
    await new.note()
    clock.now += timedelta(minutes=9, seconds=59)
    assert await new.accepts(b"first-secret-of-all")
    clock.now += timedelta(seconds=1)
    assert not await new.accepts(b"first-secret-of-all")
    assert await new.accepts(b"second-secret-of-all")


async def test_a_restart_does_not_prolong_it(redis: Redis, clock: Clock) -> None:
    await one(redis, clock, "first-secret-of-all").note()
    await one(redis, clock, "second-secret-of-all").note()
    clock.now += timedelta(minutes=6)
    later = one(redis, clock, "second-secret-of-all")
    assert await later.is_noted()
    await later.note()
    assert await later.accepts(b"first-secret-of-all")
    clock.now += timedelta(minutes=4)
    assert not await later.accepts(b"first-secret-of-all")


async def test_of_two_changes_the_last_former_counts(redis: Redis, clock: Clock) -> None:
    for plain in ("first-secret-of-all", "second-secret-of-all", "third-secret-of-all"):
        await one(redis, clock, plain).note()
    last = one(redis, clock, "third-secret-of-all")
    assert await last.accepts(b"second-secret-of-all")
    assert not await last.accepts(b"first-secret-of-all")


async def test_nothing_noted_is_no_secret(redis: Redis, clock: Clock) -> None:
    only = one(redis, clock, "first-secret-of-all")
    assert not await only.accepts(b"")
    assert not await only.accepts(b"\xff\xfe")
    assert not await only.accepts("пароль".encode())
    assert await only.accepts(b"first-secret-of-all")


async def test_a_stranger_does_not_make_it_read_each_time(redis: Redis, clock: Clock) -> None:
    only = one(redis, clock, "first-secret-of-all")
    await only.note()
    before = int((await redis.info("commandstats")).get("cmdstat_hgetall", {}).get("calls", 0))
    for number in range(100):
        assert not await only.accepts(b"guess %d" % number)
    after = int((await redis.info("commandstats"))["cmdstat_hgetall"]["calls"])
    assert after - before <= 2


async def test_the_store_has_no_secret(redis: Redis, clock: Clock) -> None:
    await one(redis, clock, "first-secret-of-all").note()
    await one(redis, clock, "second-secret-of-all").note()
    stored = str(await cast("Any", redis.hgetall("webhook")))
    assert "secret-of-all" not in stored
