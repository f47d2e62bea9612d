"""The connection to Redis or Valkey, and the one translation of its errors."""

import functools
import re
from collections.abc import Callable, Coroutine
from typing import Any, Final, ParamSpec, TypeVar, cast

from redis.asyncio import Redis
from redis.asyncio.connection import SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import (
    Sentinel,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
)
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.exceptions import (
    BusyLoadingError,
    ClusterError,
    MovedError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import (
    ConnectionError as RedisConnectionError,
)
from redis.exceptions import (
    TimeoutError as RedisTimeoutError,
)

from bot.domain.errors import StorageAway
from bot.domain.stores import Address, Kind, Store, parse_store
from bot.storage.cluster import Cluster
from bot.storage.gathering import Gathering
from bot.storage.pool import PatientPool, PatientSentinelPool
from bot.storage.topology import Topology

P = ParamSpec("P")
T = TypeVar("T")

_AWAY: Final = (
    RedisConnectionError,  # MasterNotFoundError of the sentinels is one
    RedisTimeoutError,
    BusyLoadingError,
    ReadOnlyError,
    OutOfMemoryError,
    ClusterError,
    MovedError,
    TryAgainError,
    NoScriptError,  # restarted between the loading of a script and its use in a pipeline
    OSError,
)
_BROKEN: Final = [RedisConnectionError, RedisTimeoutError, ReadOnlyError]

# What redis-py has no class for. In a pipeline its words stand behind those of the command.
_NOT_NOW: Final = re.compile(
    r"(?:^|caused error: \(['\"])"
    r"(?:MISCONF|NOREPLICAS|(?:Script a|A)ttempted to access a non local key)"
)


def connect(url: str, answered: Callable[[float], None] | None = None) -> Redis:
    """A client whose commands are sent again a few times when the connection breaks.

    `answered` is told how many seconds each round trip took.

    redis-py alone retries nothing, or for too long. What is written is safe to apply twice, see
    `scripts`. Forms of the address: `domain/stores`. Raises ValueError for an address that is none.
    """
    store = parse_store(url)
    options: dict[str, Any] = {
        "decode_responses": True,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "health_check_interval": 30,
        "answered": answered,
        **parse_url(store.server),
    }
    if store.kind is Kind.CLUSTER:
        return _cluster(store, options)
    options |= {"retry": _retry(3), "retry_on_error": _BROKEN}
    if store.kind is Kind.SENTINEL:
        return _sentinel(store, options)
    return Gathering.from_pool(PatientPool(**options))


def _retry(times: int) -> Retry:
    return Retry(ExponentialWithJitterBackoff(cap=0.5, base=0.05), times)


def _cluster(store: Store, options: dict[str, Any]) -> Cluster:
    # Once, for a connection that broke while it was idle: what else fails may be elsewhere by now.
    options |= {"retry": Retry(NoBackoff(), 1, (RedisConnectionError,))}

    def node(address: Address) -> Redis:
        host, port = address
        return Gathering.from_pool(PatientPool(**options | {"host": host, "port": port}))

    return Cluster(Topology(store.hosts, node), like=node(store.hosts[0]))


def _sentinel(store: Store, options: dict[str, Any]) -> Redis:
    encrypted = options.pop("connection_class", None) is SSLConnection
    tls = {name: value for name, value in options.items() if name.startswith("ssl_")}
    watchers = cast("Any", Sentinel)(
        store.hosts,
        sentinel_kwargs={
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
            "retry": Retry(NoBackoff(), 1, (RedisConnectionError,)),  # the next one may know
            "ssl": encrypted,
            **tls,
            **dict(store.sentinel),
        },
    )
    for name in ("host", "port"):
        options.pop(name, None)
    pool = PatientSentinelPool(
        service_name=store.service,
        sentinel_manager=watchers,
        connection_class=SentinelManagedSSLConnection if encrypted else SentinelManagedConnection,
        **options,
    )
    return Gathering.from_pool(pool)


async def servers(redis: Redis) -> dict[str, Redis]:
    """A client for each server that the store consists of, by what to call it in a sentence.

    Raises `StorageAway`.
    """
    if not isinstance(redis, Cluster):
        return {"the store": redis}
    found = await translated(redis.nodes)()
    return {f"the store at {name}": node for name, node in found.items()}


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
            if _NOT_NOW.search(str(error)):
                raise StorageAway(str(error)) from error
            raise

    return wrapper


async def ping(client: Redis) -> None:
    """Ask whether it is there. Raises `StorageAway`."""

    @translated
    async def call() -> Any:
        return await cast("Any", client.ping())

    await call()
