"""The buttons of cards. What a button carries is only an id: rights are looked up each time."""

import logging

from aiogram import Bot, Router
from aiogram.types import BufferedInputFile, CallbackQuery, Message, ReplyParameters

from bot.domain.cards import Card
from bot.domain.errors import CardGone, MessageError
from bot.domain.invoice import Face, Invoice, Status, Wish
from bot.domain.people import Role
from bot.domain.rights import manages
from bot.services.following import Following
from bot.services.supervisor import Supervisor
from bot.telegram import keyboards_cards as keyboards
from bot.telegram import qr
from bot.telegram.callbacks import CardTap, ManageTap
from bot.telegram.conversation import acknowledge, tapped_in
from bot.telegram.filters import Needs
from bot.telegram.outbound import delivery
from bot.telegram.ports import Throttle
from bot.telegram.texts import views as texts
from bot.telegram.views import Views
from bot.telegram.who import Who

log = logging.getLogger(__name__)


def setup() -> Router:
    """Everybody may look; everything else is for who manages the invoice."""
    router = Router(name="cards")
    router.callback_query.register(look, CardTap.filter(), Needs(Role.STRANGER))
    router.callback_query.register(manage, ManageTap.filter(), Needs(Role.CASHIER))
    return router


async def look(
    callback: CallbackQuery,
    callback_data: CardTap,
    who: Who,
    bot: Bot,
    following: Following,
    views: Views,
    limits: Throttle,
    supervisor: Supervisor,
) -> None:
    """*Refresh*, *QR code*, and *Close* under the code."""
    invoice = await following.find(callback_data.id)
    card = await views.tapped(who, callback, invoice) if invoice is not None else None
    if invoice is None or card is None or not invoice.uuid:
        said, stranger = texts.gone(who.tr), who.role is Role.STRANGER
        if stranger and (seconds := await limits.take("open", who.place.user_id)):
            said = texts.wait(who.tr, seconds)  # guesses count like those of links
        await acknowledge(callback, said, alert=True)
        return
    if callback_data.do == "close":
        await _close(callback)
        return
    if callback_data.do == "qr":
        await _picture(callback, who, bot, invoice, limits)
        return
    if seconds := await limits.take("look", who.place.user_id):
        await acknowledge(callback, texts.wait(who.tr, seconds))
        return
    await following.note(invoice, Wish.LOOK, by=who.place.user_id, update_id=who.update_id)
    # The wish is stored: who waits for the answer must not hold up the others in the chat.
    supervisor.start(_looked(callback, who, invoice, card, following, views), "refresh")


async def _looked(
    callback: CallbackQuery,
    who: Who,
    invoice: Invoice,
    card: Card,
    following: Following,
    views: Views,
) -> None:
    now = await views.update(card, await following.outcome(invoice))
    await acknowledge(callback, texts.looked(who.tr, now))


async def _picture(
    callback: CallbackQuery, who: Who, bot: Bot, invoice: Invoice, limits: Throttle
) -> None:
    if not invoice.is_open:
        await acknowledge(callback, texts.ended(who.tr, invoice), alert=True)
        return
    if seconds := await limits.take("picture", who.place.chat_id, who.place.user_id):
        await acknowledge(callback, texts.wait(who.tr, seconds))
        return
    await acknowledge(callback)
    image = BufferedInputFile(await qr.png(invoice.link), f"{invoice.uuid}.png")
    card = tapped_in(who, callback)
    with delivery():
        await bot.send_photo(
            who.place.chat_id,
            image,
            caption=texts.picture(who.tr, invoice),
            message_thread_id=who.place.thread_id,
            reply_parameters=ReplyParameters(message_id=card, allow_sending_without_reply=True)
            if card
            else None,
            reply_markup=keyboards.picture(who.tr, invoice),
        )


async def _close(callback: CallbackQuery) -> None:
    """Away with a picture, and with nothing else."""
    message = callback.message
    if isinstance(message, Message) and message.photo:
        try:
            with delivery():
                await message.delete()
        except CardGone:
            pass
        except MessageError as error:  # too old to be deleted
            log.info("a picture stays: %s", error)
    await acknowledge(callback)


async def manage(
    callback: CallbackQuery,
    callback_data: ManageTap,
    who: Who,
    following: Following,
    views: Views,
    supervisor: Supervisor,
) -> None:
    """*Cancel* (which asks once), *Accept*; see `again` for what begins another invoice."""
    invoice = await following.find(callback_data.id)
    may = invoice is not None and manages(invoice, who.place.user_id, who.role)
    card = await views.tapped(who, callback, invoice) if invoice is not None and may else None
    if invoice is None or card is None:
        await acknowledge(callback, texts.gone(who.tr), alert=True)
        return
    match callback_data.do:
        case "keep":
            await views.update(card, invoice)
            await acknowledge(callback)
        case "cancel" if invoice.status is Status.CREATED:
            await _ask_first(callback, who, invoice, card, following, views)
        case "cancel_now" if invoice.status is Status.CREATED:
            await _wish(callback, who, invoice, card, Wish.CANCEL, following, views, supervisor)
        case "accept" if invoice.face in (Face.SHORT, Face.LATE):
            await _wish(callback, who, invoice, card, Wish.ACCEPT, following, views, supervisor)
        case _:
            await views.update(card, invoice)
            await acknowledge(callback, texts.ended(who.tr, invoice), alert=True)


async def _ask_first(
    callback: CallbackQuery,
    who: Who,
    invoice: Invoice,
    card: Card,
    following: Following,
    views: Views,
) -> None:
    if isinstance(callback.message, Message):
        try:
            with delivery():
                await callback.message.edit_reply_markup(
                    reply_markup=keyboards.sure(who.tr, invoice)
                )
        except CardGone:
            log.info("the card that was tapped is gone")
    now = await following.find(invoice.id)
    if now is not None and now.face is not invoice.face:  # the reconciler wrote there meanwhile
        await views.update(card, now)
    await acknowledge(callback, texts.sure(who.tr))


async def _wish(
    callback: CallbackQuery,
    who: Who,
    invoice: Invoice,
    card: Card,
    wish: Wish,
    following: Following,
    views: Views,
    supervisor: Supervisor,
) -> None:
    by = who.place.user_id
    if not await following.note(invoice, wish, by=by, update_id=who.update_id):
        await acknowledge(callback, texts.busy(who.tr), alert=True)
        return

    async def done() -> None:
        now = await views.update(card, await following.outcome(invoice))
        if wish is Wish.ACCEPT:
            await acknowledge(callback, texts.accepted(who.tr))
        else:
            cancelled = now.face is Face.CANCELLED
            await acknowledge(callback, texts.cancelled(who.tr, now), alert=not cancelled)

    supervisor.start(done(), wish)


async def cancel_command(
    message: Message, who: Who, bot: Bot, invoice: Invoice, views: Views
) -> None:
    """`/cancel INV-…`: its card, asking once."""
    card = await views.open(who, invoice, views.sight(who, invoice))
    if invoice.status is not Status.CREATED:
        await message.answer(texts.ended(who.tr, invoice))
        return
    await bot.edit_message_reply_markup(
        chat_id=card.chat_id,
        message_id=card.message_id,
        reply_markup=keyboards.sure(who.tr, invoice),
    )
