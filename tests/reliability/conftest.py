"""Reliability tests start in a running world, of one process or of two."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.reliability.process import ProcessWorld
from tests.world import World


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    """The bot in the process of the tests."""
    async with World(redis_url) as running:
        yield running


@pytest.fixture
async def apart(redis_url: str, tmp_path: Path) -> AsyncIterator[ProcessWorld]:
    """The bot in a process of its own."""
    async with ProcessWorld(redis_url, tmp_path) as running:
        yield running
