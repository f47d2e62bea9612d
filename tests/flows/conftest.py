"""Flow tests start in a running world with one admitted seller.

`world` is new for each test. Modules that only read what one line is answered share one `house`
and take a new `seller` for each test, which is ten times as fast.
"""

from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio
from redis import Redis

from bot.sandbox.telegram import Person
from tests.world import World

_NEW_IDS = count(5001)


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(valkey: str) -> AsyncIterator[World]:
    """For modules marked `pytest.mark.asyncio(loop_scope="module")`."""
    with Redis.from_url(valkey) as client:
        client.flushall()
    async with World(valkey) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def seller(house: World) -> Person:
    """Somebody new to the `house`, just admitted."""
    person = house.telegram.person(next(_NEW_IDS), "Seller")
    await house.admit(person)
    return person
