"""Invoices that begin with another one: the same again, or what is missing of it."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.drafts import Draft
from bot.domain.invoice import Face
from bot.domain.people import Role
from bot.domain.rights import manages, sees
from bot.services.following import Following
from bot.telegram.beginning import too_many
from bot.telegram.callbacks import ManageTap
from bot.telegram.conversation import Conversation, acknowledge
from bot.telegram.filters import Does, MayInvoice, Needs
from bot.telegram.handlers.asking import barred_tap
from bot.telegram.ports import Throttle
from bot.telegram.texts import views as texts
from bot.telegram.views import Views
from bot.telegram.who import Who


def setup() -> Router:
    """Cashiers may ask for the same again; the rest is for who manages the invoice."""
    router = Router(name="again")
    both, cashier = Does("again", "rest"), Needs(Role.CASHIER)
    router.callback_query.register(begin, ManageTap.filter(), both, cashier, MayInvoice())
    router.callback_query.register(barred_tap, ManageTap.filter(), both, cashier)
    return router


async def begin(
    callback: CallbackQuery,
    callback_data: ManageTap,
    who: Who,
    following: Following,
    views: Views,
    conversation: Conversation,
    limits: Throttle,
) -> None:
    """*Again* opens a summary with the same values, *Ask for the rest* one with what is missing, or
    the invoice that asks for it already."""
    invoice, again = await following.find(callback_data.id), callback_data.do == "again"
    may = invoice is not None and (
        manages(invoice, who.place.user_id, who.role)
        or (again and sees(invoice, who.place, who.role))
    )
    card = await views.tapped(who, callback, invoice) if invoice is not None and may else None
    if invoice is None or card is None:
        await acknowledge(callback, texts.gone(who.tr), alert=True)
        return
    if not again and invoice.face is not Face.SHORT:
        await views.update(card, invoice)
        await acknowledge(callback, texts.ended(who.tr, invoice), alert=True)
        return
    asked = following.again(invoice) if again else await following.rest(invoice)
    if not isinstance(asked, Draft):
        await acknowledge(callback, texts.rest_exists(who.tr))
        if asked.uuid:
            await views.open(who, asked, views.sight(who, asked))
        return
    said = await too_many(who, limits)
    await acknowledge(callback, said, alert=said is not None)
    if said is None:
        note = texts.again_note(who.tr) if again else texts.rest_note(who.tr, invoice)
        await conversation.ask(who, asked, note)
