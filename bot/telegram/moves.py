"""Groups that became supergroups: noted when Telegram tells, and what is said to the old id goes to
the new one."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramMigrateToChat
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Message, TelegramObject, Update

from bot.domain.chats import is_basic_group
from bot.domain.errors import StorageAway
from bot.telegram.ports import Moved

log = logging.getLogger(__name__)


class NoteMoves(BaseMiddleware):
    """Takes the two service messages that tell of a move. They come from nobody a handler knows:
    in the new chat it is @GroupAnonymousBot."""

    def __init__(self, moved: Moved) -> None:
        self._moved = moved

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Note a move, and hand everything else on. Raises `StorageAway`."""
        message = event.message if isinstance(event, Update) else None
        if message is None or not tells_of_move(message):
            return await handler(event, data)
        if message.migrate_to_chat_id is not None:
            await self._moved.note(message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id is not None:
            await self._moved.note(message.migrate_from_chat_id, message.chat.id)
        return None


def tells_of_move(message: Message) -> bool:
    """Whether it is one of these service messages."""
    return message.migrate_to_chat_id is not None or message.migrate_from_chat_id is not None


class FollowMoves(BaseRequestMiddleware):
    """Sends and questions follow a group. Edits and deletions do not: their messages stayed behind,
    and their numbers are other messages' in the new chat."""

    def __init__(self, moved: Moved) -> None:
        self._moved = moved
        self._known: dict[int, int] = {}

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Any:
        """Make the request where the chat is now."""
        chat = getattr(method, "chat_id", None)
        if not isinstance(chat, int) or not is_basic_group(chat):
            return await make_request(bot, method)
        follows = method.__api_method__.startswith(("send", "get"))
        if follows and chat in self._known:
            return await make_request(bot, _there(method, self._known[chat]))
        try:
            return await make_request(bot, method)
        except TelegramMigrateToChat as error:
            new = self._known[chat] = error.migrate_to_chat_id
            try:
                await self._moved.note(chat, new)
            except StorageAway as away:  # the next one who writes there notes it
                log.warning("not noted that group %s is %s: %s", chat, new, away)
                del self._known[chat]
            if not follows:
                raise
            # It was refused there, so it is no repetition here.
            return await make_request(bot, _there(method, new))


def _there(method: TelegramMethod[TelegramType], chat: int) -> TelegramMethod[TelegramType]:
    stayed = {"reply_parameters", "message_thread_id"} & type(method).model_fields.keys()
    return method.model_copy(update={"chat_id": chat, **dict.fromkeys(stayed)})
