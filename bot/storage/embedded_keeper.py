"""Keeps one Valkey server for one bot: run as a script by `embedded.py`, never imported by it.

Standard input is a pipe that nobody writes to. It ends when the bot closes it or dies in whatever
way, SIGKILL included, and the server is then ended too. Standard output carries one answer:
`ready PID`, `locked PID`, `exited CODE`, `late` or `failed REASON`.

Only the standard library, and little of it: the script is started with `-I -S`.
"""

import contextlib
import ctypes
import fcntl
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

LOCK = "valkey.lock"
LOG = "valkey.log"
LOG_LIMIT = 1 << 20  # bytes; twice as much is kept: this file and the one before it
LOAD_WAIT = 300.0  # seconds a large data file may take to load
GRACE = 5.0  # seconds between SIGTERM and SIGKILL
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def say(answer: str) -> None:
    """Answers the bot; one that is gone needs no answer."""
    with contextlib.suppress(OSError):
        os.write(1, answer.replace("\n", " ").encode() + b"\n")


def parent_gone(wait: float) -> bool:
    """Waits up to `wait` seconds for the pipe to end."""
    return bool(select.select([0], [], [], wait)[0])


def lock_folder(folder: Path, wait: float) -> int | None:
    """Takes the folder's lock, waiting up to `wait` seconds for a former server to go.

    None when the bot left meanwhile. Raises BlockingIOError when the lock stays taken.
    """
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
                raise BlockingIOError(holder or "unknown") from None
        else:
            return descriptor
        if parent_gone(0.05):
            return None


def die_with_keeper() -> Callable[[], None] | None:
    """What the server does before exec, on Linux: be told when this script is killed."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    keeper = os.getpid()

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != keeper:  # killed between fork and prctl
            os._exit(1)

    return before_exec


def bound_log(log: Path) -> None:
    """The server opens its log anew for each line, so it may be moved away beneath it."""
    with contextlib.suppress(OSError):
        if log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_name(f"{LOG}.1"))


def start_server(folder: Path, lock: int, command: list[str]) -> subprocess.Popen[bytes]:
    """Starts the server; it inherits the lock, which so lasts as long as any writer."""
    log = folder / LOG
    bound_log(log)
    with log.open("ab") as output:
        server = subprocess.Popen(  # noqa: S603 -- the command is built by embedded.py
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(lock,),
            start_new_session=True,
            preexec_fn=die_with_keeper(),  # noqa: PLW1509 -- no thread runs here yet
        )
    with contextlib.suppress(OSError):  # it is said for people; a full disk is the server's to tell
        os.ftruncate(lock, 0)
        os.pwrite(lock, b"%d\n" % server.pid, 0)
    return server


def end_with_parent(server: subprocess.Popen[bytes], log: Path, gone: threading.Event) -> None:
    """Waits for the pipe to end, then ends the server."""
    while not parent_gone(60):
        bound_log(log)
    gone.set()
    server.terminate()
    try:
        server.wait(GRACE)
    except subprocess.TimeoutExpired:
        server.kill()


def answers(path: str) -> bool:
    """Whether the server has loaded its data and serves."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(path)
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def report(server: subprocess.Popen[bytes], path: str) -> None:
    """Says how the start went, once it is known."""
    deadline = time.monotonic() + LOAD_WAIT
    pause = 0.005
    while server.poll() is None:
        if answers(path):
            return say(f"ready {server.pid}")
        if time.monotonic() > deadline:
            server.kill()
            return say("late")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
    return say(f"exited {server.returncode}")


def keep(folder: Path, path: str, lock_wait: float, command: list[str]) -> None:
    """Serves the folder until the bot goes or the server does."""
    lock = lock_folder(folder, lock_wait)
    if lock is None:
        return
    server = start_server(folder, lock, command)
    gone = threading.Event()
    threading.Thread(target=end_with_parent, args=(server, folder / LOG, gone), daemon=True).start()
    report(server, path)
    server.wait()
    # A child that rewrites the data file would hold the lock for as long as it works in vain.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(server.pid, signal.SIGKILL)
    if gone.is_set() and Path(path).parent != folder:  # a temporary folder nobody else clears
        with contextlib.suppress(OSError):
            Path(path).unlink(missing_ok=True)
            Path(path).parent.rmdir()


def main() -> None:
    """Arguments: folder, socket path, seconds to wait for the lock, the server's command."""
    os.umask(0o077)
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)  # the pipe alone ends it, after the bot has drained
    folder, path, lock_wait, *command = sys.argv[1:]
    try:
        keep(Path(folder), path, float(lock_wait), command)
    except BlockingIOError as error:
        say(f"locked {error}")
    except OSError as error:
        say(f"failed {error}")


if __name__ == "__main__":
    main()
