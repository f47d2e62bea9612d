"""One message that asks, edited in place, over a draft that is written by compare-and-set."""

import asyncio
import logging
from dataclasses import replace

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import CallbackQuery, ChatMemberAdministrator, InlineKeyboardMarkup, Message

from bot.domain.drafts import Draft, Step, Stored
from bot.domain.errors import CardGone, MessageError
from bot.telegram import keyboards
from bot.telegram.i18n import Html
from bot.telegram.outbound import delivery
from bot.telegram.ports import Drafts
from bot.telegram.texts import asking
from bot.telegram.who import Who

log = logging.getLogger(__name__)


class Conversation:
    """Stores a step, then shows the question that follows from it."""

    def __init__(self, bot: Bot, drafts: Drafts, default_currency: str) -> None:
        self._bot = bot
        self._drafts = drafts
        self._default_currency = default_currency

    async def store(self, who: Who, draft: Draft | None, message_id: int | None) -> Stored | None:
        """Write the next step. None when the draft moved on meanwhile.

        An update that was applied before gives what it led to, so that it only shows it again.
        """
        written = await self._drafts.write(
            who.place,
            who.stored,
            draft,
            update_id=who.update_id,
            message_id=message_id,
            language=who.tr.language,
        )
        if written == 1:
            return Stored(draft, who.stored.revision + 1, message_id, who.tr.language)
        return await self._drafts.read(who.place) if written == 0 else None

    async def ask(self, who: Who, draft: Draft, note: Html | None = None) -> None:
        """Begin with `draft`: a question below everything else, in place of one still open."""
        stored = await self.store(who, draft, None)
        await self._show(who, stored or await self._drafts.read(who.place), note)
        replaced = who.stored.message_id
        if replaced is None or stored is None or stored.draft is not draft:
            return
        if who.stored.draft and who.stored.draft.step is not Step.CREATING:
            await self._delete(who.place.chat_id, replaced)

    async def tapped(self, who: Who, callback: CallbackQuery, draft: Draft) -> None:
        """A button led to `draft`: the message that was tapped asks on."""
        stored = await self.store(who, draft, tapped_in(who, callback))
        outdated = asking.outdated(who.tr) if stored is None else None
        stored = stored or await self._drafts.read(who.place)
        await asyncio.gather(self.show_here(who, callback, stored), acknowledge(callback, outdated))

    async def show_here(self, who: Who, callback: CallbackQuery, stored: Stored) -> None:
        """Show the open question in the message that was tapped."""
        if stored.draft is not None:
            await self._show(who, replace(stored, message_id=tapped_in(who, callback)))

    async def answered(
        self, who: Who, message: Message, draft: Draft, note: Html | None = None
    ) -> None:
        """A typed message led to `draft`, or to a `note` above the same question."""
        stored: Stored | None = who.stored
        if draft is not who.stored.draft:
            stored = await self.store(who, draft, who.stored.message_id)
        stored = stored or await self._drafts.read(who.place)
        if await self._may_delete(who) and await self._delete(message.chat.id, message.message_id):
            await self._show(who, stored, note)
            return
        # The typed message stays, so the question moves below it, where the eye is.
        await self.show_below(who, stored, note)

    async def show_below(self, who: Who, stored: Stored, note: Html | None = None) -> None:
        """Show the open question below everything else, and take the former one away."""
        await self._show(who, replace(stored, message_id=None), note)
        if stored.message_id is not None:
            await self._delete(who.place.chat_id, stored.message_id)

    async def cancel(self, who: Who, message_id: int | None) -> None:
        """End it and say so in the message that asked. One that went on is shown instead."""
        await self.end(who, message_id, asking.cancelled(who.tr))

    async def end(self, who: Who, message_id: int | None, said: Html) -> None:
        """End it with these words, likewise."""
        stored = await self.store(who, None, None)
        if stored is not None and stored.draft is None:
            await self._put(who, said, None, message_id)
        else:
            await self._show(who, stored or await self._drafts.read(who.place))

    async def _show(self, who: Who, stored: Stored, note: Html | None = None) -> None:
        # What is being created has no question: its message is the card's from then on.
        if stored.draft is None or stored.draft.step is Step.CREATING:
            return
        text = asking.question(who.tr, stored.draft, note)
        markup = keyboards.question(who.tr, stored, who.settings, self._default_currency)
        shown = await self._put(who, text, markup, stored.message_id)
        if shown != stored.message_id:
            await self._drafts.note_message(who.place, stored.revision, shown)

    async def _put(
        self,
        who: Who,
        text: Html,
        markup: InlineKeyboardMarkup | None,
        message_id: int | None,
    ) -> int:
        """Edit the message, or send one where there is none (any more). Returns its id."""
        if message_id is not None:
            try:
                with delivery():
                    await self._bot.edit_message_text(
                        text,
                        chat_id=who.place.chat_id,
                        message_id=message_id,
                        reply_markup=markup,
                    )
            except CardGone:
                log.info("the question was deleted, asking anew")
            else:
                return message_id
        sent = await self._bot.send_message(
            who.place.chat_id, text, message_thread_id=who.place.thread_id, reply_markup=markup
        )
        return sent.message_id

    async def _may_delete(self, who: Who) -> bool:
        """What people send: in private always, in groups if an admin gave the right."""
        if who.private:
            return True
        me = await self._bot.get_chat_member(who.place.chat_id, self._bot.id)
        return isinstance(me, ChatMemberAdministrator) and me.can_delete_messages

    async def _delete(self, chat_id: int, message_id: int) -> bool:
        """Whether the message is not there any more."""
        try:
            with delivery():
                return bool(await self._bot.delete_message(chat_id, message_id))
        except MessageError as error:
            log.debug("not deleted: %s", error)
            # Gone is gone: an update that comes again finds what it had deleted before.
            return isinstance(error, CardGone)


async def rewrite(
    callback: CallbackQuery,
    text: Html,
    markup: InlineKeyboardMarkup | None,
    said: str | None = None,
) -> None:
    """Change the message that was tapped, if it is still there, and end the spinner."""
    await asyncio.gather(_rewrite(callback, text, markup), acknowledge(callback, said))


async def _rewrite(
    callback: CallbackQuery, text: Html, markup: InlineKeyboardMarkup | None
) -> None:
    if not isinstance(callback.message, Message):
        return  # deleted, or too old for Telegram to hand it out
    try:
        with delivery():
            await callback.message.edit_text(text, reply_markup=markup)
    except CardGone:
        log.info("the message that was tapped is gone")


async def acknowledge(
    callback: CallbackQuery, text: str | None = None, *, alert: bool = False
) -> None:
    """End the spinner of a tapped button. After 150 s Telegram takes no answer: expected."""
    try:
        await callback.answer(text, show_alert=alert)
    except (TelegramAPIError, ClientDecodeError) as error:
        log.debug("not acknowledged: %s", error)


def tapped_in(who: Who, callback: CallbackQuery) -> int | None:
    """The message that was tapped, if it can be edited: not one that stayed behind when its group
    became a supergroup, where its number is another message's."""
    message = callback.message
    return message.message_id if message and message.chat.id == who.place.chat_id else None
