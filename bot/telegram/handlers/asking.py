"""Asking for an invoice: in one line, or step by step from the first question on."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.drafts import Draft, Step, begun
from bot.domain.people import Role
from bot.domain.problems import Rejected
from bot.domain.requests import Request, read_request
from bot.services.invoicing import Invoicing
from bot.telegram.beginning import too_many
from bot.telegram.callbacks import NewTap
from bot.telegram.conversation import Conversation, acknowledge
from bot.telegram.filters import MayInvoice, Needs
from bot.telegram.ports import Chats, Throttle
from bot.telegram.texts import asking, common, general, problems, settings
from bot.telegram.who import Who


def setup() -> Router:
    """The command and the button. Cashiers may do this, if the rule of the group lets them."""
    router = Router(name="asking")
    cashier = Needs(Role.CASHIER)
    router.edited_message.register(edited, Command("invoice"), cashier)
    router.message.register(invoice, Command("invoice"), cashier, MayInvoice())
    router.message.register(barred, Command("invoice"), cashier)
    router.callback_query.register(new, NewTap.filter(), cashier, MayInvoice())
    router.callback_query.register(barred_tap, NewTap.filter(), cashier)
    return router


async def invoice(
    message: Message,
    command: CommandObject,
    who: Who,
    conversation: Conversation,
    invoicing: Invoicing,
    chats: Chats,
    limits: Throttle,
    default_currency: str,
) -> None:
    """`/invoice 50 EUR` creates at once what can be read in one way, and asks about the rest."""
    line = (command.args or "").strip()
    if line:
        await read(
            message, line, who, conversation, invoicing, limits, default_currency, is_bare=False
        )
    elif said := await too_many(who, limits):
        await message.answer(said)
    else:
        await conversation.ask(who, await _empty(who, invoicing, chats))


async def read(
    message: Message,
    line: str,
    who: Who,
    conversation: Conversation,
    invoicing: Invoicing,
    limits: Throttle,
    default_currency: str,
    *,
    is_bare: bool,
) -> None:
    """Create what a line asks for, or ask about it. `is_bare`: it bears no command."""
    usual = who.settings.currency or default_currency
    request = read_request(line, default_currency=usual, bare=is_bare)
    if isinstance(request, Rejected):
        text = common.lines(problems.rejected(who.tr, request), problems.example(who.tr))
        await message.answer(text)
        return
    draft = begun(
        invoicing.command_id(message.chat.id, message.message_id),
        request,
        coins=who.settings.coins,
    )
    if not who.private and message.chat.id == who.place.chat_id:
        draft = replace(draft, reply_to=message.message_id)
    said = await too_many(who, limits)
    if said and not await invoicing.exists(draft.id):  # one that is, was counted before
        await message.answer(said)
        return
    sure = request.is_certain and not _suggested(line, request, who)
    if not sure or draft.step is not Step.SUMMARY:
        await conversation.ask(who, draft)
    elif await invoicing.asked_just_now(who.asked, draft):
        await conversation.ask(who, draft, asking.same_again(who.tr))
    else:
        await invoicing.issue(
            draft,
            who.place,
            settings=who.settings,
            language=who.tr.language,
            issuer=who.label,
            cashier=who.role is Role.CASHIER,
        )


def _suggested(line: str, request: Request, who: Who) -> bool:
    """Whether the currency is only the installation's suggestion: nobody in this chat named it."""
    if who.settings.currency is not None or not request.currencies:
        return False
    alone = read_request(line, default_currency=None)
    return not isinstance(alone, Rejected) and not alone.currencies


async def new(
    callback: CallbackQuery,
    who: Who,
    conversation: Conversation,
    invoicing: Invoicing,
    chats: Chats,
    limits: Throttle,
) -> None:
    """The *New invoice* button."""
    if said := await too_many(who, limits):
        await acknowledge(callback, said, alert=True)
        return
    await acknowledge(callback)
    await conversation.ask(who, await _empty(who, invoicing, chats))


async def _empty(who: Who, invoicing: Invoicing, chats: Chats) -> Draft:
    return Draft(id=invoicing.draft_id(), offers=tuple(await chats.recent(who.place)))


async def barred(message: Message, who: Who) -> None:
    """The rule of this group lets only its admins ask."""
    await message.answer(settings.admins_invoice(who.tr))


async def barred_tap(callback: CallbackQuery, who: Who) -> None:
    """The same of a button."""
    await acknowledge(callback, settings.admins_invoice(who.tr), alert=True)


async def edited(message: Message, who: Who) -> None:
    """An edited command creates nothing and says so."""
    await message.answer(general.edited(who.tr))
