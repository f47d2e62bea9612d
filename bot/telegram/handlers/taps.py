"""Taps on the conversation's buttons. What a button carries is checked like anything typed."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.domain import drafts
from bot.domain.answers import described
from bot.domain.cards import Card
from bot.domain.chats import ChatSettings
from bot.domain.drafts import Draft, Step
from bot.domain.fields import lifetime_allowed
from bot.domain.people import Role
from bot.domain.problems import Rejected
from bot.domain.requests import read_request
from bot.services.following import Following
from bot.services.invoicing import Invoicing
from bot.telegram.callbacks import DraftTap, carries
from bot.telegram.conversation import Conversation, acknowledge, tapped_in
from bot.telegram.filters import MayInvoice, Needs
from bot.telegram.handlers import rests
from bot.telegram.handlers.asking import barred_tap
from bot.telegram.texts import asking
from bot.telegram.views import Views
from bot.telegram.who import Who


def setup() -> Router:
    """One callback type. Cashiers may do all of this, if the rule of the group lets them."""
    router = Router(name="taps")
    router.callback_query.register(tap, DraftTap.filter(), Needs(Role.CASHIER), MayInvoice())
    router.callback_query.register(barred_tap, DraftTap.filter(), Needs(Role.CASHIER))
    return router


async def tap(
    callback: CallbackQuery,
    callback_data: DraftTap,
    who: Who,
    conversation: Conversation,
    invoicing: Invoicing,
    following: Following,
    views: Views,
) -> None:
    """An answer, a way back, or *Create*."""
    draft = who.stored.draft
    if draft is None or draft.id != callback_data.id or not _asks(callback, who, draft):
        known = await invoicing.exists(callback_data.id)
        text = asking.created_already(who.tr) if known else asking.not_yours(who.tr)
        await acknowledge(callback, text, alert=True)
        return
    if callback_data.do == "create" or draft.step is Step.CREATING:
        await _create(
            callback, callback_data, who, draft, conversation, invoicing, following, views
        )
        return
    if callback_data.rev != who.stored.revision:
        await _outdated(callback, who, conversation)
        return
    if callback_data.do == "cancel":
        await asyncio.gather(
            conversation.cancel(who, tapped_in(who, callback)), acknowledge(callback)
        )
        return
    answered = _applied(draft, callback_data, who.settings)
    if answered is None:
        await acknowledge(callback, asking.not_yours(who.tr), alert=True)
        return
    await conversation.tapped(who, callback, answered)


def _asks(callback: CallbackQuery, who: Who, draft: Draft) -> bool:
    """Whether the message that was tapped is one that asked for this draft: it is to be edited, and
    data can be sent from under any message."""
    message, known = callback.message, who.stored.message_id
    if known is not None and tapped_in(who, callback) == known:
        return True
    return isinstance(message, Message) and carries(message, DraftTap.__prefix__, draft.id)


async def _create(
    callback: CallbackQuery,
    data: DraftTap,
    who: Who,
    draft: Draft,
    conversation: Conversation,
    invoicing: Invoicing,
    following: Following,
    views: Views,
) -> None:
    """Taken once: *Create* moves the draft to `creating` at the revision that was read."""
    message_id, taken = tapped_in(who, callback), draft.step is Step.CREATING
    if not taken and (draft.step is not Step.SUMMARY or data.rev != who.stored.revision):
        await _outdated(callback, who, conversation)
        return
    if await rests.overtaken(callback, who, draft, conversation, invoicing, following):
        return
    if not taken:
        stored = await conversation.store(who, drafts.asked_again(draft, Step.CREATING), message_id)
        if stored is None:
            await _outdated(callback, who, conversation)
            return
    card = Card(who.place.chat_id, message_id) if message_id is not None else None
    new = await invoicing.issue(
        draft,
        who.place,
        settings=who.settings,
        language=who.tr.language,
        issuer=who.label,
        cashier=who.role is Role.CASHIER,
        card=card,
    )
    if new or not await rests.taken(callback, who, draft, invoicing, following, views):
        await acknowledge(callback, asking.creating(who.tr))


async def _outdated(callback: CallbackQuery, who: Who, conversation: Conversation) -> None:
    await asyncio.gather(
        conversation.show_here(who, callback, who.stored),
        acknowledge(callback, asking.outdated(who.tr)),
    )


def _applied(draft: Draft, data: DraftTap, settings: ChatSettings) -> Draft | None:
    """The draft after the tap; None for what no button of ours carries."""
    apply = _ANSWERS.get(data.do)
    try:
        return apply(draft, data.value, settings) if apply else None
    except (ValueError, IndexError, OverflowError):
        return None


def _offer(draft: Draft, value: str, _: ChatSettings) -> Draft | None:
    request = read_request(draft.offers[int(value)], default_currency=None)
    return None if isinstance(request, Rejected) else drafts.merged(draft, request)


def _lifetime(draft: Draft, value: str, _: ChatSettings) -> Draft | None:
    lifetime = timedelta(minutes=int(value))
    return drafts.with_lifetime(draft, lifetime) if lifetime_allowed(lifetime) else None


def _erase(draft: Draft, _: str, __: ChatSettings) -> Draft | None:
    erased = described(draft, "")
    return None if isinstance(erased, Rejected) else erased


_ANSWERS: dict[str, Callable[[Draft, str, ChatSettings], Draft | None]] = {
    "reading": lambda draft, value, _: drafts.with_amount(draft, draft.amounts[int(value)]),
    "offer": _offer,
    "currency": lambda draft, value, _: drafts.with_currency(draft, value),
    "asset": lambda draft, value, _: drafts.with_asset(draft, value),
    "coins": lambda draft, value, _: drafts.with_coins(draft, (value,) if value else ()),
    "usual": lambda draft, _, settings: drafts.with_coins(draft, settings.coins),
    "change": lambda draft, _, __: drafts.asked_again(draft, Step.CHANGE),
    "edit": lambda draft, value, _: drafts.edited(draft, Step(value)),
    "life": _lifetime,
    "erase": _erase,
    "back": lambda draft, _, __: drafts.back(draft),
}
