"""How `python -m bot` ends when it cannot go on: with a status, and one line that says why."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from multiprocessing import parent_process
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from bot.__main__ import main
from bot.connections import StartError
from bot.sandbox.telegram import LocalTelegram
from bot.sandbox.telegram.faults import Fault, refuse
from bot.telegram import dispute
from tests.ops.outside import Outside
from tests.reliability import process
from tests.reliability.waiting import until
from tests.world import World


def _life(environment: dict[str, str], folder: Path, log: Path) -> None:
    """`python -m bot`, but that its patience with a rival is short."""
    tests = parent_process()
    assert tests is not None
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with patch.object(dispute, "LONGEST", 1.0), patch.object(dispute, "PAUSE", 0.1):
        sys.exit(main([]))


class Life:
    """A bot that is run as from the command line, once it is started."""

    def __init__(self, telegram: LocalTelegram, environment: dict[str, str], folder: Path) -> None:
        self.telegram = telegram
        self.environment = environment
        self._log = folder / "log"
        self._process = process._FORKS.Process(
            target=_life, args=(environment, folder, self._log), daemon=True
        )

    def start(self) -> None:
        self._process.start()

    async def ended(self) -> tuple[int | None, list[str]]:
        """The status, and the lines it wrote."""
        await asyncio.to_thread(self._process.join, 20)
        return self._process.exitcode, self._log.read_text().splitlines()

    def kill(self) -> None:
        if self._process.pid is not None:
            self._process.kill()
            self._process.join()


@pytest.fixture
async def life(redis_url: str, tmp_path: Path) -> AsyncIterator[Life]:
    servers = Outside()
    await servers.open()
    environment = {"REDIS_URL": redis_url, "HTTP_PORT": "0", "OPS_PORT": "0"}
    running = Life(servers.telegram, servers.settings() | environment, tmp_path)
    yield running
    running.kill()
    await servers.close()


@pytest.mark.crash
async def test_a_rival_that_does_not_stop_polling(life: Life) -> None:
    life.start()
    await until(lambda: bool(life.telegram.called("getUpdates")), 20)
    async with asyncio.TaskGroup() as group:
        rival = group.create_task(_rival(life.telegram))
        status, lines = await life.ended()
        rival.cancel()
    assert status == 1
    (told,) = [line for line in lines if "takes the updates of this BOT_TOKEN" in line]
    assert "CRITICAL" in told
    assert told == lines[-1]
    assert "Traceback" not in "\n".join(lines)


async def _rival(telegram: LocalTelegram) -> None:
    url = f"{telegram.url}/bot{telegram.token}/getUpdates"
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        while True:
            await http.post(url, json={"timeout": 5})


@pytest.mark.crash
@pytest.mark.parametrize(
    ("webhook", "method", "refusal", "words"),
    [
        (False, "getUpdates", refuse(401, "Unauthorized"), "BOT_TOKEN is not accepted any more"),
        (True, "getWebhookInfo", refuse(401, "Unauthorized"), "BOT_TOKEN is not accepted any more"),
        (True, "setWebhook", refuse(400, "Bad Request: bad webhook"), "PUBLIC_URL: Telegram says"),
    ],
)
async def test_what_telegram_does_not_accept(
    life: Life, webhook: bool, method: str, refusal: Fault, words: str
) -> None:
    life.telegram.fail(method, refusal, times=100)
    if webhook:
        life.environment["PUBLIC_URL"] = "http://127.0.0.1:1"
        life.environment["WEBHOOK_SECRET"] = "test-webhook-secret"
    life.start()
    status, lines = await life.ended()
    assert status == 1
    (told,) = [line for line in lines if words in line]
    assert told == lines[-1]
    assert "Traceback" not in "\n".join(lines)


@pytest.mark.parametrize("setting", ["HTTP_PORT", "OPS_PORT"])
async def test_a_port_that_is_taken_is_named(redis_url: str, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        settings: dict[str, Any] = {setting.lower(): port}
        world = World(redis_url, **settings)
        await world.telegram.start()
        await world.cloud.start()
        with pytest.raises(StartError, match=f"^{setting}: no site on 127.0.0.1:{port}: "):
            await world.start_bot()
        await world.cloud.close()
        await world.telegram.close()
