"""Updates that are set aside: kept, told of, and fed or dropped when an admin says so."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiogram import Bot
from aiogram.types import CallbackQuery, Update
from pydantic import ValidationError

from bot.domain.attempts import MOST_DEATHS, Aside, Suspect
from bot.domain.audit import Entry
from bot.domain.errors import MessageError
from bot.services.supervisor import Supervisor
from bot.telegram.attempts import Attempts
from bot.telegram.i18n import Html, Translators
from bot.telegram.jobs import Feed, Jobs, dumped
from bot.telegram.outbound import delivery
from bot.telegram.ports import AttemptNotes
from bot.telegram.texts import health

log = logging.getLogger(__name__)

SetAside = Callable[[Update, frozenset[str]], Awaitable[None]]
Forget = Callable[[Update], Awaitable[None]]


class Tried:
    """Feeds updates on, but those over which the process ended too often."""

    def __init__(self, feed: Feed, attempts: Attempts, set_aside: SetAside) -> None:
        self._feed = feed
        self._attempts = attempts
        self._set_aside = set_aside

    async def feed(self, update: Update) -> None:
        """Handle it, or set it aside. Raises `StorageAway`."""
        async with self._attempts.noted(update.update_id) as deaths:
            if len(deaths) < MOST_DEATHS:
                await self._feed(update)
            else:
                await self._set_aside(update, deaths)


class AsideNotice:
    """Sets one aside, and tells its sender and the admins."""

    def __init__(
        self,
        bot: Bot,
        notes: AttemptNotes,
        translators: Translators,
        supervisor: Supervisor,
        *,
        admins: Iterable[int],
        language: str,
    ) -> None:
        self._bot = bot
        self._notes = notes
        self._translators = translators
        self._supervisor = supervisor
        self._admins = tuple(admins)
        self._language = language

    async def set_aside(self, update: Update, lives: frozenset[str]) -> None:
        """Keep it. Raises `StorageAway`; what is told is no condition."""
        await self._notes.set_aside(update.update_id, dumped(update), lives)
        log.error("update %s set aside: the process ended over it each time", update.update_id)
        self._supervisor.start(self._tell(update), f"update {update.update_id} aside")

    async def _tell(self, update: Update) -> None:
        source = update.message or update.callback_query
        shown = source.message if isinstance(source, CallbackQuery) else source
        if source is not None and source.from_user is not None and shown is not None:
            tr = self._translators.pick(source.from_user.language_code, self._language)
            topic = getattr(shown, "is_topic_message", None)
            thread = getattr(shown, "message_thread_id", None) if topic else None
            await self._say(shown.chat.id, health.to_sender(tr), message_thread_id=thread)
        for admin in self._admins:
            await self._say(admin, health.to_admin(self._translators[self._language]))

    async def _say(self, chat_id: int, text: Html, **options: Any) -> None:
        try:
            with delivery():
                await self._bot.send_message(chat_id, text, **options)
        except MessageError as error:
            log.warning("nobody in %s told of an update set aside: %s", chat_id, error)


class Decisions:
    """What admins do with them. All methods raise `StorageAway`."""

    def __init__(
        self, bot: Bot, notes: AttemptNotes, attempts: Attempts, jobs: Jobs, forget: Forget
    ) -> None:
        """`forget` that an update was handled: to set it aside counts as that."""
        self._bot = bot
        self._notes = notes
        self._attempts = attempts
        self._jobs = jobs
        self._forget = forget

    async def all(self) -> list[Suspect]:
        """The oldest first."""
        return [self._described(one) for one in await self._notes.aside()]

    async def feed(self, update_id: int, entry: Entry) -> bool:
        """Handle it once more, from the first attempt on. False when it is there no more."""
        kept = [one for one in await self._notes.aside() if one.update_id == update_id]
        update = self._read(kept[0].raw) if kept else None
        if update is None:
            return False
        await self._forget(update)  # first: once it is parked, it may come to anybody at any moment
        if not await self._notes.feed(update_id, entry):
            return False
        self._attempts.forgive(update_id)
        self._jobs.again(update)
        return True

    async def drop(self, update_id: int, entry: Entry) -> bool:
        """Forget it. False when it is there no more."""
        return await self._notes.drop(update_id, entry)

    def _described(self, one: Aside) -> Suspect:
        update = self._read(one.raw)
        if update is None:
            return Suspect(one.update_id, readable=False)
        source = update.message or update.edited_message or update.callback_query
        sender = source.from_user.id if source and source.from_user else 0
        if isinstance(source, CallbackQuery):
            return Suspect(one.update_id, sender, source.data or "")
        words = (source.text or source.caption or "") if source else ""
        return Suspect(one.update_id, sender, words)

    def _read(self, raw: str) -> Update | None:
        try:
            return Update.model_validate_json(raw, context={"bot": self._bot})
        except ValidationError:
            return None
