"""Inline keyboards of what only admins see."""

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.attempts import MOST_SHOWN, Suspect
from bot.domain.audit import Trail
from bot.telegram.callbacks import AuditTap, HealthTap
from bot.telegram.i18n import Translator


def trail(tr: Translator, page: Trail, person: int, *, first: bool) -> InlineKeyboardMarkup | None:
    """The way on, and back to the newest. None where one page is all."""
    row = []
    if not first:
        row.append(_turn(tr("‹ Newest"), AuditTap(person=person)))
    if page.older is not None:
        older = AuditTap(person=person, at=page.older.at, after=page.older.after)
        row.append(_turn(tr("Older ›"), older))
    return InlineKeyboardMarkup(inline_keyboard=[row]) if row else None


def health(tr: Translator, suspects: list[Suspect]) -> InlineKeyboardMarkup:
    """Two buttons for each update that waits for a decision, by its number."""
    rows = [
        [
            *([_do(tr("Try {n} again", n=one.update_id), "feed", one)] if one.readable else []),
            _do(tr("Drop {n}", n=one.update_id), "drop", one, style="danger"),
        ]
        for one in suspects[:MOST_SHOWN]
    ]
    refresh = InlineKeyboardButton(text=tr("Refresh"), callback_data=HealthTap(do="show").pack())
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [refresh]])


def sure(tr: Translator, one: Suspect) -> InlineKeyboardMarkup:
    """Before one is dropped."""
    back = InlineKeyboardButton(text=tr("‹ Back"), callback_data=HealthTap(do="show").pack())
    return InlineKeyboardMarkup(
        inline_keyboard=[[_do(tr("Yes, drop it"), "drop_now", one, style="danger")], [back]]
    )


def _do(text: str, do: str, one: Suspect, style: str | None = None) -> InlineKeyboardButton:
    data = HealthTap(do=do, update=one.update_id).pack()
    return InlineKeyboardButton(text=text, callback_data=data, style=style)


def _turn(text: str, data: AuditTap) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
