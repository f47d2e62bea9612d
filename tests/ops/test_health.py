"""`/healthz`: a loop that hangs is found; whatever else goes wrong is no reason to end the bot."""

import asyncio
import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from bot import probe
from bot.sandbox.telegram.faults import refuse
from bot.services import health
from bot.telegram import intake
from tests.ops.asking import ask
from tests.reliability.process import ProcessWorld
from tests.reliability.store import Store
from tests.reliability.waiting import until
from tests.world import World

STILL = 0.8  # seconds, here, after which a loop counts as hung


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "STILL", STILL)
    monkeypatch.setattr(intake, "LONG_POLL", 0)


async def _well_for(world: World, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while loop.time() < until:
        status, said = await ask(f"{world.ops_url}/healthz")
        assert (status, said["status"], said["hung"]) == (200, "ok", [])
        assert said["still"].keys() == {"updates", "scheduler"}
        await asyncio.sleep(0.1)


async def test_a_quiet_chat_is_no_error(world: World) -> None:
    await _well_for(world, 1.5 * STILL)


@pytest.mark.slow
async def test_an_outage_of_the_store_is_no_reason_to_end_the_bot(
    mortal: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "STILL", 4 * STILL)  # it is asked several times before it is away
    async with World(mortal.url, webhook=False) as world:
        await mortal.kill()
        await _well_for(world, 8 * STILL)
        await mortal.start()


@pytest.mark.slow
async def test_an_outage_of_telegram_is_none_either(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "STILL", 2 * STILL)
    world.telegram.fail("getUpdates", refuse(502, "Bad Gateway"), times=100)
    await _well_for(world, 4 * STILL)
    world.telegram.heal()


async def test_a_loop_that_was_told_to_wait_does_not_hang(world: World) -> None:
    told = refuse(429, "Too Many Requests: retry after 2", retry_after=2)
    world.telegram.fail("getUpdates", told)
    await until(lambda: any(call.status == 429 for call in world.telegram.calls))
    await _well_for(world, 1.5 * STILL)


async def test_loops_that_hang_are_named(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    async with World(redis_url, webhook=False) as world:
        await _well_for(world, 0.1)
        monkeypatch.setattr(world.app.reconciler._records, "take_due", hang)
        await asyncio.sleep(STILL + 0.2)
        await _hung(world, "scheduler")
        monkeypatch.setattr(world.app.intake, "_ask", hang)
        await asyncio.sleep(STILL + 0.7)
        await _hung(world, "scheduler", "updates")


async def _hung(world: World, *loops: str) -> None:
    status, said = await ask(f"{world.ops_url}/healthz")
    assert (status, said["status"], sorted(said["hung"])) == (503, "hung", sorted(loops))
    assert all(said["still"][loop] > STILL for loop in loops)


@pytest.mark.crash
async def test_a_process_that_stands_still_does_not_answer(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = _free_port()
    monkeypatch.setenv("OPS_PORT", str(port))
    monkeypatch.setattr(probe, "PATIENCE", 0.3)
    world = ProcessWorld(redis_url, tmp_path, webhook=False, ops_port=str(port))
    async with world:
        assert '"ok"' in await asyncio.to_thread(probe.ask, "/healthz")
        assert world.life is not None
        pid = world.life.process.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(probe.Unwell, match="no answer from OPS_PORT"):
                await asyncio.to_thread(probe.ask, "/healthz")
        finally:
            os.kill(pid, signal.SIGCONT)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
