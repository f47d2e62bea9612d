"""Greeting, help and lists."""

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.domain.ids import is_invite
from bot.domain.people import Role
from bot.services.ports import Clock
from bot.telegram.callbacks import NewTap
from bot.telegram.filters import Needs
from bot.telegram.ports import Sellers, Throttle
from bot.telegram.strangers import may_answer
from bot.telegram.texts import general, settings
from bot.telegram.who import Who

INVITE = "i_"  # what an invite's start parameter begins with


def setup() -> Router:
    """Open to everybody but the lists."""
    router = Router(name="general")
    anybody = Needs(Role.STRANGER)
    router.message.register(start, CommandStart(), anybody)
    router.message.register(show_help, Command("help"), anybody)
    router.message.register(currencies, Command("currencies"), Needs(Role.CASHIER))
    router.message.register(coins, Command("coins"), Needs(Role.CASHIER))
    return router


async def start(
    message: Message,
    command: CommandObject,
    who: Who,
    sellers: Sellers,
    clock: Clock,
    contact: str | None,
    limits: Throttle,
) -> None:
    """`/start`, and the invite links that lead here."""
    payload = command.args or ""
    if payload.startswith(INVITE) and who.private and who.role is not Role.ADMIN:
        if not await may_answer(who, limits):
            return
        code, seller = payload.removeprefix(INVITE), None
        if is_invite(code):
            seller = await sellers.redeem(code, who.place.user_id, clock(), update_id=who.update_id)
        if seller is None:
            await message.answer(settings.bad_invite(who.tr))
            return
        await message.answer(settings.admitted(who.tr, seller.label), reply_markup=_begin(who))
        return
    await show_help(message, who, contact, limits)


async def show_help(message: Message, who: Who, contact: str | None, limits: Throttle) -> None:
    """What the bot is, and how it is used by those who may. In a group strangers are not told."""
    if who.role is Role.STRANGER and not who.private:
        return
    if not await may_answer(who, limits):
        return
    markup = _begin(who) if who.role > Role.STRANGER else None
    await message.answer(general.welcome(who.tr, who.role, contact), reply_markup=markup)


def _begin(who: Who) -> InlineKeyboardMarkup:
    button = InlineKeyboardButton(text=who.tr("New invoice"), callback_data=NewTap().pack())
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


async def currencies(message: Message, who: Who) -> None:
    """All currencies."""
    await message.answer(general.currencies(who.tr))


async def coins(message: Message, who: Who) -> None:
    """All coins."""
    await message.answer(general.coins(who.tr))
