"""The settings of a chat: one message, a page a setting. A button carries the value to set."""

from dataclasses import dataclass, replace
from datetime import timedelta

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessageUnion,
    Message,
)

from bot.domain.audit import Deed
from bot.domain.chats import TO_SELLER, ChatSettings, Issuers, in_topic
from bot.domain.coins import ASSETS, COINS
from bot.domain.currencies import CURRENCIES
from bot.domain.fields import lifetime_allowed
from bot.domain.languages import LANGUAGES
from bot.domain.people import Role
from bot.services.ports import Clock
from bot.telegram import keyboards_settings as keyboards
from bot.telegram.callbacks import SettingTap
from bot.telegram.conversation import acknowledge, rewrite
from bot.telegram.filters import Needs, Shows
from bot.telegram.group_admins import GroupAdmins
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
    router.callback_query.register(tap, SettingTap.filter(), Shows(SettingTap), Needs(Role.SELLER))
    return router


async def show(
    message: Message, who: Who, group_admins: GroupAdmins, default_currency: str
) -> None:
    """All settings at a glance."""
    if not await group_admins.runs(who):
        await message.answer(texts.not_here(who.tr))
        return
    text, markup = _page(
        "menu", "", who.tr, who.settings, _Where.of(who, message), default_currency
    )
    await message.answer(text, reply_markup=markup)


async def cashier(message: Message, who: Who) -> None:
    """Cashiers have no settings."""
    await message.answer(texts.cashier(who.tr))


async def tap(
    callback: CallbackQuery,
    callback_data: SettingTap,
    who: Who,
    group_admins: GroupAdmins,
    chats: Chats,
    clock: Clock,
    translators: Translators,
    default_currency: str,
) -> None:
    """Open a page, or set a value and go back to the overview."""
    do, value = callback_data.do, callback_data.value
    if not await group_admins.runs(who):
        await acknowledge(callback, texts.not_here(who.tr), alert=True)
        return
    where = _Where.of(who, callback.message)
    sets = bool(value) and do != "asset"
    settings = _changed(who.settings, do, value, where) if sets else who.settings
    page = "menu" if sets else do
    known = page in where.pages and (do != "asset" or value in ASSETS)
    if settings is None or not known:
        await acknowledge(callback, asking.not_yours(who.tr), alert=True)
        return
    if sets:  # the same again, too: what interrupted it may have lost its entry in the audit trail
        chat = who.place.chat_id
        entry = who.did(Deed.SETTING, clock(), chat=chat, what=f"{do} {value}")
        await chats.save_settings(chat, settings, entry)
    tr = translators[settings.language] if settings.language else who.unset_tr
    text, markup = _page(page, value, tr, settings, where, default_currency)
    await rewrite(callback, text, markup)


@dataclass(frozen=True, slots=True)
class _Where:
    """What there is to set: more in a group. `topic` is that of a forum in which this is read."""

    group: bool
    topic: str = ""

    @classmethod
    def of(cls, who: Who, message: MaybeInaccessibleMessageUnion | None) -> "_Where":
        forum = message is not None and bool(message.chat.is_forum) and not who.private
        return cls(not who.private, in_topic(who.place.thread_id) if forum else "")

    @property
    def pages(self) -> frozenset[str]:
        return _PAGES | _GROUP_PAGES if self.group else _PAGES


def _changed(settings: ChatSettings, do: str, value: str, where: _Where) -> ChatSettings | None:
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
        case "issuers" if where.group and value in set(Issuers):
            return replace(settings, issuers=Issuers(value))
        case "alerts" if where.group and (unset or value in (TO_SELLER, where.topic)):
            return replace(settings, alerts="" if unset else value)
    return None


def _minutes(value: str) -> timedelta:
    return timedelta(minutes=min(int(value), 10**6))


_PAGES = frozenset(
    {"menu", "currency", "coin", "asset", "lifetime", "reminder", "language", "close"}
)
_GROUP_PAGES = frozenset({"issuers", "alerts"})


def _page(
    page: str,
    value: str,
    tr: Translator,
    settings: ChatSettings,
    where: _Where,
    default_currency: str,
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
        case "issuers":
            return texts.ask_issuers(tr), keyboards.issuers(tr, settings)
        case "alerts":
            return texts.ask_alerts(tr), keyboards.alerts(tr, settings, where.topic)
        case "close":
            return texts.closed(tr), None
    overview = texts.overview(tr, settings, default_currency=default_currency, group=where.group)
    return overview, keyboards.overview(tr, group=where.group)
