"""Chromium, driven by playwright: which one, how it is started, and what to say without it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Browser, async_playwright

from tests.browser.missing import NONE

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The executable: the one that CHROMIUM names, else the system's."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, _NAMES)), None)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A headless browser. Raises LookupError without one."""
    executable = find()
    if executable is None:
        raise LookupError(NONE)
    async with async_playwright() as playwright:
        # As root, as in containers, Chromium has no sandbox of its own; the pages are ours.
        browser = await playwright.chromium.launch(
            executable_path=executable, args=list(_FLAGS), chromium_sandbox=os.getuid() != 0
        )
        try:
            yield browser
        finally:
            await browser.close()
