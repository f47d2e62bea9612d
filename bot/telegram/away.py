"""Telling people that storage is away. Their settings are out of reach, so their app's language
must do."""

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message, Update

from bot.telegram.i18n import Translators
from bot.telegram.lines import answering
from bot.telegram.texts import general

log = logging.getLogger(__name__)


class AwayNotice:
    """Says once per outage that an update was noted; `Jobs` knows what once means."""

    def __init__(self, bot: Bot, translators: Translators) -> None:
        self._bot = bot
        self._translators = translators

    async def tell(self, update: Update) -> None:
        """Say it where the update came from. Edited messages are not answered anyway."""
        source = update.message or update.callback_query
        if source is None or source.from_user is None:
            return
        tr = self._translators.pick(source.from_user.language_code)
        message = source if isinstance(source, Message) else None
        shown = source.message if isinstance(source, CallbackQuery) else source
        if shown is None:
            return
        try:
            with answering():
                await self._bot.send_message(
                    shown.chat.id,
                    general.storage_away(tr),
                    message_thread_id=message.message_thread_id
                    if message and message.is_topic_message
                    else None,
                )
        except TelegramAPIError as error:
            log.warning("nobody told that storage is away: %s", error)
