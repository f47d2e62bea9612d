"""Questions that are shown again: Telegram drops taps after 150 s, so after a longer absence a
summary may have been tapped in vain; and what was asked in a group does not follow it when it
becomes a supergroup."""

import asyncio
import logging
from typing import Final

from aiogram.exceptions import AiogramError

from bot.domain.drafts import Step
from bot.domain.errors import MessageError, StorageAway
from bot.domain.people import Place, Role
from bot.services.access import Access
from bot.telegram.conversation import Conversation
from bot.telegram.i18n import Html, Translators
from bot.telegram.ports import Alive, Chats, UnderWay
from bot.telegram.texts import asking
from bot.telegram.who import Who

log = logging.getLogger(__name__)

TAPS_LIVE: Final = 150.0  # seconds that Telegram keeps a tap
BEAT: Final = 20.0  # seconds between two signs of life
MOST: Final = 500  # conversations; older ones are shown by their next answer


class Resuming:
    """Shows an open question again, below everything else."""

    def __init__(
        self,
        conversation: Conversation,
        drafts: UnderWay,
        chats: Chats,
        alive: Alive,
        access: Access,
        translators: Translators,
    ) -> None:
        self._conversation = conversation
        self._drafts = drafts
        self._chats = chats
        self._alive = alive
        self._access = access
        self._translators = translators

    async def run(self) -> None:
        """Show summaries again if nobody was there for longer than taps live; then leave a sign of
        life now and then, until cancelled."""
        try:
            away = await self._alive.away()
            if away is not None and away > TAPS_LIVE:
                await self._summaries()
        except StorageAway as error:
            log.warning("summaries are not shown again: %s", error)
        while True:
            try:
                await self._alive.beat()
            except StorageAway as error:
                log.warning("no sign of life: %s", error)
            await asyncio.sleep(BEAT)

    async def _summaries(self) -> None:
        for place in await self._drafts.under_way(MOST):
            await self.show(place, only=Step.SUMMARY)

    async def show(self, place: Place, *, only: Step | None = None) -> None:
        """The question that is open in a place, if it is at this step. Raises `StorageAway`."""
        known = await self._chats.known(place)
        draft, role = known.stored.draft, self._access.role(place.user_id, known.seller)
        if draft is None or draft.step is Step.CREATING or role < Role.CASHIER:
            return
        if only is not None and draft.step is not only:
            return
        tr = self._translators.pick(known.settings.language, known.stored.language)
        note: Html | None = asking.was_away(tr) if only is Step.SUMMARY else None
        who = Who(
            place=place,
            private=place.chat_id > 0,
            role=role,
            label=known.seller.label if known.seller else "",
            tr=tr,
            unset_tr=tr,
            settings=known.settings,
            stored=known.stored,
            asked=known.asked,
            update_id=0,
        )
        try:
            await self._conversation.show_below(who, known.stored, note)
        except (MessageError, AiogramError) as error:
            log.info("a question is not shown again: %s", error)
