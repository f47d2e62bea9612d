"""What is typed without a command of its own: answers to a question, and bare lines."""

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.types import Message

from bot.domain.answers import typed
from bot.domain.drafts import Step
from bot.domain.people import Role
from bot.domain.problems import Rejected
from bot.domain.requests import looks_like_request
from bot.services.invoicing import Invoicing
from bot.telegram.conversation import Conversation
from bot.telegram.filters import HasText, InPrivate, MayInvoice, Needs
from bot.telegram.handlers.asking import barred, read
from bot.telegram.i18n import Html
from bot.telegram.ports import Throttle
from bot.telegram.states import Asking
from bot.telegram.texts import asking, general, problems
from bot.telegram.who import Who


def setup() -> Router:
    """After all commands. Cashiers may do this, if the rule of the group lets them. Whoever may not
    go on may still cancel."""
    router = Router(name="typed")
    cashier = Needs(Role.CASHIER)
    router.message.register(cancel, Command("cancel"), cashier)
    router.message.register(answer, StateFilter(Asking), HasText(), cashier, MayInvoice())
    router.message.register(barred, StateFilter(Asking), HasText(), cashier)
    router.message.register(bare, HasText(), InPrivate(), cashier)
    return router


async def bare(
    message: Message,
    who: Who,
    conversation: Conversation,
    invoicing: Invoicing,
    limits: Throttle,
    default_currency: str,
) -> None:
    """ "50 EUR" without a command is shown as a summary first."""
    line = message.text or ""
    if not looks_like_request(line):
        await message.answer(general.unknown(who.tr))
        return
    await read(message, line, who, conversation, invoicing, limits, default_currency, is_bare=True)


async def answer(message: Message, who: Who, conversation: Conversation) -> None:
    """A typed answer to the open question."""
    draft = who.stored.draft
    if draft is None:
        return
    outcome = typed(draft, message.text or "")
    note: Html | None = None
    if isinstance(outcome, Rejected):
        note, outcome = problems.rejected(who.tr, outcome), draft
    await conversation.answered(who, message, outcome, note)


async def cancel(message: Message, who: Who, conversation: Conversation) -> None:
    """`/cancel` ends the conversation."""
    if who.stored.draft is None or who.stored.draft.step is Step.CREATING:
        await message.answer(asking.nothing_to_cancel(who.tr))
        return
    await conversation.cancel(who, who.stored.message_id)
