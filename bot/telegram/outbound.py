"""What leaves for Telegram: patience where repeating is safe, and one translation of its errors."""

import asyncio
import logging
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
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import SendDocument, SendMessage, SendPhoto, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.domain.errors import CardGone, ChatClosed, DeliveryUnsure, MessageError, NotDelivered

log = logging.getLogger(__name__)

ATTEMPTS: Final = 3
LONGEST_WAIT: Final = 30  # seconds of `retry_after` that are sat out here; more is the caller's
PAUSE: Final = 0.5
POLLING: Final = "getUpdates"  # the intake has its own patience

_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to delete not found",
)
_CLOSED = (
    "chat not found",
    "user is deactivated",
    "peer_id_invalid",
    "message thread not found",
    "topic_closed",
    "not enough rights",
    "have no rights to send",
    "chat_write_forbidden",
    "group chat was upgraded",
)


_SENDS: Final = (SendMessage, SendPhoto, SendDocument)


class Patience(BaseRequestMiddleware):
    """Waits out flood limits, and repeats what is safe to repeat after a network error.

    A message is sent once: after a broken connection it may be there. Only the reconciler repeats
    one. An edit that changes nothing is a success.
    """

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Any:
        """Make the request, patiently."""
        attempts = 1 if method.__api_method__ == POLLING else ATTEMPTS
        for attempt in range(1, attempts + 1):
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                if attempt == attempts or error.retry_after > LONGEST_WAIT:
                    raise
                log.info("%s: flood limit, %s s", type(method).__name__, error.retry_after)
                await asyncio.sleep(error.retry_after)
            except (TelegramNetworkError, TelegramServerError, ClientDecodeError) as error:
                if attempt == attempts or isinstance(method, _SENDS):
                    raise
                log.info("%s: %s", type(method).__name__, error.message)
                await asyncio.sleep(PAUSE * attempt)
            except TelegramBadRequest as error:
                if changes_nothing(error):
                    return True
                raise
        raise AssertionError("the last attempt returns or raises")


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


def _translated(error: TelegramAPIError) -> MessageError:
    words = error.message.lower()
    if isinstance(error, TelegramRetryAfter):
        return NotDelivered(error.message, error.retry_after)
    if isinstance(error, TelegramNetworkError):
        cause = type(error.__cause__).__name__
        if cause in ("ClientConnectorError", "ConnectionTimeoutError", "ClientConnectorDNSError"):
            return NotDelivered(error.message)  # no connection was made
        return DeliveryUnsure(error.message)
    if isinstance(error, TelegramServerError):
        return DeliveryUnsure(error.message)
    if any(sign in words for sign in _GONE):
        return CardGone(error.message)
    if isinstance(error, TelegramForbiddenError) or any(sign in words for sign in _CLOSED):
        return ChatClosed(error.message)
    return NotDelivered(error.message, retry_after=60)
