"""A store that would throw invoices away is refused; one that may lose the last second is named."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.domain.errors import StorageAway
from bot.storage.connection import connect, ping
from bot.storage.durability import StoreUnfit, check_durability

pytestmark = pytest.mark.one_server  # its settings are changed


AS_WE_START_IT = {"appendfsync": "always", "maxmemory": "0", "maxmemory-policy": "noeviction"}


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url)
    yield client
    for name, value in AS_WE_START_IT.items():
        await client.config_set(name, value)
    await client.aclose()


async def test_our_own_store_is_fit(redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    await check_durability(redis)
    assert not caplog.records


async def test_a_store_that_evicts_is_refused(redis: Redis) -> None:
    await redis.config_set("maxmemory", "500mb")
    await redis.config_set("maxmemory-policy", "allkeys-lru")
    with pytest.raises(StoreUnfit, match="maxmemory-policy noeviction"):
        await check_durability(redis)


async def test_a_store_without_a_limit_never_evicts(redis: Redis) -> None:
    await redis.config_set("maxmemory-policy", "allkeys-lru")
    await check_durability(redis)


async def test_a_store_that_may_lose_a_second_is_named(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    await redis.config_set("appendfsync", "everysec")
    await check_durability(redis)
    assert "set appendfsync always" in caplog.text


async def test_nobody_there_is_storage_away() -> None:
    client = connect("redis://127.0.0.1:1/0")
    with pytest.raises(StorageAway):
        await ping(client)
    await client.aclose()
