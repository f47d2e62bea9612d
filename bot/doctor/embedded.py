"""The embedded store: its folder, its disk, its program."""

import asyncio
import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Final

from bot.doctor.findings import Finding, bad, good, mind
from bot.storage.embedded_server import EmbeddedStoreError, command, environment, holder

FULL: Final = 100 * 2**20  # bytes left
NEARLY_FULL: Final = 2**30
PATIENCE: Final = 10.0  # seconds


async def examine_embedded(folder: Path) -> list[Finding]:
    """All that can be found without starting it on the folder."""
    return await asyncio.to_thread(_examine, folder)


def _examine(folder: Path) -> list[Finding]:
    return [_folder(folder.absolute()), *_disk(_existing(folder)), _program(folder)]


def _folder(folder: Path) -> Finding:
    existing = _existing(folder)
    if not existing.is_dir():
        return bad(f"store: DATA_DIR cannot be {folder}: {existing} is no folder; name another")
    if not os.access(existing, os.W_OK | os.X_OK):
        do = "let the bot's user write there, or name another"
        return bad(f"store: DATA_DIR {folder} is not writable; {do}")
    if existing != folder:
        return good(f"store: DATA_DIR {folder} will be made, for the embedded server")
    if folder.stat().st_mode & stat.S_ISVTX:
        return bad(f"store: DATA_DIR {folder} is everybody's; name a folder of the bot's own")
    user = holder(folder)
    if user:
        return good(f"store: DATA_DIR {folder} is in use by the embedded server, process {user}")
    return good(f"store: DATA_DIR {folder} is writable, for the embedded server")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that there is."""
    here = folder.absolute()
    while not here.exists() and here != here.parent:
        here = here.parent
    return here


def _disk(folder: Path) -> list[Finding]:
    free = shutil.disk_usage(folder).free
    if free < FULL:
        return [bad(f"store: {free >> 20} MB are left on the disk of DATA_DIR; make room")]
    if free < NEARLY_FULL:
        return [mind(f"store: {free >> 20} MB are left on the disk of DATA_DIR; make room soon")]
    return []


def _program(folder: Path) -> Finding:
    try:
        binary = command(folder, folder / "valkey.sock")[0]
        asked = subprocess.run(  # noqa: S603 - the server that comes with the bot
            [binary, "--version"],
            env=environment(),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=True,
        )
    except (EmbeddedStoreError, OSError, subprocess.SubprocessError) as error:
        return bad(f"store: the embedded server does not run here ({error}); set REDIS_URL")
    words = dict(word.partition("=")[::2] for word in asked.stdout.split())
    return good(f"store: the embedded server is Valkey {words.get('v', '?')}, appendfsync always")
