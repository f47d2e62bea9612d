"""Inline keyboards of the conversation. A button that would do nothing is not made."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.chats import ChatSettings
from bot.domain.coins import ASSETS
from bot.domain.currencies import CURRENCIES, currency_symbol
from bot.domain.drafts import Draft, Step, Stored, back
from bot.telegram.callbacks import DraftTap
from bot.telegram.i18n import Translator
from bot.telegram.texts import common

LIFETIMES: Final = tuple(timedelta(hours=hours) for hours in (1, 3, 12, 24, 72, 168))

Rows = list[list[InlineKeyboardButton]]


def grid(buttons: Sequence[InlineKeyboardButton], columns: int) -> Rows:
    """Buttons in rows of `columns`."""
    return [list(buttons[at : at + columns]) for at in range(0, len(buttons), columns)]


def question(
    tr: Translator, stored: Stored, settings: ChatSettings, default_currency: str
) -> InlineKeyboardMarkup:
    """The choices of the open question, with back and cancel under them."""
    draft = stored.draft
    if draft is None:
        raise ValueError("no question is open")
    taps = _Taps(draft, stored.revision)
    match draft.step:
        case Step.AMOUNT:
            rows = _amounts(tr, taps)
        case Step.CURRENCY:
            rows = _currencies(tr, taps, settings.currency or default_currency)
        case Step.COIN:
            rows = _assets(tr, taps, settings)
        case Step.NETWORK:
            rows = _networks(taps)
        case Step.CHANGE:
            rows = _changes(tr, taps)
        case Step.LIFETIME:
            rows = grid(
                [
                    taps.button(common.duration(tr, span), "life", int(span.total_seconds() // 60))
                    for span in LIFETIMES
                ],
                3,
            )
        case Step.DETAILS:
            erase = taps.button(tr("Remove description"), "erase")
            rows = [[erase]] if draft.description else []
        case _:
            rows = [
                [taps.button(tr("Create"), "create", style="success")],
                [taps.button(tr("Change"), "change")],
            ]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, _ways_out(tr, taps)])


class _Taps:
    """Makes the buttons of one draft at one revision."""

    def __init__(self, draft: Draft, revision: int) -> None:
        self.draft = draft
        self._revision = revision

    def button(
        self, text: str, do: str, value: str | int = "", style: str | None = None
    ) -> InlineKeyboardButton:
        data = DraftTap(id=self.draft.id, rev=self._revision, do=do, value=str(value))
        return InlineKeyboardButton(text=text, callback_data=data.pack(), style=style)


def _amounts(tr: Translator, taps: _Taps) -> Rows:
    draft = taps.draft
    if len(draft.amounts) > 1:
        known = draft.currencies[0] if len(draft.currencies) == 1 else None
        texts = [
            common.money(tr, amount, known) if known else common.number(tr, amount)
            for amount in draft.amounts
        ]
        return [[taps.button(text, "reading", number) for number, text in enumerate(texts)]]
    offers = [_offered(tr, offer) for offer in draft.offers]
    return grid([taps.button(text, "offer", n) for n, text in enumerate(offers)], 2)


def _offered(tr: Translator, offer: str) -> str:
    """ "22.5 USD" as the reader writes it: "22.50 USD"."""
    amount, _, currency = offer.partition(" ")
    return common.money(tr, Decimal(amount), currency)


def _currencies(tr: Translator, taps: _Taps, usual: str) -> Rows:
    meant = taps.draft.currencies
    candidates: Iterable[str] = meant if len(meant) > 1 else CURRENCIES  # one is to be changed
    codes = sorted(candidates, key=lambda code: code != usual)  # stable: the usual one first
    return grid([taps.button(_labelled(tr, code), "currency", code) for code in codes], 4)


def _labelled(tr: Translator, code: str) -> str:
    symbol = currency_symbol(code, tr.language)
    return code if symbol == code else f"{code} {symbol}"


def _assets(tr: Translator, taps: _Taps, settings: ChatSettings) -> Rows:
    rows: Rows = [[taps.button(tr("Buyer chooses"), "coins")]]
    if settings.coins:
        usual = ", ".join(common.coin(tr, code) for code in settings.coins)
        rows.insert(0, [taps.button(f"★ {usual}"[:60], "usual")])
    return rows + grid([taps.button(asset, "asset", asset) for asset in ASSETS], 4)


def _networks(taps: _Taps) -> Rows:
    coins = ASSETS[taps.draft.asset or ""]
    return grid([taps.button(coin.network_name, "coins", coin.code) for coin in coins], 2)


def _changes(tr: Translator, taps: _Taps) -> Rows:
    buttons = [
        taps.button(tr("Amount"), "edit", Step.AMOUNT),
        taps.button(tr("Currency"), "edit", Step.CURRENCY),
        taps.button(tr("Coin"), "edit", Step.COIN),
        taps.button(tr("Time to pay"), "edit", Step.LIFETIME),
        taps.button(tr("Description"), "edit", Step.DETAILS),
    ]
    return grid(buttons, 2)


def _ways_out(tr: Translator, taps: _Taps) -> list[InlineKeyboardButton]:
    cancel = taps.button(tr("Cancel"), "cancel", style="danger")
    if back(taps.draft) == taps.draft:
        return [cancel]  # the first question
    return [taps.button(tr("‹ Back"), "back"), cancel]
