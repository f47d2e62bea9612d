"""Sellers and the invite links that admit them."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any, cast

from redis.asyncio import Redis

from bot.domain.people import Role, Seller
from bot.storage import keys, scripts
from bot.storage.connection import translated


class SellerStore:
    """Who was admitted, and by whom. All methods raise `StorageAway`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._redeem = redis.register_script(scripts.REDEEM)

    @translated
    async def sellers(self) -> list[Seller]:
        """All who were admitted, by label."""
        stored = await cast("Any", self._redis.hgetall(keys.SELLERS))
        found = [load_seller(int(user_id), text) for user_id, text in stored.items()]
        return sorted(found, key=lambda seller: seller.label.casefold())

    @translated
    async def save_seller(self, seller: Seller) -> None:
        """Admit a seller or change the label or role of one."""
        await cast("Any", self._redis.hset(keys.SELLERS, str(seller.user_id), _dump_seller(seller)))

    @translated
    async def remove_seller(self, user_id: int) -> None:
        """From now on a stranger. Invoices stay as they are."""
        await cast("Any", self._redis.hdel(keys.SELLERS, str(user_id)))

    @translated
    async def new_invite(self, *, label: str, role: Role, by: int) -> str:
        """A code that admits one person within `keys.INVITE` seconds."""
        code = secrets.token_urlsafe(12)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(
                keys.invite(code), mapping={"by": str(by), "label": label, "role": str(role.value)}
            )
            pipe.expire(keys.invite(code), keys.INVITE)
            await pipe.execute()
        return code

    @translated
    async def redeem(self, code: str, user_id: int, now: datetime) -> Seller | None:
        """Admit whom an invite names; its own user again when it is delivered again."""
        invite = await cast("Any", self._redis.hgetall(keys.invite(code)))
        if not invite:
            return None
        seller = Seller(user_id, invite["label"], Role(int(invite["role"])), int(invite["by"]), now)
        args: list[str | int] = [user_id, _dump_seller(seller)]
        admitted = await self._redeem(keys=[keys.invite(code), keys.SELLERS], args=args)
        return seller if admitted else None


def _dump_seller(seller: Seller) -> str:
    return json.dumps(
        {
            "label": seller.label,
            "role": seller.role.value,
            "by": seller.admitted_by,
            "at": int(seller.admitted_at.timestamp()),
        },
        ensure_ascii=False,
    )


def load_seller(user_id: int, text: str) -> Seller:
    """A seller from the field of the hash."""
    known = json.loads(text)
    return Seller(
        user_id,
        known["label"],
        Role(known["role"]),
        known["by"],
        datetime.fromtimestamp(known["at"], UTC),
    )
