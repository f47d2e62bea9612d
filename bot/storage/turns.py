"""Whose update is being handled in a chat, where several processes may be handed them."""

import logging
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.domain.known import Known
from bot.domain.people import Place
from bot.storage import keys
from bot.storage import scripts_intake as scripts
from bot.storage.chats import ChatStore
from bot.storage.connection import translated
from bot.storage.records import to_ms
from bot.storage.together import together

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=4)
REMEMBERED: Final = 16  # updates of a chat that were handled, in case one comes again


class Taken(IntEnum):
    """What came of asking for a turn."""

    HANDLED = -1  # this very update was, by whomever
    BUSY = 0  # another update of the chat is being handled
    YES = 1


class TurnStore:
    """One turn a chat, held as a lease. All methods raise `StorageAway`."""

    def __init__(self, redis: Redis, chats: ChatStore) -> None:
        self._redis = redis
        self._chats = chats
        self._take = redis.register_script(scripts.TAKE_TURN)
        self._end = redis.register_script(scripts.END_TURN)
        self._forget = redis.register_script(scripts.FORGET_TURN)
        self._renew = redis.register_script(scripts.RENEW_TURN)
        self._give_back = redis.register_script(scripts.GIVE_TURN_BACK)

    @translated
    async def take(self, chat: str, update_id: int, owner: str, now: datetime) -> Taken:
        """Ask for the turn of a chat for an update."""
        args = _wanted(update_id, owner, now)
        return Taken(int(await self._take(keys=[keys.turn(chat)], args=args)))

    @translated
    async def take_knowing(
        self, chat: str, update_id: int, owner: str, now: datetime, place: Place
    ) -> tuple[Taken, Known | None]:
        """The same and then, in the same round trip, what is known of a place in that chat: nobody
        who had the turn before can have changed it since. One slot of a cluster holds both.

        None when the turn is not given. And when what is there cannot be read: who reads it in the
        turn fails where somebody is told of it."""

        def add(pipe: Pipeline) -> None:
            pipe.evalsha(self._take.sha, 1, keys.turn(chat), *_wanted(update_id, owner, now))
            self._chats.ask(pipe, place)

        scripts = [self._take, self._chats.known_script]
        answer, *told = await together(self._redis, scripts, add)
        taken = Taken(int(answer))
        if taken is not Taken.YES:
            return taken, None
        try:
            return taken, self._chats.told(place, told)
        except Exception as error:  # noqa: BLE001 - of whatever kind
            log.warning("what is known of a chat cannot be read: %r", error)
            return taken, None

    @translated
    async def end(self, chat: str, update_id: int, owner: str) -> None:
        """The update is handled; the turn is the next one's."""
        args: list[str | int] = [owner, update_id, REMEMBERED, keys.TURN]
        await self._end(keys=[keys.turn(chat)], args=args)

    @translated
    async def forget(self, chat: str, update_id: int) -> None:
        """As if the update had not been handled."""
        await self._forget(keys=[keys.turn(chat)], args=[update_id])

    @translated
    async def renew(self, chat: str, owner: str, now: datetime) -> bool:
        """Prolong it. False when it was lost."""
        args: list[str | int] = [owner, to_ms(now + LEASE)]
        return bool(await self._renew(keys=[keys.turn(chat)], args=args))

    @translated
    async def give_back(self, chat: str, owner: str, now: datetime) -> bool:  # noqa: ARG002 - as for an invoice
        """End it, with the update not handled. False when it was lost."""
        return bool(await self._give_back(keys=[keys.turn(chat)], args=[owner]))


def _wanted(update_id: int, owner: str, now: datetime) -> list[str | int]:
    return [owner, update_id, to_ms(now), to_ms(now + LEASE), keys.TURN]
