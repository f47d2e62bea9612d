"""The embedded Valkey: how it is set up, where it runs and why it does not."""

import asyncio
import os
import platform
import stat
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis import Redis

from bot.storage import embedded_keeper
from bot.storage.embedded import EmbeddedStoreError, EmbeddedValkey
from tests.storage.processes import alive, serves


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedValkey]:
    embedded = EmbeddedValkey(tmp_path / "data")
    yield embedded
    await embedded.stop()


async def test_it_is_configured_to_lose_nothing(server: EmbeddedValkey) -> None:
    with Redis.from_url(await server.start()) as client:
        said = client.config_get("*")
    assert isinstance(said, dict)
    wanted = {
        "appendonly": "yes",
        "appendfsync": "always",
        "aof-load-truncated": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "hash-max-listpack-value": "256",
        "port": "0",
    }
    assert {name: said[name] for name in wanted} == wanted


async def test_nobody_else_can_read_or_connect(server: EmbeddedValkey, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    await server.start()
    for path in [folder, *folder.rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


async def test_a_long_path_gets_a_short_private_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 100)
    server = EmbeddedValkey(folder)
    url = await server.start()
    socket = Path(url.removeprefix("unix://"))
    try:
        assert serves(url)
        assert len(os.fsencode(socket)) <= 100
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        assert (folder / "appendonlydir").is_dir()
    finally:
        await server.stop()
    assert not socket.parent.exists()


async def test_a_long_temporary_folder_does_not_lengthen_the_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("y" * 90)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    server = EmbeddedValkey(tmp_path / ("x" * 100))
    url = await server.start()
    try:
        assert serves(url)
    finally:
        await server.stop()


async def test_a_path_with_signs_that_mean_something_in_urls(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path / "a b%20?#ж")
    try:
        assert serves(await server.start())
    finally:
        await server.stop()


async def test_stop_ends_the_server(server: EmbeddedValkey) -> None:
    await server.start()
    pid = server.pid
    assert pid is not None
    await server.stop()
    assert not alive(pid)
    assert server.pid is None


async def test_stop_before_start_is_nothing(server: EmbeddedValkey) -> None:
    await server.stop()


async def test_data_survive_a_stop(server: EmbeddedValkey) -> None:
    with Redis.from_url(await server.start()) as client:
        client.set("invoice", "50 EUR")
    await server.stop()
    with Redis.from_url(await server.start()) as client:
        assert client.get("invoice") == b"50 EUR"


async def test_the_unfinished_last_write_is_dropped(server: EmbeddedValkey, tmp_path: Path) -> None:
    with Redis.from_url(await server.start()) as client:
        client.set("first", "kept")
    await server.stop()
    with aof(tmp_path).open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$6\r\nsecond\r\n$4\r\nlo")
    with Redis.from_url(await server.start()) as client:
        assert client.keys() == [b"first"]


async def test_damaged_data_are_named(server: EmbeddedValkey, tmp_path: Path) -> None:
    with Redis.from_url(await server.start()) as client:
        client.set("first", "x" * 1000)
        client.set("second", "y" * 1000)
    await server.stop()
    data = bytearray(aof(tmp_path).read_bytes())
    data[0:100] = b"?" * 100
    aof(tmp_path).write_bytes(data)
    with pytest.raises(EmbeddedStoreError, match="the data is damaged; restore a backup"):
        await server.start()


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedStoreError, match="cannot hold the data: Not a directory"):
        await EmbeddedValkey(tmp_path / "file" / "data").start()


def test_a_shared_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(EmbeddedStoreError, match="everybody's"):
        asyncio.run(EmbeddedValkey(tmp_path).start())
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


async def test_a_file_that_cannot_be_written(server: EmbeddedValkey, tmp_path: Path) -> None:
    (tmp_path / "data" / embedded_keeper.LOCK).mkdir(parents=True)
    with pytest.raises(EmbeddedStoreError, match="Is a directory"):
        await server.start()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(EmbeddedStoreError, match="Permission denied"):
        asyncio.run(EmbeddedValkey(tmp_path / "data").start())


async def test_a_machine_without_a_server_in_the_wheel(
    server: EmbeddedValkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(EmbeddedStoreError, match=r"riscv64.*set REDIS_URL"):
        await server.start()


async def test_the_log_is_bounded(server: EmbeddedValkey, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    log = folder / embedded_keeper.LOG
    log.write_bytes(b"x" * (embedded_keeper.LOG_LIMIT + 1))
    await server.start()
    assert "Ready to accept connections" in log.read_text()
    assert log.stat().st_size < 10_000


def aof(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "data" / "appendonlydir").glob("*.incr.aof")
    return path
