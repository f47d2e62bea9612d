"""A client of the emptied store."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.storage.connection import connect


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url)
    yield client
    await client.aclose()
