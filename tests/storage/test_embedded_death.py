"""The embedded Valkey when somebody dies: the server, its keeper, the bot, or all of them."""

import asyncio
import fcntl
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.storage import embedded_keeper
from bot.storage.embedded import EmbeddedStoreError, EmbeddedValkey
from tests.storage.processes import Bot, alive, serves, until, until_async


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedValkey]:
    embedded = EmbeddedValkey(tmp_path / "data")
    yield embedded
    await embedded.stop()


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    process = Bot(tmp_path / "data")
    yield process
    process.end()


async def test_acknowledged_writes_survive_sigkill_of_the_server(server: EmbeddedValkey) -> None:
    url = await server.start()
    pid = server.pid
    assert pid is not None
    with Redis.from_url(url) as client:
        for number in range(200):
            client.set(f"k{number}", number)
    os.kill(pid, signal.SIGKILL)
    await until_async(lambda: server.pid not in {None, pid} and serves(url))
    with Redis.from_url(url) as client:
        assert client.dbsize() == 200


async def test_it_comes_back_when_the_keeper_is_killed(server: EmbeddedValkey) -> None:
    url = await server.start()
    pid = server.pid
    assert pid is not None
    assert server._keeper is not None
    os.kill(server._keeper.pid, signal.SIGKILL)
    await until_async(lambda: not alive(pid) and serves(url))


async def test_it_comes_back_again_and_again(server: EmbeddedValkey) -> None:
    url = await server.start()
    for _ in range(3):
        pid = server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until_async(lambda pid=pid: server.pid not in {None, pid} and serves(url))  # type: ignore[misc]


def test_sigkill_of_the_bot_ends_the_server(bot: Bot) -> None:
    bot.started()
    assert serves(bot.url)
    bot.process.kill()
    until(lambda: not alive(bot.server) and not alive(bot.keeper))


def test_sigkill_of_the_bot_in_the_middle_of_the_start(bot: Bot, tmp_path: Path) -> None:
    lock = tmp_path / "data" / embedded_keeper.LOCK
    until(lock.exists)
    bot.process.kill()
    bot.process.wait()
    written = lock.read_text()
    until(lambda: free(lock))
    assert not written or not alive(int(written))


def test_sigkill_of_the_bot_that_waits_for_the_folder(bot: Bot, tmp_path: Path) -> None:
    bot.started()
    waiting = Bot(tmp_path / "data")
    try:
        assert alive(waiting.keeper)
        waiting.process.kill()
        until(lambda: not alive(waiting.keeper))
        assert serves(bot.url)
    finally:
        waiting.end()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_sigkill_of_bot_and_keeper_together(bot: Bot) -> None:
    bot.started()
    bot.process.send_signal(signal.SIGSTOP)
    os.kill(bot.keeper, signal.SIGKILL)
    bot.process.kill()
    until(lambda: not alive(bot.server))


def test_a_server_without_its_keeper_still_holds_the_folder(bot: Bot, tmp_path: Path) -> None:
    bot.started()
    lock = tmp_path / "data" / embedded_keeper.LOCK
    bot.process.send_signal(signal.SIGSTOP)
    os.kill(bot.server, signal.SIGSTOP)
    os.kill(bot.keeper, signal.SIGKILL)
    with pytest.raises(AssertionError, match="in time"):
        until(lambda: free(lock), 0.5)
    bot.process.kill()
    os.kill(bot.server, signal.SIGTERM)
    os.kill(bot.server, signal.SIGCONT)
    until(lambda: free(lock))


def test_ctrl_c_does_not_reach_the_server(bot: Bot) -> None:
    bot.started()
    assert os.getsid(bot.server) != os.getsid(bot.process.pid)
    assert os.getsid(bot.keeper) != os.getsid(bot.process.pid)


async def test_a_new_start_waits_for_the_orphan_to_go(bot: Bot, tmp_path: Path) -> None:
    await asyncio.to_thread(bot.started)
    with Redis.from_url(bot.url) as client:
        client.set("invoice", "50 EUR")
    bot.process.kill()
    server = EmbeddedValkey(tmp_path / "data")
    with Redis.from_url(await server.start()) as client:
        assert client.get("invoice") == b"50 EUR"
    assert not alive(bot.server)
    await server.stop()


async def test_a_folder_in_use_is_refused(bot: Bot, tmp_path: Path) -> None:
    await asyncio.to_thread(bot.started)
    with pytest.raises(EmbeddedStoreError, match=f"in use by process {bot.server}"):
        await EmbeddedValkey(tmp_path / "data", lock_wait=0.2).start()
    assert serves(bot.url)


async def test_a_start_that_is_cancelled_leaves_nothing(bot: Bot, tmp_path: Path) -> None:
    await asyncio.to_thread(bot.started)
    second = EmbeddedValkey(tmp_path / "data")
    starting = asyncio.create_task(second.start())
    await until_async(lambda: second._keeper is not None)
    assert second._keeper is not None
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert await asyncio.to_thread(second._keeper.wait, 5) == 0


def free(lock: Path) -> bool:
    """Whether nobody holds the folder."""
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
