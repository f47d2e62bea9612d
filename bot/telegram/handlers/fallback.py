"""The last handlers: every message to the bot and every button gets an answer, within limits."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.domain.people import Role
from bot.telegram.conversation import acknowledge
from bot.telegram.filters import Needs
from bot.telegram.ports import Throttle
from bot.telegram.strangers import may_answer
from bot.telegram.texts import asking, general
from bot.telegram.who import Who


def setup() -> Router:
    """Open to everybody."""
    router = Router(name="fallback")
    anybody = Needs(Role.STRANGER)
    router.message.register(message, anybody)
    router.edited_message.register(ignored, anybody)
    router.callback_query.register(button, anybody)
    return router


async def message(message: Message, who: Who, contact: str | None, limits: Throttle) -> None:
    """What no other handler took. In a group only a command to a stranger deserves a word."""
    if who.role is Role.STRANGER:
        wanted = who.private or (message.text or "").startswith("/invoice")
        if wanted and await may_answer(who, limits):
            await message.answer(general.stranger(who.tr, contact))
        return
    if who.private:
        known = message.text is not None
        await message.answer(general.unknown(who.tr) if known else general.not_text(who.tr))


async def ignored(message: Message) -> None:
    """Edited messages that are no commands change nothing."""


async def button(callback: CallbackQuery, who: Who) -> None:
    """An old, forged or borrowed button."""
    text = general.not_allowed(who.tr) if who.role is Role.STRANGER else asking.not_yours(who.tr)
    await acknowledge(callback, text, alert=True)
