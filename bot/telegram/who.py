"""Who speaks where: read once before any handler, in one round trip."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiogram import BaseMiddleware
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Chat, TelegramObject, Update, User

from bot.domain.audit import Deed, Entry, of_update
from bot.domain.chats import ChatSettings
from bot.domain.drafts import Step, Stored
from bot.domain.known import Asked
from bot.domain.people import Place, Role
from bot.services.access import Access
from bot.telegram.i18n import Translator, Translators
from bot.telegram.ports import Closed
from bot.telegram.reading import Reader
from bot.telegram.states import STATES
from bot.telegram.texts import asking


@dataclass(frozen=True, slots=True)
class Who:
    """`label` is how buyers read the issuer; empty for those nobody gave one. `unset_tr` is what
    `tr` would be if the chat had set no language. `asked` is the last one-line request here.
    `may_begin`: it is known that the limits let one more request begin."""

    place: Place
    private: bool
    role: Role
    label: str
    tr: Translator
    unset_tr: Translator
    settings: ChatSettings
    stored: Stored
    asked: Asked | None
    update_id: int
    may_begin: bool = False

    def did(
        self,
        deed: Deed,
        at: datetime,
        *,
        invoice: str = "",
        whom: int = 0,
        chat: int = 0,
        what: str = "",
    ) -> Entry:
        """The entry of the audit trail for what this update does; it does one thing at most."""
        number = of_update(self.update_id)
        return Entry(number, deed, self.place.user_id, at, invoice, whom, chat, what)


class WhoMiddleware(BaseMiddleware):
    """Hands `who` to every handler, and the state of the conversation to aiogram's filters.

    aiogram's own FSM middleware is switched off: it reads state and data apart, in two round trips,
    and writes them apart.
    """

    def __init__(
        self,
        reader: Reader,
        closed: Closed,
        access: Access,
        translators: Translators,
        default_language: str,
    ) -> None:
        self._reader = reader
        self._closed = closed
        self._access = access
        self._translators = translators
        self._default_language = default_language

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Read, then handle. What nobody said in no chat is dropped."""
        user: User | None = data.get("event_from_user")
        chat: Chat | None = data.get("event_chat")
        if user is None or not isinstance(event, Update):
            return None
        if chat is None:
            await self._nowhere(event, user)
            return None
        message = event.message or event.edited_message
        masked = message is not None and message.sender_chat is not None
        if user.is_bot and not masked:
            return None
        read = await self._reader.read(event, chat, user, data.get("event_thread_id"))
        place, known, private = read.place, read.known, chat.type == "private"
        if known.closed:  # not any more: somebody is there
            await self._closed.note_open(place.chat_id)
        settings, draft = known.settings, known.stored.draft
        unset_tr = self._translators.pick(
            user.language_code if private else None, self._default_language
        )
        data["who"] = Who(
            place=place,
            private=private,
            role=Role.STRANGER if masked else self._access.role(user.id, known.seller),
            label=known.seller.label if known.seller else "",
            tr=self._translators.pick(settings.language, unset_tr.language),
            unset_tr=unset_tr,
            settings=settings,
            stored=known.stored,
            asked=known.asked,
            update_id=event.update_id,
            may_begin=read.may_begin,
        )
        open_ = draft is not None and draft.step is not Step.CREATING
        data["raw_state"] = STATES[draft.step].state if draft and open_ else None
        return await handler(event, data)

    async def _nowhere(self, event: Update, user: User) -> None:
        """A button under a message that is in no chat of ours: nothing of ours has one."""
        if event.callback_query is not None:
            tr = self._translators.pick(user.language_code, self._default_language)
            with suppress(TelegramBadRequest):  # after 150 s: expected
                await event.callback_query.answer(asking.not_yours(tr), show_alert=True)
