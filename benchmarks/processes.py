"""Processes that take part: started, charged for their CPU and memory, ended with this one.

Linux only: it tells the CPU of another process to the nanosecond.
"""

import asyncio
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.errors import BenchError

REPOSITORY: Final = Path(__file__).parents[1]
PATIENCE: Final = 20.0  # seconds to end in order
_LIBC: Final = ctypes.CDLL(None)  # loaded here: between fork and exec there may be no importing
_PR_SET_PDEATHSIG: Final = 1
_CPUCLOCK_SCHED: Final = 2


class Process:
    """One that was started; its output goes to `log`."""

    def __init__(
        self, arguments: Sequence[str], log: Path, env: Mapping[str, str], *, helper: bool = False
    ) -> None:
        self._log = log
        self.started_ns = time.monotonic_ns()
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE if helper else subprocess.DEVNULL,
                stdout=subprocess.PIPE if helper else errors,
                stderr=errors,
                cwd=log.parent,  # where there is no .env
                env={**_quiet(), **env},
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - one call that takes no lock
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def cpu(self) -> float:
        """Seconds of CPU so far, all threads, user and system."""
        return time.clock_gettime((~self.pid << 3) | _CPUCLOCK_SCHED)

    def memory(self) -> float:
        """Resident MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def told(self) -> dict[str, int]:
        """The first line of a helper's output."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise self.failed("it ended at once")
        ports: dict[str, int] = json.loads(line)
        return ports

    @property
    def ended(self) -> bool:
        """Whether it has."""
        return self._process.poll() is not None

    def failed(self, what: str) -> BenchError:
        """An error with the end of its log."""
        tail = self._log.read_text(errors="replace").splitlines()[-12:]
        return BenchError("\n".join([f"{self._log.stem}: {what}", *tail]))

    async def end(self) -> None:
        """Ask it to end, then make it end."""
        self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(self._process.wait, PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def run_once(arguments: Sequence[str], env: Mapping[str, str]) -> None:
    """Run a command to its end. Raises BenchError if that is not a good one."""
    done = subprocess.run(
        arguments, check=False, capture_output=True, env={**_quiet(), **env}, timeout=PATIENCE
    )
    if done.returncode:
        raise BenchError(f"{arguments}: status {done.returncode}, {done.stderr.decode()}")


def helper(name: str, folder: Path) -> Process:
    """One of our own modules, which ends with its standard input."""
    arguments = [sys.executable, "-m", f"benchmarks.{name}"]
    return Process(arguments, folder / f"{name}.log", {}, helper=True)


def _quiet() -> dict[str, str]:
    """The environment without any setting of a bot."""
    kept = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR")
    known = {name: os.environ[name] for name in kept if name in os.environ}
    return known | {"PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": ""}


def _end_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
