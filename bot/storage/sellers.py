"""Sellers and the invite links that admit them."""

import json
from datetime import UTC, datetime
from typing import Any, cast

from redis.asyncio import Redis

from bot.domain.audit import Deed, Entry, of_update
from bot.domain.ids import new_invite
from bot.domain.people import Role, Seller, standing
from bot.storage import keys, scripts_audit
from bot.storage.audit import dumped
from bot.storage.connection import translated
from bot.storage.records import to_ms


class SellerStore:
    """Who was admitted, and by whom. Each change is written with its entry in the audit trail. All
    methods raise `StorageAway`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._write = redis.register_script(scripts_audit.SELLER)
        self._invite = redis.register_script(scripts_audit.INVITE)
        self._redeem = redis.register_script(scripts_audit.REDEEM)

    @translated
    async def sellers(self) -> list[Seller]:
        """All who were admitted, by label."""
        stored = await cast("Any", self._redis.hgetall(keys.SELLERS))
        found = [load_seller(int(user_id), text) for user_id, text in stored.items()]
        return sorted(found, key=lambda seller: seller.label.casefold())

    @translated
    async def save_seller(self, seller: Seller, entry: Entry) -> None:
        """Change the label or role of a seller."""
        await self._change(seller.user_id, _dump_seller(seller), entry)

    @translated
    async def remove_seller(self, user_id: int, entry: Entry) -> None:
        """From now on a stranger. Invoices stay as they are."""
        await self._change(user_id, "", entry)

    async def _change(self, user_id: int, seller: str, entry: Entry) -> None:
        args: list[str | int] = [user_id, seller, dumped(entry), to_ms(entry.at)]
        await self._write(keys=[keys.SELLERS, keys.ACCESS_AUDIT], args=args)

    @translated
    async def new_invite(self, *, label: str, role: Role, entry: Entry) -> str:
        """A code that admits one person within `keys.INVITE` seconds."""
        code = new_invite()
        invite = {"by": str(entry.who), "label": label, "role": str(role.value)}
        pairs = [part for pair in invite.items() for part in pair]
        args: list[str | int] = [keys.INVITE, dumped(entry), to_ms(entry.at), *pairs]
        await self._invite(keys=[keys.invite(code), keys.ACCESS_AUDIT], args=args)
        return code

    @translated
    async def redeem(
        self, code: str, user_id: int, now: datetime, *, update_id: int
    ) -> Seller | None:
        """Admit whom an invite names; its own user again when it is delivered again."""
        invite = await cast("Any", self._redis.hgetall(keys.invite(code)))
        if not invite:
            return None
        by, role = int(invite["by"]), Role(int(invite["role"]))
        seller = Seller(user_id, invite["label"], role, by, now)
        entry = Entry(
            of_update(update_id), Deed.ADMITTED, user_id, now, whom=by, what=standing(seller)
        )
        args: list[str | int] = [user_id, _dump_seller(seller), dumped(entry), to_ms(now)]
        wanted = [keys.invite(code), keys.SELLERS, keys.ACCESS_AUDIT]
        return seller if await self._redeem(keys=wanted, args=args) else None


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
