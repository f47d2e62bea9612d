"""Inline keyboards of the settings and of the list of sellers."""

from datetime import timedelta
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.chats import TO_SELLER, ChatSettings, Issuers
from bot.domain.coins import ASSETS
from bot.domain.currencies import CURRENCIES
from bot.domain.people import Role, Seller
from bot.telegram.callbacks import SellerTap, SettingTap
from bot.telegram.i18n import Translator
from bot.telegram.keyboards import LIFETIMES, Rows, grid
from bot.telegram.texts import common
from bot.telegram.texts.settings import LANGUAGE_NAMES

REMINDERS: Final = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 180))
MOST_SELLERS = 90  # a keyboard has at most 100 buttons


def overview(tr: Translator, *, group: bool) -> InlineKeyboardMarkup:
    """One button a setting; a group has more of them."""
    buttons = [
        _set(tr("Currency"), "currency"),
        _set(tr("Coin"), "coin"),
        _set(tr("Time to pay"), "lifetime"),
        _set(tr("Reminder"), "reminder"),
        _set(tr("Language"), "language"),
    ]
    if group:
        buttons += [_set(tr("Who may invoice"), "issuers"), _set(tr("Alerts"), "alerts")]
    return _markup([*grid(buttons, 2), [_set(tr("Done"), "close")]])


def currencies(tr: Translator, settings: ChatSettings) -> InlineKeyboardMarkup:
    """The currencies, the one in force marked."""
    buttons = [_choice(code, "currency", code, settings.currency) for code in CURRENCIES]
    return _markup([*grid(buttons, 4), _unset_and_back(tr, "currency")])


def assets(tr: Translator) -> InlineKeyboardMarkup:
    """The first half of the coin."""
    rows = [[_set(tr("Buyer chooses"), "coin", "any")]]
    return _markup(
        [*rows, *grid([_set(asset, "asset", asset) for asset in ASSETS], 4), [_back(tr)]]
    )


def networks(tr: Translator, asset: str, settings: ChatSettings) -> InlineKeyboardMarkup:
    """The second half of the coin."""
    now = ",".join(settings.coins)
    buttons = [_choice(coin.network_name, "coin", coin.code, now) for coin in ASSETS[asset]]
    return _markup([*grid(buttons, 2), [_set(tr("‹ Back"), "coin")]])


def lifetimes(tr: Translator, settings: ChatSettings) -> InlineKeyboardMarkup:
    """Usual lifetimes."""
    now = _minutes(settings.lifetime) if settings.lifetime else None
    buttons = [
        _choice(common.duration(tr, span), "lifetime", _minutes(span), now) for span in LIFETIMES
    ]
    return _markup([*grid(buttons, 3), _unset_and_back(tr, "lifetime")])


def reminders(tr: Translator, settings: ChatSettings) -> InlineKeyboardMarkup:
    """How long before the end; off is what a reset leads to, under its own name."""
    now = _minutes(settings.reminder) if settings.reminder else None
    buttons = [
        _choice(common.duration(tr, span), "reminder", _minutes(span), now) for span in REMINDERS
    ]
    off = _choice(tr("Off"), "reminder", "none", "none" if now is None else None)
    return _markup([*grid(buttons, 2), [_back(tr), off]])


def _minutes(span: timedelta) -> str:
    return str(int(span.total_seconds() // 60))


def languages(tr: Translator, settings: ChatSettings) -> InlineKeyboardMarkup:
    """Each language by its own name."""
    buttons = [
        _choice(name, "language", code, settings.language) for code, name in LANGUAGE_NAMES.items()
    ]
    return _markup([buttons, _unset_and_back(tr, "language")])


def issuers(tr: Translator, settings: ChatSettings) -> InlineKeyboardMarkup:
    """Who may create invoices in this group."""
    names = {Issuers.SELLERS: tr("Every seller"), Issuers.ADMINS: tr("Admins of the group")}
    rows = [[_choice(name, "issuers", one, settings.issuers)] for one, name in names.items()]
    return _markup([*rows, [_back(tr)]])


def alerts(tr: Translator, settings: ChatSettings, topic: str) -> InlineKeyboardMarkup:
    """Where news rings. `topic` is the one in which this is read, empty where there are none."""
    now = settings.alerts or "none"
    rows = [[_choice(tr("Where it was asked for"), "alerts", "none", now)]]
    if topic:
        rows.append([_choice(tr("In this topic"), "alerts", topic, now)])
    rows.append([_choice(tr("In the seller's private chat"), "alerts", TO_SELLER, now)])
    return _markup([*rows, [_back(tr)]])


def sellers(known: list[Seller]) -> InlineKeyboardMarkup | None:
    """A button per person."""
    buttons = [_person(one.label, "open", one) for one in known[:MOST_SELLERS]]
    return _markup(grid(buttons, 2)) if buttons else None


def seller(tr: Translator, one: Seller) -> InlineKeyboardMarkup:
    """What can be done about a person."""
    change = (
        _person(tr("Make a seller"), "seller", one)
        if one.role is Role.CASHIER
        else _person(tr("Make a cashier"), "cashier", one)
    )
    remove = _person(tr("Remove"), "remove", one, style="danger")
    back = InlineKeyboardButton(text=tr("‹ Back"), callback_data=SellerTap(do="list").pack())
    return _markup([[change], [back, remove]])


def _markup(rows: Rows) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _set(text: str, do: str, value: str = "") -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=SettingTap(do=do, value=value).pack())


def _choice(text: str, do: str, value: str, now: str | None) -> InlineKeyboardButton:
    return _set(f"✓ {text}" if value == now else text, do, value)


def _back(tr: Translator) -> InlineKeyboardButton:
    return _set(tr("‹ Back"), "menu")


def _unset_and_back(tr: Translator, do: str) -> list[InlineKeyboardButton]:
    return [_back(tr), _set(tr("Reset"), do, "none")]


def _person(text: str, do: str, one: Seller, style: str | None = None) -> InlineKeyboardButton:
    data = SellerTap(do=do, user=one.user_id).pack()
    return InlineKeyboardButton(text=text, callback_data=data, style=style)
