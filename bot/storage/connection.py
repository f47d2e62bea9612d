"""The connection to Redis or Valkey, and the one translation of its errors."""

import functools
from collections.abc import Callable, Coroutine
from typing import Any, Final, ParamSpec, TypeVar, cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import (
    BusyLoadingError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
)
from redis.exceptions import (
    ConnectionError as RedisConnectionError,
)
from redis.exceptions import (
    TimeoutError as RedisTimeoutError,
)

from bot.domain.errors import StorageAway
from bot.storage.pool import PatientPool

P = ParamSpec("P")
T = TypeVar("T")

_AWAY: Final = (
    RedisConnectionError,
    RedisTimeoutError,
    BusyLoadingError,
    ReadOnlyError,
    OutOfMemoryError,
    OSError,
)

# NOSCRIPT: the server was restarted between the loading of a script and its use in a pipeline.
_NOT_NOW: Final = ("MISCONF", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "NOSCRIPT")


def connect(url: str, answered: Callable[[float], None] | None = None) -> Redis:
    """A client whose commands are sent again a few times when the connection breaks.

    `answered` is told how many seconds each round trip took.

    `from_url` alone retries nothing. What is written is safe to apply twice, see `scripts`.
    """
    pool = PatientPool.from_url(
        url,
        decode_responses=True,
        socket_timeout=5,
        socket_connect_timeout=2,
        health_check_interval=30,
        retry=Retry(ExponentialWithJitterBackoff(cap=0.5, base=0.05), 3),
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
        answered=answered,
    )
    return Redis.from_pool(pool)


def translated(
    call: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Turn "Redis is away, or takes no writes" into `StorageAway`.

    Anything else is a fault of ours and passes.
    """

    @functools.wraps(call)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await call(*args, **kwargs)
        except _AWAY as error:
            raise StorageAway(f"{type(error).__name__}: {error}") from error
        except ResponseError as error:
            if str(error).startswith(_NOT_NOW):
                raise StorageAway(str(error)) from error
            raise

    return wrapper


async def ping(client: Redis) -> None:
    """Ask whether it is there. Raises `StorageAway`."""

    @translated
    async def call() -> Any:
        return await cast("Any", client.ping())

    await call()
