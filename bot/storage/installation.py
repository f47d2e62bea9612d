"""What an installation is given once."""

import secrets
from typing import Any, cast

from redis.asyncio import Redis

from bot.storage import keys
from bot.storage.connection import translated


@translated
async def installation_key(redis: Redis) -> bytes:
    """The HMAC key of ids: 32 random bytes, made once and never changed. Raises `StorageAway`."""
    fresh = secrets.token_bytes(32).hex()
    await cast("Any", redis.hsetnx(keys.INSTALLATION, "id_key", fresh))
    return bytes.fromhex(await cast("Any", redis.hget(keys.INSTALLATION, "id_key")))
