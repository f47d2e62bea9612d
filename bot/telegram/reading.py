"""What handlers are handed of a chat and a person: read once, in one round trip; where an update
waits for the turn of its chat, in that of the turn."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.types import Chat, Update, User

from bot.domain.known import Known
from bot.domain.people import Place
from bot.telegram.ports import Chats, Moved, Throttle, Turns


@dataclass(frozen=True, slots=True)
class Read:
    """`may_begin`: it is known that the limits let one more request begin."""

    update_id: int
    place: Place
    known: Known
    may_begin: bool


AHEAD: ContextVar[Read | None] = ContextVar("ahead", default=None)
"""What was read with the turn of the chat."""


class Reader:
    """Reads it, in the turn of the chat or beside it."""

    def __init__(self, chats: Chats, moved: Moved, limits: Throttle) -> None:
        self._chats = chats
        self._moved = moved
        self._limits = limits

    async def read(self, update: Update, chat: Chat, user: User, thread_id: int | None) -> Read:
        """About who speaks where. Raises `StorageAway`."""
        ahead = AHEAD.get()
        if ahead is not None and ahead.update_id == update.update_id:
            return ahead
        place = Place(await self._moved.current(chat.id), user.id, thread_id)
        known, free = await asyncio.gather(
            self._chats.known(place), self._free(update, place, private=chat.type == "private")
        )
        return Read(update.update_id, place, known, free)

    async def take(
        self, update: Update, turns: Turns, name: str, owner: str, now: datetime
    ) -> tuple[int, Read | None]:
        """Ask for the turn `name`. Where it is given, with what is known then, unless that is to be
        read in the turn. Raises `StorageAway`."""
        about = UserContextMiddleware.resolve_event_context(update)
        if about.chat is None or about.user is None:
            return await turns.take(name, update.update_id, owner, now), None
        chat, user = about.chat, about.user
        place = Place(await self._moved.current(chat.id), user.id, about.thread_id)
        (taken, known), free = await asyncio.gather(
            turns.take_knowing(name, update.update_id, owner, now, place),
            self._free(update, place, private=chat.type == "private"),
        )
        if known is None:
            return taken, None
        return taken, Read(update.update_id, place, known, free)

    async def _free(self, update: Update, place: Place, *, private: bool) -> bool:
        if update.message is None:  # nothing that begins
            return False
        own = self._limits.free("create", place.user_id)
        if private:
            return await own
        return all(await asyncio.gather(own, self._limits.free("create_here", place.chat_id)))
