"""What leaves for Telegram: patience where repeating is safe, and one translation of its errors."""

import asyncio
import logging
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from bot.domain.errors import CardGone, ChatClosed, DeliveryUnsure, MessageError, NotDelivered
from bot.telegram.lines import Key, Lines, TooLong, Urgency, urgency

log = logging.getLogger(__name__)

ATTEMPTS: Final = 3
# Seconds of a flood limit that are sat out here; more is the caller's. A webhook is answered in 25.
LONGEST_WAIT: Final = 20.0
BACKGROUND_WAIT: Final = 5.0  # then the reconciler's schedule does the waiting
PAUSE: Final = 0.5
POLLING: Final = "getUpdates"  # the intake has its own patience

_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to delete not found",
)
_NOBODY = ("chat not found", "user is deactivated", "peer_id_invalid")
_CLOSED = (
    *_NOBODY,
    "message thread not found",
    "topic_closed",
    "not enough rights",
    "have no rights to send",
    "chat_write_forbidden",
)


# What may be done twice. A message may not: after a broken connection it may be there.
_REPEATABLE: Final = ("edit", "answer", "delete", "get", "set", "sendChatAction")
_COUNTED: Final = ("send", "edit")  # by Telegram, against a chat
_NEVER_CONNECTED: Final = (
    "ClientConnectorError",
    "ClientConnectorDNSError",
    "ConnectionTimeoutError",
)


class Patience(BaseRequestMiddleware):
    """Takes its turn where Telegram complained, and repeats what is safe to repeat after a network
    error.

    A message is sent once, unless no connection was made. Only the reconciler repeats one whose
    fate is unknown. An edit that changes nothing is a success, as is a repeated deletion of what is
    gone.
    """

    def __init__(self, lines: Lines | None = None) -> None:
        self.lines = lines or Lines()

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Any:
        """Make the request, patiently."""
        name = method.__api_method__
        if name == POLLING:
            return await make_request(bot, method)
        longest = LONGEST_WAIT if urgency() is Urgency.ANSWER else BACKGROUND_WAIT
        ends = time.monotonic() + longest
        key, failures = _line_of(method), 0
        while True:
            try:
                await self.lines.turn(key, ends)
            except TooLong as error:
                seconds = math.ceil(error.seconds)
                raise TelegramRetryAfter(method, "others go first", seconds) from None
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                log.info("%s: flood limit, %s s", name, error.retry_after)
                self.lines.complained(key, error.retry_after)
            except (TelegramNetworkError, TelegramServerError, ClientDecodeError) as error:
                failures += 1
                if failures == ATTEMPTS or not _repeatable(name, error):
                    raise
                log.info("%s: %s", name, error.message)
                await asyncio.sleep(PAUSE * failures)
            except TelegramBadRequest as error:
                if changes_nothing(error):
                    return True
                if failures and "message to delete not found" in error.message:
                    return True
                raise


def _line_of(method: TelegramMethod[Any]) -> Key:
    name, chat = method.__api_method__, getattr(method, "chat_id", None)
    counted = name.startswith(_COUNTED) and name != "sendChatAction"
    return chat if counted and isinstance(chat, int) else name


def _repeatable(name: str, error: Exception) -> bool:
    return name.startswith(_REPEATABLE) or _never_connected(error)


def _never_connected(error: Exception) -> bool:
    return type(error.__cause__).__name__ in _NEVER_CONNECTED


def changes_nothing(error: TelegramBadRequest) -> bool:
    """Whether an edit was refused because all is there already."""
    return "message is not modified" in error.message


@contextmanager
def delivery() -> Iterator[None]:
    """Turn Telegram's errors into `MessageError`s of the domain."""
    try:
        yield
    except ClientDecodeError as error:  # a proxy's page where JSON was due
        raise DeliveryUnsure(error.message) from error
    except TelegramAPIError as error:
        raise _translated(error) from error


def undelivered(error: BaseException) -> MessageError | None:
    """What kept an answer from its reader, where that is no fault of ours: a flood limit, the
    network, a chat that is closed. None for everything else."""
    if isinstance(error, MessageError) and error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, ClientDecodeError):
        return DeliveryUnsure(error.message)
    if not isinstance(error, TelegramAPIError) or isinstance(error, TelegramEntityTooLarge):
        return None
    meant, outside = _translated(error), (TelegramRetryAfter, TelegramNetworkError)
    refused = isinstance(meant, NotDelivered) and not isinstance(error, outside)
    return None if refused else meant


def closes(error: TelegramAPIError) -> bool:
    """Whether nothing will be taken in the chat until somebody there changes that."""
    words = error.message.lower()
    refused = isinstance(error, TelegramBadRequest) and any(sign in words for sign in _NOBODY)
    return refused or isinstance(error, TelegramForbiddenError)


def _translated(error: TelegramAPIError) -> MessageError:
    words = error.message.lower()
    if isinstance(error, TelegramRetryAfter):
        return NotDelivered(error.message, error.retry_after)
    if isinstance(error, TelegramNetworkError):
        if _never_connected(error):
            return NotDelivered(error.message)
        return DeliveryUnsure(error.message)
    if isinstance(error, TelegramServerError):
        return DeliveryUnsure(error.message)
    if any(sign in words for sign in _GONE) or isinstance(error, TelegramMigrateToChat):
        return CardGone(error.message)  # what is sent follows, so it was a message that stayed
    if isinstance(error, TelegramForbiddenError) or any(sign in words for sign in _CLOSED):
        return ChatClosed(error.message)
    return NotDelivered(error.message, retry_after=60, refused=True)
