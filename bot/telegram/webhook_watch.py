"""Whether Telegram delivers here: its own word about the webhook, asked for seldom."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import WebhookInfo

log = logging.getLogger(__name__)

FRESH: Final = 30.0  # seconds that a good answer is used
BAD: Final = 2.0  # seconds that a bad one is: it may be got over at any moment
PATIENCE: Final = 2.0  # seconds
LATELY: Final = 60.0  # seconds


class WebhookWatch:
    """What is wrong with the webhook, for the readiness check.

    A failed delivery counts for a minute, and only while nothing was delivered here after it and
    only if this process was there to take it: else one failure of a replica that was going would
    make all of them unready, which fails the next delivery, and so on.
    """

    def __init__(self, bot: Bot, url: str, clock: Callable[[], float] = time.time) -> None:
        """`url` is where updates should go; `clock` gives seconds since the epoch, as Telegram."""
        self._bot = bot
        self._url = url
        self._clock = clock
        self._well_at = clock()
        self._info: WebhookInfo | None = None
        self._asked_at = 0.0

    def delivered(self) -> None:
        """An update came."""
        self._well_at = self._clock()

    async def trouble(self) -> str | None:
        """None when all is well, or when Telegram does not tell, which is no fault of a webhook."""
        trouble = self._verdict()
        if self._clock() - self._asked_at > (BAD if trouble else FRESH):
            self._asked_at = self._clock()
            await self._ask()
            trouble = self._verdict()
        return trouble

    def _verdict(self) -> str | None:
        if self._info is None:
            return None
        if self._info.url != self._url:
            return "another address is set" if self._info.url else "no address is set"
        failed = self._info.last_error_date
        if failed is None or failed.timestamp() <= max(self._well_at, self._clock() - LATELY):
            return None
        return f"Telegram could not deliver: {self._info.last_error_message}"

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                self._info = await self._bot.get_webhook_info()
        except (TelegramAPIError, ClientDecodeError, TimeoutError) as error:
            log.info("webhook not asked about: %s", error)
