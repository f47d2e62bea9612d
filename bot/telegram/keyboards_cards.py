"""The buttons of a card, by what it says and by who reads it. One that would do nothing is not
made; one that has ended is greyed."""

from typing import Final
from urllib.parse import quote

from aiogram.types import (
    CopyTextButton,
    DisabledButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)

from bot.domain.cards import Card, Sight
from bot.domain.invoice import Face, Invoice, Wish
from bot.telegram.callbacks import CardTap, ListTap, ManageTap
from bot.telegram.i18n import Translator
from bot.telegram.keyboards import Rows
from bot.telegram.texts import common

LONGEST_COPY: Final = 256  # characters, Bot API: CopyTextButton

_OPEN: Final = (Face.CREATED, Face.PARTIAL)


def card(tr: Translator, invoice: Invoice, of: Card, username: str) -> InlineKeyboardMarkup | None:
    """What the reader may do, the most wanted first. `username` is the bot's own."""
    sight = of.sight
    manager = sight is Sight.MANAGER or (sight is Sight.OWN and not invoice.cashier)
    rows: Rows = []
    if invoice.uuid:
        rows = _to_pay(tr, invoice) if invoice.face in _OPEN else [[_ended(tr, invoice)]]
        if sight is Sight.BUYER:
            rows += [[_look(tr, invoice)]] if invoice.face in _OPEN else []
        elif of.public and invoice.face in _OPEN:
            rows.append([InlineKeyboardButton(text=tr("Verify"), url=link(username, invoice))])
    if sight is not Sight.BUYER and not of.public:
        rows += _for_seller(tr, invoice, username, manager=manager)
    if sight in (Sight.MANAGER, Sight.VIEWER):
        back = ListTap(bucket="", id=invoice.id).pack()
        rows.append([InlineKeyboardButton(text=tr("‹ Invoices"), callback_data=back)])
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def link(username: str, invoice: Invoice) -> str:
    """Opens the card for a buyer."""
    return f"https://t.me/{username}?start={invoice.id}"


def _to_pay(tr: Translator, invoice: Invoice) -> Rows:
    """What everybody who sees it may do while it is open."""
    second = [_tap(tr("QR code"), "qr", invoice)]
    if len(invoice.link) <= LONGEST_COPY:
        copied = CopyTextButton(text=invoice.link)
        second.insert(0, InlineKeyboardButton(text=tr("Copy link"), copy_text=copied))
    pay = InlineKeyboardButton(text=_pay(tr, invoice), url=invoice.link, style="success")
    return [[pay], second]


def _ended(tr: Translator, invoice: Invoice) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=_pay(tr, invoice), disabled=DisabledButton())


def _pay(tr: Translator, invoice: Invoice) -> str:
    if invoice.face is Face.PARTIAL:
        return tr("Pay the rest")
    return tr("Pay {amount}", amount=common.money(tr, invoice.amount, invoice.currency))


def _for_seller(tr: Translator, invoice: Invoice, username: str, *, manager: bool) -> Rows:
    match invoice.face:
        case Face.CREATED | Face.PARTIAL:
            rows = [[_share(tr, invoice, username), _look(tr, invoice)]]
            if manager and invoice.face is Face.CREATED and invoice.wish is not Wish.CANCEL:
                rows.append([_manage(tr("Cancel"), "cancel", invoice, style="danger")])
            return rows
        case Face.SHORT if manager:
            rows = [] if invoice.rest else [[_manage(tr("Ask for the rest"), "rest", invoice)]]
            return [*rows, [_manage(tr("Accept as is"), "accept", invoice), _look(tr, invoice)]]
        case Face.LATE if manager:
            row = [_manage(tr("Accept"), "accept", invoice)]
            if invoice.email:
                payer = CopyTextButton(text=invoice.email)
                row.append(InlineKeyboardButton(text=tr("Copy payer's e-mail"), copy_text=payer))
            return [row]
        case Face.EXPIRED | Face.CANCELLED | Face.REFUSED:
            again = _manage(tr("Again"), "again", invoice)
            return [[again] if invoice.face is Face.REFUSED else [again, _look(tr, invoice)]]
        case Face.PAID | Face.OVERPAID | Face.ACCEPTED:
            return [[_manage(tr("Again"), "again", invoice)]]
    return []


def sure(tr: Translator, invoice: Invoice) -> InlineKeyboardMarkup:
    """Before something that cannot be taken back."""
    yes = _manage(tr("Yes, cancel the invoice"), "cancel_now", invoice, style="danger")
    return InlineKeyboardMarkup(
        inline_keyboard=[[yes], [_manage(tr("No, keep it"), "keep", invoice)]]
    )


def picture(tr: Translator, invoice: Invoice) -> InlineKeyboardMarkup:
    """Under the QR code."""
    return InlineKeyboardMarkup(inline_keyboard=[[_tap(tr("Close"), "close", invoice)]])


def _share(tr: Translator, invoice: Invoice, username: str) -> InlineKeyboardButton:
    amount = common.money(tr, invoice.amount, invoice.currency)
    text = tr("Invoice for {amount}", amount=amount)
    there = quote(link(username, invoice), safe="")
    url = f"https://t.me/share/url?url={there}&text={quote(text)}"
    return InlineKeyboardButton(text=tr("Send to buyer"), url=url)


def _look(tr: Translator, invoice: Invoice) -> InlineKeyboardButton:
    return _tap(tr("Refresh"), "look", invoice)


def _tap(text: str, do: str, invoice: Invoice) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=CardTap(do=do, id=invoice.id).pack())


def _manage(text: str, do: str, invoice: Invoice, style: str | None = None) -> InlineKeyboardButton:
    data = ManageTap(do=do, id=invoice.id).pack()
    return InlineKeyboardButton(text=text, callback_data=data, style=style)
