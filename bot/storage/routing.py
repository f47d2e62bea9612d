"""Sends a call to the node of a cluster that serves a slot, wherever that is by now."""

from collections.abc import Sequence
from typing import Any, Final, Protocol, TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.crc import key_slot
from redis.exceptions import (
    AskError,
    ClusterError,
    MovedError,
    ReadOnlyError,
    RedisError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.storage.topology import Topology

T_co = TypeVar("T_co", covariant=True)

REDIRECTS: Final = 5  # in a row
PASSING: Final = (
    RedisConnectionError,
    RedisTimeoutError,
    ClusterError,
    TryAgainError,
    ReadOnlyError,
)

ON_ALL: Final = ("PING", "SCRIPT LOAD")
_ON_ANY: Final = ("CLUSTER", "CONFIG", "INFO", "SCRIPT", "TIME")
_OF_NODES: Final = frozenset(
    ["CLIENT", "DBSIZE", "FLUSHALL", "FLUSHDB", "KEYS", "RANDOMKEY", "SCAN", "WAIT", "WAITAOF"]
)
_KEY_OF_SCRIPT: Final = 3
_KEY_AT: Final = {"OBJECT": 2} | dict.fromkeys(
    ("EVAL", "EVALSHA", "EVAL_RO", "EVALSHA_RO"), _KEY_OF_SCRIPT
)


class Call(Protocol[T_co]):
    """What is done at a node. `asking`: the key is there already, the slot not yet."""

    async def __call__(self, node: Redis, *, asking: bool) -> T_co: ...


def slot_of(args: Sequence[Any]) -> int | None:
    """The slot of a command's first key; None for a command that any node can answer."""
    name = str(args[0]).upper()
    word = name.partition(" ")[0]
    if name in ON_ALL or word in _ON_ANY:
        return None
    if word in _OF_NODES:
        raise NotImplementedError(f"{name} is asked of each node of a cluster by itself")
    place = _KEY_AT.get(name, 1)
    if place == _KEY_OF_SCRIPT and not int(args[2]):
        return None
    key = args[place]
    return key_slot(key if isinstance(key, bytes) else str(key).encode())


class Routing:
    """Follows what the nodes say of slots that moved, and looks anew when one is gone."""

    def __init__(self, topology: Topology) -> None:
        self._topology = topology
        self._retry = Retry(ExponentialWithJitterBackoff(cap=0.5, base=0.05), 3, PASSING)

    async def at(self, slot: int | None, call: Call[T_co]) -> T_co:
        """Run `call` on the node that serves `slot`, wherever that is by now."""
        seen, asked = 0, None

        async def once() -> T_co:
            nonlocal seen, asked
            for _ in range(REDIRECTS):
                asked = await self._topology.address_of(slot)
                seen = self._topology.number
                try:
                    return await call(self._topology.client(asked), asking=False)
                except MovedError as error:
                    await self._topology.moved(error.slot_id, error.node_addr, asked, seen)
                except AskError as error:
                    node = self._topology.client((error.host or asked[0], error.port))
                    return await call(node, asking=True)
            raise TryAgainError("the slot is moved again and again")

        async def look(error: Exception) -> None:
            if isinstance(error, TryAgainError):
                return  # its keys are on their way to another node, which takes a moment
            try:
                await self._topology.read(seen, last=asked)
            except RedisError:
                return  # the next attempt says so

        return await self._retry.call_with_retry(once, look)
