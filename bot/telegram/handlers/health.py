"""`/health`: how the bot is, and what to do with updates that were set aside. For admins."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.audit import Deed
from bot.domain.people import Role
from bot.services.checkup import Checkup
from bot.services.ports import Clock
from bot.telegram import keyboards_admin as keyboards
from bot.telegram.aside import Decisions
from bot.telegram.callbacks import HealthTap
from bot.telegram.conversation import rewrite
from bot.telegram.filters import InPrivate, Needs, Shows
from bot.telegram.i18n import Html
from bot.telegram.texts import health as texts
from bot.telegram.texts import settings
from bot.telegram.who import Who


def setup() -> Router:
    """Admins alone, and in private."""
    router = Router(name="health")
    admin = (Needs(Role.ADMIN), InPrivate())
    router.message.register(show, Command("health"), *admin)
    router.message.register(admins_only, Command("health"), Needs(Role.CASHIER), InPrivate())
    router.callback_query.register(tap, HealthTap.filter(), Shows(HealthTap), *admin)
    return router


async def admins_only(message: Message, who: Who) -> None:
    """A seller asked for it."""
    await message.answer(settings.admins_only(who.tr))


async def show(message: Message, who: Who, checkup: Checkup, decisions: Decisions) -> None:
    """The state in a few lines."""
    text, markup = await _page(who, checkup, decisions)
    await message.answer(text, reply_markup=markup)


async def tap(
    callback: CallbackQuery,
    callback_data: HealthTap,
    who: Who,
    checkup: Checkup,
    decisions: Decisions,
    clock: Clock,
) -> None:
    """*Refresh*; *Feed*; *Drop*, which asks once."""
    number, said = callback_data.update, None
    suspect = next((one for one in await decisions.all() if one.update_id == number), None)
    match callback_data.do:
        case "feed" | "drop" | "drop_now" if suspect is None:
            said = texts.gone(who.tr)
        case "drop" if suspect is not None:
            await rewrite(callback, texts.sure(who.tr, suspect), keyboards.sure(who.tr, suspect))
            return
        case "feed":
            entry = who.did(Deed.FED, clock(), what=str(number))
            done = await decisions.feed(number, entry)
            said = texts.fed(who.tr) if done else texts.gone(who.tr)
        case "drop_now":
            entry = who.did(Deed.DROPPED, clock(), what=str(number))
            done = await decisions.drop(number, entry)
            said = texts.dropped(who.tr) if done else texts.gone(who.tr)
    text, markup = await _page(who, checkup, decisions)
    await rewrite(callback, text, markup, said)


async def _page(
    who: Who, checkup: Checkup, decisions: Decisions
) -> tuple[Html, InlineKeyboardMarkup]:
    now, suspects = await checkup.condition(), await decisions.all()
    return texts.health(who.tr, now, suspects), keyboards.health(who.tr, suspects)
