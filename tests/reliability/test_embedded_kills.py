"""The bot is killed with its own store under it: no server is left behind, and never two work on
one folder."""

import asyncio
import random
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.reliability.process import ProcessWorld
from tests.reliability.waiting import idle, until
from tests.stores.reading import records

pytestmark = [
    pytest.mark.crash,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc"),
]

ORPHAN = 10.0  # seconds after which no server may be left


def servers_on(folder: Path) -> set[int]:
    """The processes of every Valkey that works on a folder."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            if words[0].endswith(b"valkey-server") and str(folder).encode() in words:
                found.add(int(process.name))
    return found


@contextmanager
def watched(folder: Path) -> Iterator[list[int]]:
    """Looks all the time how many servers there are at once."""
    counts: list[int] = [0]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.005):
            counts.append(len(servers_on(folder)))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield counts
    finally:
        ended.set()
        thread.join()


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.slow)])
async def test_killed_with_its_store(tmp_path: Path, kills: int) -> None:
    data = tmp_path / "data"
    async with ProcessWorld("", tmp_path, data_dir=str(data)) as apart:
        with watched(data) as counts:
            for number in range(1, kills + 1):
                sent = await apart.seller.send(f"/invoice {number} EUR btc")
                await asyncio.sleep(random.uniform(0, 0.3))
                await apart.kill()
                if number % 2:
                    await until(lambda: not servers_on(data), ORPHAN)
                await apart.start_bot()
                await apart.seller.read(f"🧾 {number}.00", after=sent, timeout=20)
        assert max(counts) == 1
        url = f"unix://{data}/valkey.sock"
        await idle(url)
        assert len(await records(url)) == kills
        asked = Counter(one.order.amount for one in apart.cloud.ledger.all())
        assert asked == Counter(range(1, kills + 1))
        await apart.kill()
        await until(lambda: not servers_on(data), ORPHAN)
        await apart.start_bot()
    assert not servers_on(data)
