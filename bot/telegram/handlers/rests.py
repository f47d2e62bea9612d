"""*Create* under the summary of a rest: its invoice has one id, whoever asks, and the original may
have changed since the summary was shown."""

from aiogram.types import CallbackQuery, Message

from bot.domain.drafts import Draft
from bot.domain.invoice import Face
from bot.services.following import Following
from bot.services.invoicing import Invoicing
from bot.telegram.conversation import Conversation, acknowledge, rewrite, tapped_in
from bot.telegram.texts import views as texts
from bot.telegram.views import Views
from bot.telegram.who import Who


async def overtaken(
    callback: CallbackQuery,
    who: Who,
    draft: Draft,
    conversation: Conversation,
    invoicing: Invoicing,
    following: Following,
) -> bool:
    """Whether nothing may be asked for any more, because money came or the part was accepted. Then
    it is said and the conversation ends."""
    if draft.rest_of is None or await invoicing.exists(draft.id):
        return False
    original = await following.find(draft.rest_of.id)
    if original is None or original.face is Face.SHORT:
        return False
    await conversation.end(who, tapped_in(who, callback), texts.rest_over(who.tr, original))
    await acknowledge(callback, texts.rest_over_alert(who.tr, original), alert=True)
    return True


async def taken(
    callback: CallbackQuery,
    who: Who,
    draft: Draft,
    invoicing: Invoicing,
    following: Following,
    views: Views,
) -> bool:
    """Whether another summary of the same rest led to its invoice. Then that takes the place of
    this summary, or a word about it while it is still being made."""
    if draft.rest_of is None or not await invoicing.asked_elsewhere(draft.id, who.place):
        return False
    invoice, message = await following.find(draft.id), callback.message
    if invoice is None or not invoice.uuid or not isinstance(message, Message):
        said = texts.rest_taken(who.tr, draft.rest_of.uuid)
        await rewrite(callback, said, None, texts.rest_exists(who.tr))
        return True
    await acknowledge(callback, texts.rest_exists(who.tr))
    await views.turn(who, message, invoice, views.sight(who, invoice))
    return True
