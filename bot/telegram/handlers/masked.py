"""Messages of those who speak as a group or a channel. Telegram names a stand-in as their sender,
so nobody's rights apply: anonymous admins read why, and nothing else is done."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.domain.people import Role
from bot.telegram.filters import Masked, Needs
from bot.telegram.ports import Throttle
from bot.telegram.strangers import may_answer_here
from bot.telegram.texts import settings
from bot.telegram.who import Who

_OURS = ("invoice", "invoices", "status", "find", "cancel", "stats", "export", "settings")


def setup() -> Router:
    """Before all others."""
    router = Router(name="masked")
    anybody = Needs(Role.STRANGER)
    router.message.register(command, Masked(), Command(*_OURS), anybody)
    router.message.register(ignored, Masked(), anybody)
    router.edited_message.register(ignored, Masked(), anybody)
    return router


async def command(message: Message, who: Who, limits: Throttle) -> None:
    """One of our commands. What a channel posts is copied into its group, and is not meant for
    us."""
    if not message.is_automatic_forward and await may_answer_here(who, limits):
        await message.answer(settings.masked(who.tr))


async def ignored(message: Message) -> None:
    """Anything else."""
