"""What the doctor says of the store, a real one, with each thing broken in turn."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot.doctor import embedded
from bot.doctor.embedded import examine_embedded
from bot.doctor.findings import Finding, Sign
from bot.doctor.store import examine_store
from bot.storage.embedded import EmbeddedValkey
from tests.stores.cluster import Nodes

NORMAL = {
    "appendonly": "yes",
    "appendfsync": "always",
    "maxmemory": "0",
    "maxmemory-policy": "noeviction",
}


@pytest.fixture
def configured(redis_url: str) -> Iterator[Callable[..., None]]:
    """Sets settings of the server, and takes them back."""
    with Redis.from_url(redis_url) as client:

        def set_(**settings: str) -> None:
            for name, value in settings.items():
                client.config_set(name.replace("_", "-"), value)

        yield set_
        for name, value in NORMAL.items():
            client.config_set(name, value)


def signs(findings: list[Finding]) -> str:
    return "".join(finding.sign for finding in findings)


def one(findings: list[Finding], sign: Sign) -> str:
    (found,) = [finding.text for finding in findings if finding.sign is sign]
    return found


async def test_one_that_keeps_everything(redis_url: str) -> None:
    findings = await examine_store(redis_url)
    assert signs(findings) == "✓✓"
    assert findings[0].text.startswith("store: Valkey 9")
    assert "is on disk" in findings[1].text


async def test_one_that_may_lose_a_second(redis_url: str, configured: Callable[..., None]) -> None:
    configured(appendfsync="everysec")
    said = one(await examine_store(redis_url), Sign.MIND)
    assert "appendfsync everysec may lose the last second" in said
    assert "an invoice that was shown would be watched no more" in said
    assert said.endswith("set appendfsync always")


async def test_one_that_forgets(redis_url: str, configured: Callable[..., None]) -> None:
    configured(appendonly="no")
    said = one(await examine_store(redis_url), Sign.BAD)
    assert said.endswith("set appendonly yes and appendfsync always")


async def test_one_that_evicts(redis_url: str, configured: Callable[..., None]) -> None:
    configured(maxmemory="500mb", maxmemory_policy="allkeys-lru")
    said = one(await examine_store(redis_url), Sign.BAD)
    assert said.endswith("set maxmemory-policy noeviction")


async def test_one_that_is_nearly_full(redis_url: str, configured: Callable[..., None]) -> None:
    with Redis.from_url(redis_url) as client:
        client.set("filling", "x" * 4_000_000)
    with Redis.from_url(redis_url) as client:  # the other one's buffers are gone
        used: Any = client.info("memory")
        configured(maxmemory=str(int(used["used_memory"] / 0.9)))
    said = one(await examine_store(redis_url), Sign.MIND)
    assert "of its maxmemory is used; raise it" in said


async def test_a_password_that_is_wrong(redis_url: str) -> None:
    wrong = redis_url.replace("unix://", "unix://user:test-password@")
    said = one(await examine_store(wrong), Sign.BAD)
    assert "password in REDIS_URL" in said


@pytest.mark.parametrize(
    ("may_not", "sign", "words"),
    [
        ("-config", Sign.MIND, "does not tell its settings"),
        ("-eval", Sign.BAD, "runs no scripts for this user"),
    ],
)
async def test_a_user_who_may_not_do_all(
    redis_url: str, may_not: str, sign: Sign, words: str
) -> None:
    with Redis.from_url(redis_url) as client:
        client.acl_setuser(
            "limited", enabled=True, passwords=["+test-password"], keys="*", commands=["+@all"]
        )
        client.execute_command("ACL", "SETUSER", "limited", may_not)
        try:
            url = redis_url.replace("unix://", "unix://limited:test-password@")
            assert words in one(await examine_store(url), sign)
        finally:
            client.acl_deluser("limited")


async def test_a_replica_takes_no_writes(redis_url: str, tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    url = await server.start()
    try:
        with Redis.from_url(url) as client:
            client.replicaof("127.0.0.1", "1")
        said = one(await examine_store(url), Sign.BAD)
        assert "name the primary in REDIS_URL" in said
    finally:
        await server.stop()


class TestEmbedded:
    """The store that comes with the bot."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "data"
        folder.mkdir(mode=0o700)
        return folder

    async def test_well(self, folder: Path) -> None:
        findings = await examine_embedded(folder)
        assert signs(findings) == "✓✓"
        assert "is writable" in findings[0].text
        assert "Valkey 9" in findings[1].text
        assert os.listdir(folder) == []  # noqa: PTH208 - not a Path's, which a linter takes for slow

    async def test_not_made_yet(self, folder: Path) -> None:
        findings = await examine_embedded(folder / "deep" / "er")
        assert signs(findings) == "✓✓"
        assert "will be made" in findings[0].text
        assert os.listdir(folder) == []  # noqa: PTH208 - as above

    async def test_in_use(self, folder: Path) -> None:
        server = EmbeddedValkey(folder)
        await server.start()
        try:
            findings = await examine_embedded(folder)
            assert signs(findings) == "✓✓"
            assert f"in use by the embedded server, process {server.pid}" in findings[0].text
        finally:
            await server.stop()
        assert "is writable" in (await examine_embedded(folder))[0].text

    async def test_a_look_keeps_no_server_out(self, folder: Path) -> None:
        server = EmbeddedValkey(folder, lock_wait=0)
        await server.start()
        await server.stop()
        await examine_embedded(folder)
        await server.start()
        await server.stop()

    async def test_a_file_in_its_place(self, folder: Path) -> None:
        await asyncio.to_thread((folder / "data").write_text, "")
        said = one(await examine_embedded(folder / "data"), Sign.BAD)
        assert "is no folder; name another" in said

    async def test_a_folder_that_is_everybodys(self, folder: Path) -> None:
        await asyncio.to_thread(folder.chmod, 0o1777)
        assert "everybody's" in one(await examine_embedded(folder), Sign.BAD)

    async def test_a_folder_that_is_not_writable(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Whoever runs the tests may be root, who may write anywhere.
        monkeypatch.setattr(os, "access", lambda *_: False)
        assert "is not writable" in one(await examine_embedded(folder), Sign.BAD)

    @pytest.mark.parametrize(("free", "sign"), [("FULL", Sign.BAD), ("NEARLY_FULL", Sign.MIND)])
    async def test_a_disk_that_is_full(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, free: str, sign: Sign
    ) -> None:
        monkeypatch.setattr(embedded, free, 2**70)
        assert "are left on the disk of DATA_DIR; make room" in one(
            await examine_embedded(folder), sign
        )

    async def test_a_machine_it_has_no_program_for(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(embedded, "command", lambda *_: [str(folder / "no-such-server")])
        assert "does not run here" in one(await examine_embedded(folder), Sign.BAD)


async def test_every_node_of_a_cluster(nodes: Nodes) -> None:
    findings = await examine_store(nodes.url)
    assert signs(findings) == "✓" * 6
    for node in nodes.nodes:
        assert f"store at 127.0.0.1:{node.port}: Valkey 9" in str(findings)
    [first, *_] = await examine_store(nodes.nodes[0].url)
    assert str(first).startswith("✗ store: it is a node of a cluster; put redis+cluster://")
