"""One of two bots on one store ends, in order or not, and the other goes on."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientError

from bot.sandbox.telegram import delay
from tests.flows.driving import shown
from tests.reliability.load import Load, all_there
from tests.reliability.replicas import ReplicaWorld, replicas
from tests.reliability.waiting import idle, until
from tests.web.deliveries import deliver, message

pytestmark = pytest.mark.crash


@pytest.fixture
async def world(redis_url: str, tmp_path: Path) -> AsyncIterator[ReplicaWorld]:
    async with replicas(redis_url, tmp_path) as running:
        yield running


async def test_a_rolling_restart_under_load(world: ReplicaWorld, redis_url: str) -> None:
    load = Load(world)
    for port in world.ports:
        before = load.total
        await world.stop_replica(port)
        await until(lambda before=before: load.total > before + 20, 15)  # type: ignore[misc]
        await world.start_replica(port)
    await load.stop()
    await until(lambda: all_there(world, load), 30)
    await idle(redis_url)
    assert len(world.telegram.world.updates) == 0
    assert len(world.living) == load.total
    assert len(world.telegram.called("setWebhook")) == 1


async def test_one_dies_in_an_update_and_the_other_goes_on(
    world: ReplicaWorld, redis_url: str
) -> None:
    """Whose turn it was is waited for no longer than its lease; nobody else waits at all."""
    update = message(world, "/currencies", number=800_000_001)
    slow = world.seller.id
    world.telegram.fail("sendMessage", delay(30), when=lambda call: call["chat_id"] == slow)
    load = Load(world)
    async with asyncio.TaskGroup() as group:
        dying = group.create_task(cut_off(world.ports[0], update))
        await until(lambda: any(call.injected for call in world.telegram.calls))
        await until(lambda: load.total > 20, 15)
        await world.kill_replica(world.ports[0])
        await dying
    begun, before = time.monotonic(), load.total
    assert (await deliver(world.ports[1], update))[0] == 200
    assert time.monotonic() - begun < 6
    assert "TRY" in shown(world.seller)[-1].text
    await until(lambda: load.total > before + 20, 15)
    await load.stop()
    await until(lambda: len(world.telegram.world.updates) == 0, 30)
    await idle(redis_url, 20)
    assert len(world.living) == load.total


async def cut_off(port: int, update: object) -> None:
    """A delivery that is never answered."""
    with pytest.raises(ClientError):
        await deliver(port, update)
