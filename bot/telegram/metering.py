"""Counts and times what comes from Telegram and what goes there."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, Final, Protocol

from aiogram import BaseMiddleware, Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import TelegramObject, Update
from aiogram.types.update import UpdateTypeLookupError

from bot.domain.errors import StorageAway
from bot.services.supervisor import Supervisor
from bot.telegram.outbound import changes_nothing

Observe = Callable[[str, str, float], None]
"""Takes a kind, a result and seconds."""

_ENDS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (TelegramRetryAfter, "flood"),
    (TelegramNetworkError, "network"),
    (TelegramServerError, "server"),
    (ClientDecodeError, "unreadable"),
    (TelegramAPIError, "refused"),
    (BaseException, "stopped"),
)


def kind_of(update: Update) -> str:
    """The kind of an update, as the Bot API calls it."""
    try:
        return update.event_type
    except UpdateTypeLookupError:
        return "unknown"


class UpdateMeter(BaseMiddleware):
    """Around everything that handlers do about an update, the look at who sent it included."""

    def __init__(self, observe: Observe) -> None:
        self._observe = observe

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Let it be handled."""
        assert isinstance(event, Update)  # noqa: S101 - it stands before the dispatcher's updates
        begun, result = perf_counter(), "stopped"
        try:
            answer = await handler(event, data)
            result = "unhandled" if answer is UNHANDLED else "handled"
        except StorageAway:
            result = ""  # it is not finished: whoever tries again counts it
            raise
        except Exception:
            result = "failed"
            raise
        finally:
            if result:
                self._observe(kind_of(event), result, perf_counter() - begun)
        return answer


class CallMeter(BaseRequestMiddleware):
    """Around one attempt at a call: stands inside of whoever repeats it."""

    def __init__(self, observe: Observe, flood_wait: Callable[[float], None]) -> None:
        self._observe = observe
        self._flood_wait = flood_wait

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Any:
        """Make the request."""
        begun, result = perf_counter(), "ok"
        try:
            return await make_request(bot, method)
        except BaseException as error:
            result = _result(error)
            if isinstance(error, TelegramRetryAfter):
                self._flood_wait(error.retry_after)
            raise
        finally:
            self._observe(method.__api_method__, result, perf_counter() - begun)


class Limited(Protocol):
    """The limits, see `bot/storage/limits`."""

    async def free(self, what: str, *who: int | str) -> bool: ...
    async def take(self, what: str, *who: int | str) -> int: ...


class MeteredThrottle:
    """Limits, with what they refuse counted by what was limited."""

    def __init__(
        self, limits: Limited, refused: Callable[[str], None], supervisor: Supervisor
    ) -> None:
        self._limits = limits
        self._refused = refused
        self._supervisor = supervisor

    async def free(self, what: str, *who: int | str) -> bool:
        """Whether one more may be now. Counts nothing."""
        return await self._limits.free(what, *who)

    def count(self, what: str, *who: int | str) -> None:
        """Count one that is free, without waiting for it."""
        self._supervisor.start(self._limits.take(what, *who), f"limit of {what}")

    async def take(self, what: str, *who: int | str) -> int:
        """Count one. 0: it may be; else the seconds to wait."""
        wait = await self._limits.take(what, *who)
        if wait:
            self._refused(what)
        return wait


def _result(error: BaseException) -> str:
    if isinstance(error, TelegramBadRequest) and changes_nothing(error):
        return "unchanged"
    return next(result for kind, result in _ENDS if isinstance(error, kind))
