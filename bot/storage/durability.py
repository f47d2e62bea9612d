"""What an external store must be and promise before it may keep records of money."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.domain.errors import BotError
from bot.storage.cluster import Cluster
from bot.storage.connection import servers, translated

log = logging.getLogger(__name__)

OLDEST: Final = 7  # of Redis, which Valkey counts on from


class StoreUnfit(BotError):
    """The store is none for us or would throw records away; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Durability:
    """The settings of a server that decide what it may lose, as it calls them."""

    appendonly: str
    appendfsync: str
    policy: str
    limited: bool

    @property
    def evicts(self) -> bool:
        """Whether it may throw records away when memory runs short."""
        return self.limited and self.policy != "noeviction"

    @property
    def forgets(self) -> bool:
        """Whether a crash may cost everything since its last snapshot."""
        return self.appendonly != "yes"

    @property
    def may_lose_a_second(self) -> bool:
        """Whether a crash may cost what was acknowledged in the last second."""
        return not self.forgets and self.appendfsync != "always"


@translated
async def read_durability(server: Redis) -> Durability | None:
    """What one server says of itself; None where it does not, as managed services hide it.

    Raises `StorageAway`.
    """
    wanted = ("appendonly", "appendfsync", "maxmemory-policy", "maxmemory")
    try:
        found = await cast("Any", server.config_get(*wanted))
    except ResponseError as error:
        log.info("the store does not tell its settings: %s", error)
        return None
    return Durability(
        appendonly=found.get("appendonly", "no"),
        appendfsync=found.get("appendfsync", ""),
        policy=found.get("maxmemory-policy", "noeviction"),
        limited=found.get("maxmemory", "0") != "0",
    )


def unfit(info: Mapping[str, Any], *, cluster: bool) -> str | None:
    """Why a server that says this INFO of itself is not what REDIS_URL takes it for, and what to
    put; None when it is."""
    version = str(info.get("redis_version", OLDEST))
    number = version.partition(".")[0]
    if info.get("redis_mode") == "sentinel":
        return "it is a sentinel; put redis+sentinel://host:26379/service into REDIS_URL"
    if info.get("cluster_enabled") and not cluster:
        return "it is a node of a cluster; put redis+cluster://host:6379 into REDIS_URL"
    if info.get("role") == "slave" and not cluster:
        return "it is a replica and takes no writes; name the primary in REDIS_URL"
    if "valkey_version" not in info and number.isdecimal() and int(number) < OLDEST:
        return f"it is Redis {version}; use Redis {OLDEST} or newer, or Valkey"
    return None


async def check_durability(redis: Redis) -> None:
    """Refuse a store of another kind than the address says, one that is too old and one that evicts
    records; warn of one that may lose the last second. Every server of a cluster is looked at, the
    replicas as well: one day they are the primaries.

    Raises `StoreUnfit`, `StorageAway`.
    """
    for name, server in (await servers(redis)).items():
        await _check_kind(name, server, cluster=isinstance(redis, Cluster))
        _check_settings(name, await read_durability(server))


@translated
async def _check_kind(name: str, server: Redis, *, cluster: bool) -> None:
    try:
        info = await server.info()
    except ResponseError as error:
        log.warning("%s does not tell what it is: %s", name, error)
        return
    if reason := unfit(info, cluster=cluster):
        raise StoreUnfit(f"{name}: {reason}")


def _check_settings(name: str, durability: Durability | None) -> None:
    if durability is None:
        log.warning("%s does not tell its settings; see docs/storage.md", name)
    elif durability.evicts:
        raise StoreUnfit(
            f"{name} may evict invoices: set maxmemory-policy noeviction "
            f"(it is {durability.policy})"
        )
    elif durability.forgets:
        log.warning("%s forgets on a crash: set appendonly yes", name)
    elif durability.may_lose_a_second:
        log.warning("%s may lose the last second on a crash: set appendfsync always", name)
