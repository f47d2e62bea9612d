"""What an external store must promise before it may keep records of money."""

import logging
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.domain.errors import BotError
from bot.storage.connection import translated

log = logging.getLogger(__name__)


class StoreUnfit(BotError):
    """The store would throw records away; the message says which setting to change."""


@translated
async def check_durability(redis: Redis) -> None:
    """Refuse a store that evicts records, warn of one that may lose the last second.

    Raises `StoreUnfit`, `StorageAway`.
    """
    wanted = ("appendonly", "appendfsync", "maxmemory-policy", "maxmemory")
    try:
        found = await cast("Any", redis.config_get(*wanted))
    except ResponseError as error:  # managed services hide CONFIG
        log.warning("the store does not tell its settings (%s); see README, Storage", error)
        return
    policy = found.get("maxmemory-policy", "noeviction")
    if policy != "noeviction" and found.get("maxmemory", "0") != "0":
        raise StoreUnfit(
            f"the store may evict invoices: set maxmemory-policy noeviction (it is {policy})"
        )
    if found.get("appendonly") != "yes":
        log.warning("the store forgets on a crash: set appendonly yes")
    elif found.get("appendfsync") != "always":
        log.warning("the store may lose the last second on a crash: set appendfsync always")
