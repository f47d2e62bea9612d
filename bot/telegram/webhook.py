"""Lossless webhook: Telegram's request is answered 200 only when its update is handled.

What is not handled in time, or cannot be stored, is answered 503: Telegram keeps it and delivers it
again, before anything newer of the same chat.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from aiogram import Bot
from aiogram.types import Update

from bot.domain.errors import UpdateNotTaken
from bot.telegram.jobs import Jobs
from bot.telegram.registration import Registration
from bot.telegram.relevance import concerns
from bot.telegram.turn import Turn, read_update
from bot.telegram.webhook_secret import WebhookSecret

log = logging.getLogger(__name__)

PATIENCE: Final = 25.0  # seconds; Telegram itself waits for about a minute
RETRY_AFTER: Final = 2  # seconds
LOOK: Final = 300.0  # seconds between two looks whether the webhook is still set


class Webhook:
    """The one whom Telegram tells about updates, as every other replica."""

    def __init__(
        self,
        bot: Bot,
        jobs: Jobs,
        turn: Turn,
        registration: Registration,
        secret: WebhookSecret,
        *,
        username: str,
        delivered: Callable[[], None],
        dropped: Callable[[Update], None],
    ) -> None:
        """`delivered` is called for each update that comes, `dropped` is told of each of them that
        is not for the bot."""
        self._bot = bot
        self._jobs = jobs
        self._turn = turn
        self._registration = registration
        self._username = username
        self._delivered = delivered
        self._dropped = dropped
        self.accepts = secret.accepts

    @property
    def renewals(self) -> set[asyncio.Task[None]]:
        """What goes on until `close`."""
        return self._turn.renewals

    async def run(self) -> None:
        """Have updates sent here, until cancelled. Raises `Fatal`."""
        self._turn.keep()
        await self._turn.take(lambda: None)
        await self._registration.publish()
        while True:
            await asyncio.sleep(LOOK)
            await self._registration.restore()

    async def close(self) -> None:
        """Let Telegram keep what is not handled yet. The webhook stays: what people send while
        nobody is here waits, and the turn ends by itself, as other replicas may have it, too."""
        await self._turn.lapse()
        self._jobs.close()

    async def take(self, number: int, raw: dict[str, Any]) -> None:
        """Handle an update; one that comes twice is handled once. Raises `UpdateNotTaken`."""
        self._delivered()
        update = read_update(number, raw, self._bot)
        if update is None:
            return
        if not concerns(update, self._bot.id, self._username):
            self._dropped(update)
            return
        job = self._jobs.start(update)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await job.done.wait()
        if not job.done.is_set():
            raise UpdateNotTaken(f"not handled within {PATIENCE:g} s", RETRY_AFTER)
        if not job.handled:
            raise UpdateNotTaken("its effect could not be stored", RETRY_AFTER)
