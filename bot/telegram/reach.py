"""Chats that are closed to the bot are noted, and what it says by itself is not sent there.

A chat is open again when somebody writes there or lets the bot in: `who` and `handlers/standing`
see to that. An answer is always sent: who is answered has just written.
"""

import asyncio
import logging
from typing import Any, Final

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramAPIError, TelegramForbiddenError
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from bot.domain.errors import StorageAway
from bot.telegram.lines import Urgency, urgency
from bot.telegram.outbound import closes
from bot.telegram.ports import Closed

log = logging.getLogger(__name__)

PATIENCE: Final = 0.5  # seconds of a slow store: then it is sent, and Telegram says how things are


class Reach(BaseRequestMiddleware):
    """Edits pass: what was written before may be changed."""

    def __init__(self, closed: Closed) -> None:
        self._closed = closed

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Any:
        """Make the request, unless it is known to be refused."""
        chat = getattr(method, "chat_id", None)
        if not isinstance(chat, int) or not method.__api_method__.startswith("send"):
            return await make_request(bot, method)
        if urgency() is Urgency.BACKGROUND and await self._is_closed(chat):
            raise TelegramForbiddenError(method, "Forbidden: noted when it was refused before")
        try:
            return await make_request(bot, method)
        except TelegramAPIError as error:
            if closes(error):
                await self._note(chat, error.message)
            raise

    async def _is_closed(self, chat: int) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._closed.is_closed(chat)
        except (StorageAway, TimeoutError):
            return False

    async def _note(self, chat: int, why: str) -> None:
        log.info("chat %s is closed: %s", chat, why)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._closed.note_closed(chat)
        except (StorageAway, TimeoutError) as error:
            log.warning("not noted that chat %s is closed: %s", chat, error)
