"""The bot in a running world, and a store that can be ended."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.ops.outside import Outside, outside
from tests.ops.patient import Patient, free
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


@pytest.fixture(scope="module")
def servers() -> Iterator[Outside]:
    with outside() as there:
        yield there


@pytest.fixture
def patient(
    servers: Outside,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    logging_as_it_was: None,
) -> Iterator[Patient]:
    """One who is well."""
    monkeypatch.chdir(tmp_path)
    ports = {"HTTP_PORT": free(), "OPS_PORT": free()}
    yield Patient(servers, capsys, monkeypatch, REDIS_URL=redis_url, **ports)
    servers.telegram.heal()
    servers.telegram.calls.clear()
    servers.cloud.faults.clear()
    webhook = servers.telegram.world.webhook
    webhook.url, webhook.last_error_date = "", 0
