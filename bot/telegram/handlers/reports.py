"""`/stats` and `/export`: what was issued, in figures and as a file."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC
from pathlib import Path
from typing import Final

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from bot.domain.audit import Deed, Entry
from bot.domain.invoice import Invoice
from bot.domain.people import Role
from bot.domain.periods import Period, read_period
from bot.domain.statistics import Statistics
from bot.services import charts, exports
from bot.services.ports import Clock
from bot.telegram.callbacks import ExportTap
from bot.telegram.conversation import acknowledge
from bot.telegram.filters import InPrivate, Needs
from bot.telegram.ports import Audit, Periods, Throttle
from bot.telegram.texts import reports as texts
from bot.telegram.texts import views
from bot.telegram.who import Who

LARGEST: Final = 49 * 1024 * 1024  # bytes; Bot API: sendDocument takes 50 MB
UPLOAD: Final = 180  # seconds for such a file
_OFFERED: Final = ("today", "7", "30", "year")


def setup() -> Router:
    """Cashiers see figures of their own, in private; files are for sellers."""
    router = Router(name="reports")
    router.message.register(stats, Command("stats"), Needs(Role.CASHIER), InPrivate())
    router.message.register(stats, Command("stats"), Needs(Role.SELLER))
    router.message.register(export, Command("export"), Needs(Role.SELLER), InPrivate())
    router.message.register(in_private, Command("export"), Needs(Role.SELLER))
    router.message.register(no_export, Command("export"), Needs(Role.CASHIER))
    router.callback_query.register(tap, ExportTap.filter(), Needs(Role.SELLER), InPrivate())
    return router


async def stats(
    message: Message, who: Who, bot: Bot, periods: Periods, clock: Clock, limits: Throttle
) -> None:
    """Three spans and a picture of the last 30 days."""
    if seconds := await limits.take("file", who.place.user_id):
        await message.answer(views.wait(who.tr, seconds))
        return
    now = clock()
    figures = Statistics.begun(now)
    async for page in periods.between(who.place.chat_id, figures.begin, now):
        figures.add(page)
    text = texts.statistics(who.tr, figures)
    if not any(figures.issued.values()):
        await message.answer(text)
        return
    await bot.send_chat_action(
        who.place.chat_id, "upload_photo", message_thread_id=who.place.thread_id
    )
    picture = BufferedInputFile(
        await charts.png(figures, texts.labels(who.tr)), f"{figures.today}.png"
    )
    await message.answer_photo(picture, caption=text)


async def export(
    message: Message,
    command: CommandObject,
    who: Who,
    bot: Bot,
    periods: Periods,
    clock: Clock,
    limits: Throttle,
    audit: Audit,
) -> None:
    """`/export 2026-10`: both forms at once; without a period the usual ones as buttons."""
    if not (command.args or "").strip():
        await message.answer(texts.ask_export(who.tr), reply_markup=_offers(who))
        return
    period = read_period(command.args or "", clock().astimezone(UTC).date())
    if period is None:
        await message.answer(texts.bad_period(who.tr))
        return
    entry = _entry(who, clock, period)
    await _send(who, bot, periods, period, limits, audit, entry)


async def tap(
    callback: CallbackQuery,
    callback_data: ExportTap,
    who: Who,
    bot: Bot,
    periods: Periods,
    clock: Clock,
    limits: Throttle,
    audit: Audit,
) -> None:
    """One of the usual periods."""
    period = read_period(callback_data.period, clock().astimezone(UTC).date())
    await acknowledge(callback)
    if period is not None:
        await _send(who, bot, periods, period, limits, audit, _entry(who, clock, period))


async def in_private(message: Message, who: Who) -> None:
    """Not where others read along."""
    await message.answer(texts.in_private(who.tr))


async def no_export(message: Message, who: Who) -> None:
    """Cashiers see figures only."""
    await message.answer(texts.no_export(who.tr))


def _entry(who: Who, clock: Clock, period: Period) -> Entry:
    what = f"{period.first} {period.last}"
    return who.did(Deed.EXPORTED, clock(), chat=who.place.chat_id, what=what)


async def _send(
    who: Who,
    bot: Bot,
    periods: Periods,
    period: Period,
    limits: Throttle,
    audit: Audit,
    entry: Entry,
) -> None:
    chat = who.place.chat_id
    if seconds := await limits.take("file", who.place.user_id):
        await bot.send_message(chat, views.wait(who.tr, seconds))
        return
    await audit.note(entry)  # before: nobody has a file of which the trail knows nothing
    await bot.send_chat_action(chat, "upload_document")
    with tempfile.TemporaryDirectory(prefix="invoice-bot-export-") as folder:
        for form in exports.FORMS:
            name = f"invoices-{period.first}-{period.last}.{form}"
            path = Path(folder, name)
            count = await exports.write(_pages(who, periods, period), path, form)
            if not count:
                await bot.send_message(chat, texts.nothing_to_export(who.tr, period))
                return
            if (await asyncio.to_thread(path.stat)).st_size > LARGEST:
                await bot.send_message(chat, texts.too_large(who.tr))
                return
            caption = texts.exported(who.tr, period, count)
            await bot.send_document(
                chat, FSInputFile(path, name), caption=caption, request_timeout=UPLOAD
            )


def _pages(who: Who, periods: Periods, period: Period) -> AsyncIterator[list[Invoice]]:
    return periods.between(who.place.chat_id, period.start, period.end)


def _offers(who: Who) -> InlineKeyboardMarkup:
    names = (who.tr("Today"), who.tr("7 days"), who.tr("30 days"), who.tr("A year"))
    buttons = [
        InlineKeyboardButton(text=name, callback_data=ExportTap(period=period).pack())
        for name, period in zip(names, _OFFERED, strict=True)
    ]
    return InlineKeyboardMarkup(inline_keyboard=[buttons[:2], buttons[2:]])
