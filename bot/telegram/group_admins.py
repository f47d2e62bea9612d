"""Who administers a group: asked each time, since it may change at any moment."""

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError

from bot.domain.chats import Issuers
from bot.domain.people import Role
from bot.telegram.who import Who

log = logging.getLogger(__name__)


class GroupAdmins:
    """Admins of the bot may in every group what its own admins may."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def runs(self, who: Who) -> bool:
        """Whether the chat is the person's to set up."""
        if who.private or who.role is Role.ADMIN:
            return True
        try:
            # getChatMember is only promised to bots that are admins themselves.
            admins = await self._bot.get_chat_administrators(who.place.chat_id)
        except (TelegramBadRequest, TelegramForbiddenError) as error:
            log.warning("admins of %s not told: %s", who.place.chat_id, error.message)
            return False
        return who.place.user_id in {one.user.id for one in admins}

    async def may_invoice(self, who: Who) -> bool:
        """Whether the group's rule lets a person who may create invoices do so here."""
        return who.settings.issuers is Issuers.SELLERS or await self.runs(who)
