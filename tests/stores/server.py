"""A Valkey on loopback that a test starts, stops and kills, and that ends with the tests."""

import random
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.storage.embedded_keeper import die_with_keeper
from bot.storage.embedded_server import command, environment
from tests.storage.processes import serves, until

OPTIONS = (
    ("bind", "127.0.0.1"),
    ("appendonly", "yes"),
    ("appendfsync", "always"),
    ("save", ""),
    ("maxmemory-policy", "noeviction"),
    ("hash-max-listpack-value", "256"),
    ("logfile", "server.log"),
    ("repl-diskless-sync-delay", "0"),
)
BUS = 10_000  # a node of a cluster talks to the others on its port and this


def free_port() -> int:
    """One that nobody listens on, nor on its bus. Below those that the system gives away."""
    while True:
        port = random.SystemRandom().randrange(12_000, 22_000)
        with suppress(OSError), _bound(port), _bound(port + BUS):
            return port


@contextmanager
def _bound(port: int) -> Iterator[None]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        yield


class Server:
    """One server on one port and one folder, in any number of lives."""

    def __init__(self, folder: Path, *options: tuple[str, str], sentinel: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        binary = command(folder, folder / "unused")[0]
        if sentinel:  # which keeps what it learns in its own settings
            settings = folder / "sentinel.conf"
            settings.write_text("".join(f"{name} {value}\n" for name, value in options))
            self._words = [binary, str(settings), "--sentinel", "--port", str(self.port)]
            self._words += ["--bind", "127.0.0.1", "--logfile", str(folder / "server.log")]
        else:
            settled = dict((*OPTIONS, ("dir", str(folder)), ("port", str(self.port)), *options))
            self._words = [binary]
            self._words += [
                word for name, value in settled.items() for word in (f"--{name}", value)
            ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """From the thread that lives as long as the tests: the server ends with it."""
        self._process = subprocess.Popen(
            self._words,
            cwd=self.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_keeper(),  # noqa: PLW1509 - one call of the system, no lock
        )

    def wait(self) -> None:
        """Until it serves."""
        until(self._serves, 20)

    def _serves(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.folder / "server.log").read_text()
        return serves(self.url)

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """It holds its connections and answers nothing, until `thaw`."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def client(self) -> Redis:
        """To be closed by whoever asks. It tries once."""
        once = Retry(NoBackoff(), 0)
        return Redis.from_url(self.url, decode_responses=True, socket_timeout=5, retry=once)

    def __enter__(self) -> Self:
        self.start()
        self.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
