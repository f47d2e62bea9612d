"""Buyers' links: the card of one invoice, in the reader's own language."""

from aiogram import Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import Message

from bot.domain.cards import Sight
from bot.domain.people import Role
from bot.services.following import Following
from bot.telegram.filters import InPrivate, LeadsToInvoice, Needs
from bot.telegram.ports import Throttle
from bot.telegram.strangers import may_answer
from bot.telegram.texts import views as texts
from bot.telegram.views import Views
from bot.telegram.who import Who


def setup() -> Router:
    """Open to everybody who has a link."""
    router = Router(name="buyers")
    router.message.register(
        open_, CommandStart(deep_link=True), LeadsToInvoice(), InPrivate(), Needs(Role.STRANGER)
    )
    return router


async def open_(
    message: Message,
    command: CommandObject,
    who: Who,
    following: Following,
    views: Views,
    limits: Throttle,
) -> None:
    """Right links and wrong ones count alike, and wrong ones all read the same."""
    if seconds := await limits.take("open", who.place.user_id):
        if await may_answer(who, limits):
            await message.answer(texts.wait(who.tr, seconds))
        return
    invoice = await following.find(command.args or "")
    if invoice is None or not invoice.uuid:
        await message.answer(texts.unknown_link(who.tr))
        return
    await views.open(who, invoice, Sight.BUYER)
