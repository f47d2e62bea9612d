"""A Valkey that a test ends and starts again when it likes."""

import asyncio
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.storage.embedded_server import command, environment
from tests.storage.processes import serves


class Store:
    """`url` is the same in every life."""

    def __init__(self, folder: Path, socket: Path) -> None:
        self._words = command(folder, socket)
        self._process: subprocess.Popen[bytes] | None = None
        self.socket = socket
        self.url = f"unix://{socket}"

    @property
    def pid(self) -> int:
        """Of the process now running."""
        assert self._process is not None
        return self._process.pid

    async def gone(self, seconds: float) -> bool:
        """Wait at most that long until somebody has ended it."""
        assert self._process is not None
        try:
            await asyncio.to_thread(self._process.wait, seconds)
        except subprocess.TimeoutExpired:
            return False
        self._process = None
        return True

    async def start(self) -> None:
        """Returns when it serves."""
        self._process = await asyncio.to_thread(subprocess.Popen, self._words, env=environment())
        while not await asyncio.to_thread(serves, self.url):
            assert self._process.poll() is None
            await asyncio.sleep(0.01)

    async def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
            self._process = None


@asynccontextmanager
async def store(folder: Path) -> AsyncIterator[Store]:
    """One that runs."""
    with tempfile.TemporaryDirectory() as short:  # a socket's path must be short
        running = Store(folder, Path(short) / "valkey.sock")
        await running.start()
        try:
            yield running
        finally:
            await running.kill()
