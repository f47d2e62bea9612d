"""`make screenshots`: the pictures of the README, taken in the sandbox at a phone's width.

Install a font with emoji first, on Debian fonts-noto-color-emoji; fonts-roboto makes them nicer.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from playwright.async_api import ViewportSize, expect

from bot.logs import setup_logging
from bot.stage import stage
from tests.browser.chromium import chromium, find
from tests.browser.missing import NONE
from tests.browser.visit import Visit, visiting

DOCS: Final = Path(__file__).parent.parent.parent / "docs"
LARGEST: Final = 200_000  # bytes
_PHONE: Final = ViewportSize(width=390, height=844)


async def card(visit: Visit) -> None:
    """One line in, one card out."""
    await visit.send("/invoice 50 EUR usdt trc20 #A-17 Bouquet of roses")
    await visit.says("waiting for payment")


async def conversation(visit: Visit) -> None:
    """Step by step, at the choice of the network."""
    await visit.send("/invoice")
    await visit.says("How much?")
    await visit.send("120 EUR")
    await visit.tap("USDT")
    await expect(visit.button("TON")).to_be_visible()


async def settings(visit: Visit) -> None:
    """The defaults of a chat."""
    await visit.send("/settings")
    await visit.says("Settings")


_SHOTS: Final[tuple[Callable[[Visit], Awaitable[None]], ...]] = (card, conversation, settings)


async def main() -> None:
    """Take them all, each in a chat of its own."""
    setup_logging("ERROR", "console", ())
    DOCS.mkdir(exist_ok=True)
    async with chromium() as browser:
        for shot in _SHOTS:
            async with (
                stage() as there,
                visiting(browser, there, viewport=_PHONE, device_scale_factor=1.5) as visit,
            ):
                await shot(visit)
                await visit.page.mouse.move(0, 0)
                await visit.page.evaluate("document.activeElement.blur()")
                await visit.page.evaluate("document.fonts.ready.then(() => true)")
                path = DOCS / f"{shot.__name__}.png"
                taken = await visit.page.screenshot(path=path, animations="disabled")
                if len(taken) > LARGEST:
                    raise SystemExit(f"{path.name} has {len(taken)} bytes, over {LARGEST}")
                print(f"docs/{path.name}  {len(taken) // 1000} kB")  # noqa: T201 - a command


if __name__ == "__main__":
    if find() is None:
        sys.exit(NONE)
    asyncio.run(main())
