"""The Valkey server that comes with the bot, for those who bring none of their own.

    bot ──pipe──> keeper (`embedded_keeper.py`) ──> valkey-server

The keeper ends the server when the bot is gone. A lock on the folder, whose descriptor the server
inherits, sees to it that two servers never write one folder. A server that dies while the bot
lives is started again at the same address.
"""

import asyncio
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from bot.storage.embedded_server import (
    EmbeddedStoreError,
    command,
    environment,
    log_size,
    log_tail,
    prepare,
    reason,
)

__all__ = ["EmbeddedStoreError", "EmbeddedValkey"]

SOCKET_PATH_LIMIT = 100  # bytes; sockaddr_un holds 108 on Linux, 104 on macOS
LOCK_WAIT = 10.0  # seconds for a former server to go
RESTART_DELAY = (0.1, 5.0)  # seconds: the first, the longest
STEADY = 60.0  # seconds of life after which the delay starts small again

KEEPER = Path(__file__).with_name("embedded_keeper.py")

log = logging.getLogger(__name__)


class EmbeddedValkey:
    """One embedded server on one folder."""

    def __init__(self, data_dir: Path, *, lock_wait: float = LOCK_WAIT) -> None:
        """`lock_wait`: seconds to wait for another server to leave the folder."""
        self._folder = data_dir.absolute()
        self._lock_wait = lock_wait
        self._socket = self._folder / "valkey.sock"
        self._keeper: subprocess.Popen[bytes] | None = None
        self._watcher: threading.Thread | None = None
        self._ending = threading.Event()
        self._spawning = threading.Lock()
        self.pid: int | None = None
        """Process id of the server now running."""

    async def start(self) -> str:
        """Starts the server, or says why not, and returns its URL (`unix://…`).

        Returns once all data are loaded. The URL stays the same when the server is restarted.
        Raises EmbeddedStoreError.
        """
        if self._watcher is not None:
            raise RuntimeError("start() after start() without stop()")
        self._ending.clear()
        try:
            return await asyncio.to_thread(self._start)
        except BaseException:
            self._end()
            raise

    async def stop(self) -> None:
        """Ends the server and returns when it is gone: at once usually, 5 s at most."""
        self._end()
        await asyncio.to_thread(self._join)

    def _start(self) -> str:
        prepare(self._folder)
        self._socket = self._folder / "valkey.sock"
        if len(os.fsencode(self._socket)) > SOCKET_PATH_LIMIT:
            self._socket = _short_folder() / "valkey.sock"
        try:
            self._launch()
        except EmbeddedStoreError:
            self._remove_socket_folder()
            raise
        # A thread, as it has to outlive whichever event loop called start().
        self._watcher = threading.Thread(target=self._watch, name="embedded-valkey", daemon=True)
        self._watcher.start()
        return f"unix://{quote(str(self._socket))}"

    def _launch(self) -> None:
        """Starts one keeper and its server; returns once the server serves."""
        logfile = self._folder / "valkey.log"
        log_start = log_size(logfile)
        keeper = self._spawn()
        assert keeper.stdout is not None  # noqa: S101 -- for the type checker: it is a pipe
        line = keeper.stdout.readline().decode(errors="replace")
        answer, _, detail = line.strip().partition(" ")
        if answer == "ready":
            self.pid = int(detail)
            return
        _release(keeper)
        why = reason(answer, detail, log_tail(logfile, log_start))
        raise EmbeddedStoreError(f"The embedded Valkey cannot run in {self._folder}: {why}.")

    def _spawn(self) -> subprocess.Popen[bytes]:
        words = [self._folder, self._socket, self._lock_wait, *command(self._folder, self._socket)]
        with self._spawning:
            if self._ending.is_set():
                raise EmbeddedStoreError("It was stopped while starting.")
            try:
                self._keeper = subprocess.Popen(  # noqa: S603 -- nobody types any of it
                    [sys.executable, "-I", "-S", "-W", "ignore", KEEPER, *map(str, words)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # Ctrl-C is for the bot, which drains first
                    env=environment(),
                )
            except OSError as error:
                raise EmbeddedStoreError(f"No process can be started: {error}.") from error
            return self._keeper

    def _watch(self) -> None:
        """Starts the server again whenever it dies, until stop()."""
        delay = RESTART_DELAY[0]
        while (keeper := self._keeper) is not None:
            born = time.monotonic()
            keeper.wait()
            self._clear(keeper)
            if time.monotonic() - born > STEADY:
                delay = RESTART_DELAY[0]
            while not self._ending.wait(delay):
                delay = min(delay * 2, RESTART_DELAY[1])
                try:
                    self._launch()
                except EmbeddedStoreError as error:
                    if not self._ending.is_set():
                        log.warning("embedded store still down: %s", error)
                else:
                    log.warning("embedded store had ended and was started again")
                    break
            else:
                return

    def _clear(self, keeper: subprocess.Popen[bytes]) -> None:
        if keeper.returncode < 0 and self.pid is not None:
            # The keeper was killed. On Linux its server ends by itself, elsewhere by this.
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
        self.pid = None
        _release(keeper)

    def _end(self) -> None:
        self._ending.set()
        with self._spawning:
            if self._keeper is not None and self._keeper.stdin is not None:
                self._keeper.stdin.close()

    def _join(self) -> None:
        if self._watcher is not None:
            self._watcher.join()
        self._watcher = self._keeper = None
        self._remove_socket_folder()

    def _remove_socket_folder(self) -> None:
        if self._socket.parent != self._folder:
            shutil.rmtree(self._socket.parent, ignore_errors=True)


def _short_folder() -> Path:
    """A new 0700 folder for the socket alone; TMPDIR may itself be too long a path."""
    usual = tempfile.gettempdir()
    room = SOCKET_PATH_LIMIT - len("/invoice-bot-12345678/valkey.sock")
    short = usual if len(os.fsencode(usual)) <= room else "/tmp"  # noqa: S108 - made by mkdtemp
    return Path(tempfile.mkdtemp(prefix="invoice-bot-", dir=short))


def _release(keeper: subprocess.Popen[bytes]) -> None:
    for pipe in (keeper.stdin, keeper.stdout):
        if pipe is not None:
            pipe.close()
    keeper.wait()
