"""Conversations in Redis: state, draft, revision and applied updates in one hash."""

import json
from collections.abc import Mapping
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
    ) -> int:
        """Store the next step; None ends the conversation.

        1: written. 0: this update had been applied before. -1: the draft moved on meanwhile.
        """
        pairs = [] if draft is None else ["state", draft.step.value, "draft", dump(draft)]
        if message_id is not None:
            pairs += ["msg", str(message_id)]
        args: list[str | int] = [was.revision, update_id, keys.DRAFT, REMEMBERED, *pairs]
        return int(await self._write(keys=[keys.draft(place)], args=args))

    @translated
    async def note_message(self, place: Place, revision: int, message_id: int) -> None:
        """Remember which message asks, unless the draft moved on."""
        await self._message(keys=[keys.draft(place)], args=[revision, message_id])

    @translated
    async def read(self, place: Place) -> Stored:
        """The draft as it is now."""
        return load(await cast("Any", self._redis.hgetall(keys.draft(place))))


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
    if "draft" not in stored:
        return Stored(None, revision, message_id)
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
    return Stored(draft, revision, message_id)
