"""Conversations in Redis: state, draft, revision and applied updates in one hash."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, cast

from redis.asyncio import Redis

from bot.domain.drafts import Draft, Step, Stored
from bot.domain.invoice import RestOf
from bot.domain.people import Place
from bot.storage import keys, scripts
from bot.storage.connection import translated

REMEMBERED: Final = 100  # updates: as many as one batch of getUpdates can bring again


class DraftStore:
    """Writes a step by compare-and-set on the revision. All methods raise `StorageAway`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._write = redis.register_script(scripts.DRAFT)
        self._message = redis.register_script(scripts.DRAFT_MESSAGE)

    @translated
    async def write(
        self,
        place: Place,
        was: Stored,
        draft: Draft | None,
        *,
        update_id: int,
        message_id: int | None,
        language: str = "",
    ) -> int:
        """Store the next step; None ends the conversation.

        1: written. 0: this update had been applied before. -1: the draft moved on meanwhile.
        """
        pairs = [] if draft is None else ["state", draft.step.value, "draft", dump(draft)]
        if message_id is not None:
            pairs += ["msg", str(message_id)]
        if language:
            pairs += ["la", language]
        args: list[str | int] = [was.revision, update_id, keys.DRAFT, REMEMBERED, *pairs]
        under_way = draft is not None and draft.step is not Step.CREATING
        # Another slot: an entry whose draft was not written is passed over when it is read.
        written, _ = await asyncio.gather(
            self._write(keys=[keys.draft(place)], args=args),
            self._list(place) if under_way else self._unlist(place),
        )
        return int(written)

    async def _list(self, place: Place) -> None:
        now = int(time.time() * 1000)
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.zadd(keys.OPEN_DRAFTS, {_entry(place): now})
            pipe.zremrangebyscore(keys.OPEN_DRAFTS, "-inf", now - keys.DRAFT * 1000)
            pipe.expire(keys.OPEN_DRAFTS, keys.DRAFT)
            await pipe.execute()

    async def _unlist(self, place: Place) -> None:
        await cast("Any", self._redis.zrem(keys.OPEN_DRAFTS, _entry(place)))

    @translated
    async def under_way(self, most: int) -> list[Place]:
        """Where conversations are under way, the youngest first."""
        now = int(time.time() * 1000)
        found = await cast(
            "Any",
            self._redis.zrange(
                keys.OPEN_DRAFTS,
                "+inf",
                now - keys.DRAFT * 1000,
                desc=True,
                byscore=True,
                offset=0,
                num=most,
            ),
        )
        return [_place(entry) for entry in found]

    @translated
    async def move(self, old: int, new: int) -> list[Place]:
        """The conversations of a group that became a supergroup follow it, but for one that was
        begun anew there. Their messages stay behind. Where they are now."""
        followed = []
        for entry in await cast("Any", self._redis.zrange(keys.OPEN_DRAFTS, 0, -1)):
            was = _place(entry)
            if was.chat_id != old:
                continue
            is_ = Place(new, was.user_id)
            stored = await cast("Any", self._redis.hgetall(keys.draft(was)))
            if stored and not await cast("Any", self._redis.exists(keys.draft(is_))):
                stored.pop("msg", None)
                if draft := load(stored).draft:
                    stored["draft"] = dump(replace(draft, reply_to=None))
                async with self._redis.pipeline(transaction=True) as pipe:
                    pipe.hset(keys.draft(is_), mapping=stored)
                    pipe.expire(keys.draft(is_), keys.DRAFT)
                    await pipe.execute()
                await self._list(is_)
                followed.append(is_)
            await cast("Any", self._redis.delete(keys.draft(was)))
            await self._unlist(was)
        return followed

    @translated
    async def note_message(self, place: Place, revision: int, message_id: int) -> None:
        """Remember which message asks, unless the draft moved on."""
        await self._message(keys=[keys.draft(place)], args=[revision, message_id])

    @translated
    async def read(self, place: Place) -> Stored:
        """The draft as it is now."""
        return load(await cast("Any", self._redis.hgetall(keys.draft(place))))


def _entry(place: Place) -> str:
    return f"{place.chat_id}:{place.user_id}:{place.thread_id or 0}"


def _place(entry: str) -> Place:
    chat, user, thread = map(int, entry.split(":"))
    return Place(chat, user, thread or None)


def dump(draft: Draft) -> str:
    """JSON of what is not empty; the step stands beside it."""
    known: dict[str, Any] = {
        "id": draft.id,
        "amounts": [format(amount, "f") for amount in draft.amounts],
        "currencies": draft.currencies,
        "coins": draft.coins,
        "asset": draft.asset,
        "lifetime": draft.lifetime and draft.lifetime.total_seconds(),
        "order": draft.order,
        "email": draft.email,
        "description": draft.description,
        "reply_to": draft.reply_to,
        "offers": draft.offers,
        "rest_of": draft.rest_of and (draft.rest_of.id, draft.rest_of.uuid),
    }
    return json.dumps(
        {
            name: value
            for name, value in known.items()
            if value not in (None, "") and (value != () or name == "coins")
        }
    )


def load(stored: Mapping[str, str]) -> Stored:
    """The draft of a hash; an ended conversation has a revision and no draft."""
    revision = int(stored.get("rev", 0))
    message = stored.get("msg")
    message_id = int(message) if message else None
    language = stored.get("la", "")
    if "draft" not in stored:
        return Stored(None, revision, message_id, language)
    known = json.loads(stored["draft"])
    coins, lifetime = known.get("coins"), known.get("lifetime")
    draft = Draft(
        id=known["id"],
        step=Step(stored["state"]),
        amounts=tuple(map(Decimal, known.get("amounts", ()))),
        currencies=tuple(known.get("currencies", ())),
        coins=None if coins is None else tuple(coins),
        asset=known.get("asset"),
        lifetime=None if lifetime is None else timedelta(seconds=lifetime),
        order=known.get("order"),
        email=known.get("email"),
        description=known.get("description", ""),
        reply_to=known.get("reply_to"),
        offers=tuple(known.get("offers", ())),
        rest_of=RestOf(*known["rest_of"]) if "rest_of" in known else None,
    )
    return Stored(draft, revision, message_id, language)
