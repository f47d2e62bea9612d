"""Inline keyboards of lists and search results: an invoice a button."""

from collections.abc import Iterable

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.history import Cursor, Page
from bot.domain.invoice import Bucket, Invoice
from bot.telegram.callbacks import ListTap, OpenTap
from bot.telegram.i18n import Translator
from bot.telegram.keyboards import Rows
from bot.telegram.texts import views as texts

_FILTERS = (Bucket.NONE, Bucket.OPEN, Bucket.PAID, Bucket.EXPIRED)


def listing(tr: Translator, page: Page, bucket: Bucket) -> InlineKeyboardMarkup:
    """The invoices, the way to the neighbouring pages, and the filters."""
    rows = _invoices(tr, page.invoices)
    turns = [
        _turn(tr("‹ Newer"), bucket, page.newer),
        _turn(tr("Older ›"), bucket, page.older),
    ]
    rows.append([turn for turn in turns if turn is not None])
    filters = [_filter(tr, one, now=bucket) for one in _FILTERS]
    rows += [filters[:2], filters[2:]]
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])


def results(tr: Translator, invoices: list[Invoice]) -> InlineKeyboardMarkup:
    """What a search found."""
    return InlineKeyboardMarkup(inline_keyboard=_invoices(tr, invoices))


def _invoices(tr: Translator, invoices: Iterable[Invoice]) -> Rows:
    return [
        [
            InlineKeyboardButton(
                text=texts.row(tr, invoice), callback_data=OpenTap(id=invoice.id).pack()
            )
        ]
        for invoice in invoices
    ]


def _turn(text: str, bucket: Bucket, cursor: Cursor | None) -> InlineKeyboardButton | None:
    if cursor is None:
        return None
    data = ListTap(bucket=bucket, at=cursor.at, id=cursor.id, newer=cursor.newer)
    return InlineKeyboardButton(text=text, callback_data=data.pack())


def _filter(tr: Translator, one: Bucket, *, now: Bucket) -> InlineKeyboardButton:
    name = texts.bucket(tr, one)
    data = ListTap(bucket=one).pack()
    return InlineKeyboardButton(text=f"✓ {name}" if one is now else name, callback_data=data)
