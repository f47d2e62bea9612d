"""A client of the emptied store, and what is in it."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.domain.invoice import Invoice
from bot.storage.connection import connect
from bot.storage.invoices import InvoiceStore
from tests.storage.resting import AT, NEXT, OPEN, OWNER


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
def store(redis: Redis) -> InvoiceStore:
    return InvoiceStore(redis, boot="1")


@pytest.fixture
async def at_rest(store: InvoiceStore) -> Invoice:
    """Stored, leased by nobody, due in an hour."""
    await store.write_intent(OPEN, OWNER, AT)
    assert await store.release(OPEN, OPEN, OWNER, NEXT)
    return OPEN
