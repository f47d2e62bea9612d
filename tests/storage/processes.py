"""A bot in a process of its own, and what to ask about processes."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

ROOT = Path(__file__).parents[2]
BOT = textwrap.dedent(
    """
    import asyncio, sys
    from pathlib import Path
    from bot.storage.embedded import EmbeddedValkey

    async def main():
        server = EmbeddedValkey(Path(sys.argv[1]))
        starting = asyncio.create_task(server.start())
        while server._keeper is None:
            await asyncio.sleep(0.001)
        print(server._keeper.pid, flush=True)
        print(await starting, flush=True)
        print(server.pid, flush=True)
        await asyncio.sleep(60)

    asyncio.run(main())
    """
)


def alive(pid: int) -> bool:
    """Whether the process runs; one that waits to be reaped does not."""
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # macOS has no /proc, Linux had until a moment ago
        return sys.platform != "linux"


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


async def until_async(condition: Callable[[], bool], seconds: float = 10) -> None:
    await asyncio.to_thread(until, condition, seconds)


def serves(url: str) -> bool:
    with contextlib.suppress(RedisError), Redis.from_url(url) as client:
        return bool(client.ping())
    return False


class Bot:
    """A bot in a process of its own, that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", BOT, str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self.process.stdout
        self.keeper = int(self.process.stdout.readline())
        self.url = ""
        self.server = 0

    def started(self) -> None:
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()
        self.server = int(self.process.stdout.readline())

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pid in (self.keeper, self.server):  # a test that failed may have left them stopped
            if pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        assert self.process.stdout
        self.process.stdout.close()
