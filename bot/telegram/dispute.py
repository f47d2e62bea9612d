"""Somebody else takes the updates of this bot: a webhook, or another process that polls."""

import asyncio
import logging
import time
from contextlib import suppress
from typing import Final

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramConflictError

from bot.domain.errors import Fatal

log = logging.getLogger(__name__)

LONGEST: Final = 90.0  # seconds; a former life of this bot is gone by then
PAUSE: Final = 3.0  # seconds


class Dispute:
    """What to do about the 409 of getUpdates."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._undisputed = time.monotonic()

    def over(self) -> None:
        """Telegram did not mention anybody else."""
        self._undisputed = time.monotonic()

    async def face(self, error: TelegramConflictError) -> None:
        """A webhook left by another set-up is removed, its updates kept. A rival is waited for.

        Raises `Fatal` when it does not go: both would go on taking the other's answers.
        """
        if "webhook" in error.message:
            log.warning("a webhook was set, removing it: this bot polls")
            with suppress(TelegramAPIError):
                await self._bot.delete_webhook(drop_pending_updates=False)
            return
        if time.monotonic() - self._undisputed > LONGEST:
            raise Fatal(
                "another process takes the updates of this BOT_TOKEN and does not stop: end that "
                "one, or give this bot a token of its own"
            ) from None
        log.error("another process polls with this token: %s", error.message)
        await asyncio.sleep(PAUSE)
