"""The bot in a running world, and a store that can be ended."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.reliability.store import Store, store
from tests.world import World


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    """One that polls, whatever the suite is run with."""
    async with World(redis_url, webhook=False) as running:
        yield running


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[Store]:
    async with store(tmp_path) as running:
        yield running
