"""The settings of a chat: one message, a page a setting. A button carries the value to set."""

from dataclasses import replace
from datetime import timedelta

from aiogram import Bot, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.chats import ChatSettings
from bot.domain.coins import ASSETS, COINS
from bot.domain.currencies import CURRENCIES
from bot.domain.fields import lifetime_allowed
from bot.domain.languages import LANGUAGES
from bot.domain.people import Role
from bot.telegram import keyboards_settings as keyboards
from bot.telegram.callbacks import SettingTap
from bot.telegram.conversation import acknowledge, rewrite
from bot.telegram.filters import Needs
from bot.telegram.i18n import Html, Translator, Translators
from bot.telegram.ports import Chats
from bot.telegram.texts import asking
from bot.telegram.texts import settings as texts
from bot.telegram.who import Who

Page = tuple[Html, InlineKeyboardMarkup | None]


def setup() -> Router:
    """Sellers; in a group those of them who administer it."""
    router = Router(name="settings")
    router.message.register(show, Command("settings"), Needs(Role.SELLER))
    router.message.register(cashier, Command("settings"), Needs(Role.CASHIER))
    router.callback_query.register(tap, SettingTap.filter(), Needs(Role.SELLER))
    return router


async def show(message: Message, who: Who, bot: Bot, default_currency: str) -> None:
    """All settings at a glance."""
    if not await _may(who, bot):
        await message.answer(texts.not_here(who.tr))
        return
    text, markup = _page("menu", "", who.tr, who.settings, default_currency)
    await message.answer(text, reply_markup=markup)


async def cashier(message: Message, who: Who) -> None:
    """Cashiers have no settings."""
    await message.answer(texts.cashier(who.tr))


async def tap(
    callback: CallbackQuery,
    callback_data: SettingTap,
    who: Who,
    bot: Bot,
    chats: Chats,
    translators: Translators,
    default_currency: str,
) -> None:
    """Open a page, or set a value and go back to the overview."""
    do, value = callback_data.do, callback_data.value
    if not await _may(who, bot):
        await acknowledge(callback, texts.not_here(who.tr), alert=True)
        return
    settings = _changed(who.settings, do, value) if value and do != "asset" else who.settings
    page = do if settings is who.settings else "menu"
    if settings is None or page not in _PAGES or (do == "asset" and value not in ASSETS):
        await acknowledge(callback, asking.not_yours(who.tr), alert=True)
        return
    if settings != who.settings:
        await chats.save_settings(who.place.chat_id, settings)
    tr = translators[settings.language] if settings.language else who.unset_tr
    text, markup = _page(page, value, tr, settings, default_currency)
    await rewrite(callback, text, markup)


async def _may(who: Who, bot: Bot) -> bool:
    """In a group the seller must administer it; admins of the bot may anywhere."""
    if who.private or who.role is Role.ADMIN:
        return True
    member = await bot.get_chat_member(who.place.chat_id, who.place.user_id)
    return member.status in ("creator", "administrator")


def _changed(settings: ChatSettings, do: str, value: str) -> ChatSettings | None:
    """The settings with one value set; None for what no button of ours carries."""
    unset = value == "none"
    match do:
        case "currency" if unset or value in CURRENCIES:
            return replace(settings, currency=None if unset else value)
        case "coin" if value == "any" or value in COINS:
            return replace(settings, coins=() if value == "any" else (value,))
        case "language" if unset or value in LANGUAGES:
            return replace(settings, language=None if unset else value)
        case "reminder" if unset:
            return replace(settings, reminder=None)
        case "reminder" if value.isdecimal() and _minutes(value) in keyboards.REMINDERS:
            return replace(settings, reminder=_minutes(value))
        case "lifetime" if unset:
            return replace(settings, lifetime=None)
        case "lifetime" if value.isdecimal() and lifetime_allowed(_minutes(value)):
            return replace(settings, lifetime=_minutes(value))
    return None


def _minutes(value: str) -> timedelta:
    return timedelta(minutes=min(int(value), 10**6))


_PAGES = frozenset(
    {"menu", "currency", "coin", "asset", "lifetime", "reminder", "language", "close"}
)


def _page(
    page: str, value: str, tr: Translator, settings: ChatSettings, default_currency: str
) -> Page:
    match page:
        case "currency":
            return texts.ask_currency(tr), keyboards.currencies(tr, settings)
        case "coin":
            return texts.ask_coin(tr), keyboards.assets(tr)
        case "asset":
            return texts.ask_network(tr, value), keyboards.networks(tr, value, settings)
        case "lifetime":
            return texts.ask_lifetime(tr), keyboards.lifetimes(tr, settings)
        case "reminder":
            return texts.ask_reminder(tr), keyboards.reminders(tr, settings)
        case "language":
            return texts.ask_language(tr), keyboards.languages(tr, settings)
        case "close":
            return texts.closed(tr), None
    overview = texts.overview(tr, settings, default_currency=default_currency)
    return overview, keyboards.overview(tr)
