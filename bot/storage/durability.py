"""What an external store must promise before it may keep records of money."""

import logging
from dataclasses import dataclass
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.domain.errors import BotError
from bot.storage.connection import translated

log = logging.getLogger(__name__)


class StoreUnfit(BotError):
    """The store would throw records away; the message says which setting to change."""


@dataclass(frozen=True, slots=True)
class Durability:
    """The settings of a store that decide what it may lose, as it calls them."""

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
async def read_durability(redis: Redis) -> Durability | None:
    """What the store says of itself; None where it does not, as managed services hide it.

    Raises `StorageAway`.
    """
    wanted = ("appendonly", "appendfsync", "maxmemory-policy", "maxmemory")
    try:
        found = await cast("Any", redis.config_get(*wanted))
    except ResponseError as error:
        log.info("the store does not tell its settings: %s", error)
        return None
    return Durability(
        appendonly=found.get("appendonly", "no"),
        appendfsync=found.get("appendfsync", ""),
        policy=found.get("maxmemory-policy", "noeviction"),
        limited=found.get("maxmemory", "0") != "0",
    )


async def check_durability(redis: Redis) -> None:
    """Refuse a store that evicts records, warn of one that may lose the last second.

    Raises `StoreUnfit`, `StorageAway`.
    """
    durability = await read_durability(redis)
    if durability is None:
        log.warning("the store does not tell its settings; see README, Storage")
    elif durability.evicts:
        raise StoreUnfit(
            "the store may evict invoices: set maxmemory-policy noeviction "
            f"(it is {durability.policy})"
        )
    elif durability.forgets:
        log.warning("the store forgets on a crash: set appendonly yes")
    elif durability.may_lose_a_second:
        log.warning("the store may lose the last second on a crash: set appendfsync always")
