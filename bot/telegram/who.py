"""Who speaks where: read once before any handler, in one round trip."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Chat, TelegramObject, Update, User

from bot.domain.chats import ChatSettings
from bot.domain.drafts import Step, Stored
from bot.domain.people import Place, Role
from bot.services.access import Access
from bot.telegram.i18n import Translator, Translators
from bot.telegram.ports import Chats, Closed, Moved
from bot.telegram.states import STATES


@dataclass(frozen=True, slots=True)
class Who:
    """`label` is how buyers read the issuer; empty for those nobody gave one. `unset_tr` is what
    `tr` would be if the chat had set no language."""

    place: Place
    private: bool
    role: Role
    label: str
    tr: Translator
    unset_tr: Translator
    settings: ChatSettings
    stored: Stored
    update_id: int


class WhoMiddleware(BaseMiddleware):
    """Hands `who` to every handler, and the state of the conversation to aiogram's filters.

    aiogram's own FSM middleware is switched off: it reads state and data apart, in two round trips,
    and writes them apart.
    """

    def __init__(
        self,
        chats: Chats,
        closed: Closed,
        moved: Moved,
        access: Access,
        translators: Translators,
        default_language: str,
    ) -> None:
        self._chats = chats
        self._closed = closed
        self._moved = moved
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
        if user is None or chat is None or user.is_bot or not isinstance(event, Update):
            return None
        current = await self._moved.current(chat.id)
        place = Place(current, user.id, data.get("event_thread_id"))
        known = await self._chats.known(place)
        if known.closed:  # not any more: somebody is there
            await self._closed.note_open(place.chat_id)
        private = chat.type == "private"
        settings, draft = known.settings, known.stored.draft
        unset_tr = self._translators.pick(
            user.language_code if private else None, self._default_language
        )
        data["who"] = Who(
            place=place,
            private=private,
            role=self._access.role(user.id, known.seller),
            label=known.seller.label if known.seller else "",
            tr=self._translators.pick(settings.language, unset_tr.language),
            unset_tr=unset_tr,
            settings=settings,
            stored=known.stored,
            update_id=event.update_id,
        )
        open_ = draft is not None and draft.step is not Step.CREATING
        data["raw_state"] = STATES[draft.step].state if draft and open_ else None
        return await handler(event, data)
