"""One update of a chat after the other, where they may come to several processes.

Telegram delivers a chat's messages in order, but its taps beside them; and what was not answered in
time, or died on its way, it delivers again while the first may still be in work somewhere.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from aiogram.types import Update

from bot.domain.errors import StorageAway
from bot.services.leases import Leases
from bot.services.ports import Clock
from bot.telegram.jobs import BREATH, Feed
from bot.telegram.ports import Turns
from bot.telegram.reading import AHEAD, Read, Reader
from bot.telegram.relevance import chat_of

log = logging.getLogger(__name__)

AGAIN: Final = 0.05  # seconds between two attempts to have the turn of a chat


class InTurn:
    """Feeds updates on, each once and each in its chat's turn."""

    def __init__(
        self, feed: Feed, turns: Turns, reader: Reader, leases: Leases, clock: Clock
    ) -> None:
        self._feed = feed
        self._reader = reader
        self._turns = turns
        self._leases = leases
        self._clock = clock

    async def forget(self, update: Update) -> None:
        """Handle it once more when it comes again. Raises `StorageAway`."""
        await self._turns.forget(_name(update), update.update_id)

    async def feed(self, update: Update) -> None:
        """Wait for the turn and handle it, unless that was done. Raises `StorageAway`."""
        name = _name(update)
        owner = self._leases.new_owner()
        taken, read = await self._first(update, name, owner.token)
        while not taken:
            await asyncio.sleep(AGAIN)
            owner = self._leases.new_owner()
            now = self._clock()
            taken = await self._turns.take(name, update.update_id, owner.token, now)
        if taken < 0:
            log.info("update %s was handled before", update.update_id)
            return
        token = AHEAD.set(read)
        try:
            # Should it be lost, the update is handled all the same. Two at once do no harm: every
            # write compares first. One that is cut short and begins anew is answered twice.
            async with self._leases.renewed(name, owner, self._turns):
                await self._feed(update)
        except StorageAway:
            await self._turns.give_back(name, owner.token, self._clock())
            raise
        except Exception:  # it would fail again
            await self._turns.end(name, update.update_id, owner.token)
            raise
        finally:
            AHEAD.reset(token)
        try:
            await asyncio.sleep(BREATH)  # before the turn ends and Telegram is answered
        finally:
            await self._turns.end(name, update.update_id, owner.token)

    async def _first(self, update: Update, name: str, owner: str) -> tuple[int, Read | None]:
        """Ask for the turn, and what is known then. Where that fails, the turn may have been had:
        nobody is to wait for its end."""
        try:
            return await self._reader.take(update, self._turns, name, owner, self._clock())
        except StorageAway:
            with suppress(StorageAway):
                await self._turns.give_back(name, owner, self._clock())
            raise


def _name(update: Update) -> str:
    chat = chat_of(update)
    return f"update:{update.update_id}" if chat is None else str(chat)
