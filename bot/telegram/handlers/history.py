"""Everything issued so far: lists, searches, one invoice by its number."""

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.history import Cursor
from bot.domain.ids import is_id
from bot.domain.invoice import Bucket, Invoice
from bot.domain.people import Role
from bot.domain.rights import manages, sees
from bot.domain.searches import Search, read_search, uuid_in
from bot.services.following import Following
from bot.telegram import keyboards_lists as keyboards
from bot.telegram.callbacks import ListTap, OpenTap
from bot.telegram.conversation import acknowledge, rewrite
from bot.telegram.filters import HasArguments, InPrivate, Needs, Shows
from bot.telegram.handlers.cards import cancel_command
from bot.telegram.ports import History
from bot.telegram.texts import views as texts
from bot.telegram.views import Views
from bot.telegram.who import Who

MOST_FOUND = 20


def setup() -> Router:
    """Cashiers see their own, in private; in a group its sellers see what was issued there."""
    router = Router(name="history")
    own = (Needs(Role.CASHIER), InPrivate())
    seller = Needs(Role.SELLER)
    for right in (own, (seller,)):
        router.message.register(invoices, Command("invoices"), *right)
        router.message.register(status, Command("status"), *right)
        router.message.register(find, Command("find"), *right)
        router.callback_query.register(turn, ListTap.filter(), Shows(ListTap), *right)
        router.callback_query.register(open_, OpenTap.filter(), Shows(OpenTap), *right)
    router.message.register(cancel, Command("cancel"), HasArguments(), seller)
    router.message.register(cashier, Command("cancel"), HasArguments(), Needs(Role.CASHIER))
    return router


async def invoices(message: Message, who: Who, history: History) -> None:
    """`/invoices`: the newest of all."""
    page = await history.page(who.place.chat_id, Bucket.NONE)
    await message.answer(
        texts.listing(who.tr, page, Bucket.NONE, group=not who.private),
        reply_markup=keyboards.listing(who.tr, page, Bucket.NONE),
    )


async def turn(
    callback: CallbackQuery, callback_data: ListTap, who: Who, history: History, views: Views
) -> None:
    """Another page or list, in the same message."""
    bucket = _bucket(callback_data.bucket)
    cursor = _cursor(callback_data)
    page = await history.page(who.place.chat_id, bucket, cursor)
    if cursor is not None and not page.invoices:  # they have moved to other lists meanwhile
        page = await history.page(who.place.chat_id, bucket)
    if isinstance(callback.message, Message) and is_id(callback_data.id) and cursor is None:
        await views.let_go(callback.message, callback_data.id)
    await rewrite(
        callback,
        texts.listing(who.tr, page, bucket, group=not who.private),
        keyboards.listing(who.tr, page, bucket),
    )


def _bucket(name: str) -> Bucket:
    return Bucket(name) if name in set(Bucket) else Bucket.NONE


def _cursor(data: ListTap) -> Cursor | None:
    """None where the button leads to the newest; a cursor only reads, wherever it points."""
    if data.at <= 0 or data.at > 1 << 45:
        return None
    return Cursor(data.at, data.id, newer=data.newer)


async def open_(
    callback: CallbackQuery, callback_data: OpenTap, who: Who, following: Following, views: Views
) -> None:
    """An invoice of a list takes the list's place, and leads back to it."""
    invoice = await following.find(callback_data.id)
    if invoice is None or not sees(invoice, who.place, who.role):
        await acknowledge(callback, texts.gone(who.tr), alert=True)
        return
    if isinstance(callback.message, Message):
        await views.turn(who, callback.message, invoice, views.sight(who, invoice))
    await acknowledge(callback)


async def status(
    message: Message,
    command: CommandObject,
    who: Who,
    following: Following,
    history: History,
    views: Views,
) -> None:
    """`/status INV-…`, or as an answer to a card."""
    search = read_search(command.args) if command.args else _answered(message)
    if search is None and not command.args:
        await message.answer(texts.which(who.tr))
        return
    await _show(message, who, await _found(search, who, following, history), views)


async def find(
    message: Message,
    command: CommandObject,
    who: Who,
    following: Following,
    history: History,
    views: Views,
) -> None:
    """`/find` an id, an order number or an amount."""
    search = read_search(command.args or "")
    if search is None:
        await message.answer(texts.how_to_find(who.tr))
        return
    await _show(message, who, await _found(search, who, following, history), views)


async def cancel(
    message: Message,
    command: CommandObject,
    who: Who,
    bot: Bot,
    following: Following,
    history: History,
    views: Views,
) -> None:
    """`/cancel INV-…` asks once; what it means without a number is the conversation's business."""
    found = await _found(read_search(command.args or ""), who, following, history)
    managed = [one for one in found if manages(one, who.place.user_id, who.role)]
    if len(managed) == 1:
        await cancel_command(message, who, bot, managed[0], views)
        return
    await _show(message, who, managed, views)


async def cashier(message: Message, who: Who) -> None:
    """Cashiers cancel nothing."""
    await message.answer(texts.cashiers_keep(who.tr))


async def _found(
    search: Search | None, who: Who, following: Following, history: History
) -> list[Invoice]:
    """What the search finds among those that this person may see here; by index alone."""
    if search is None:
        return []
    owner = who.place.chat_id
    if search.id:
        one = await following.find(search.id)
        found = [one] if one is not None else []
    else:
        found = await history.find(owner, uuid=search.uuid) if search.uuid else []
        for amount in search.amounts:
            found += await history.find_amount(owner, amount, search.currency)
        if search.order and not found:
            found = await history.find(owner, order=search.order)
    return [one for one in found if sees(one, who.place, who.role)][:MOST_FOUND]


async def _show(message: Message, who: Who, found: list[Invoice], views: Views) -> None:
    if not found:
        await message.answer(texts.nothing_found(who.tr))
    elif len(found) == 1:
        await views.open(who, found[0], views.sight(who, found[0]))
    else:
        await message.answer(
            texts.found(who.tr, found, MOST_FOUND),
            reply_markup=keyboards.results(who.tr, found),
        )


def _answered(message: Message) -> Search | None:
    """The invoice of the card that a message answers."""
    reply = message.reply_to_message
    uuid = uuid_in(reply.text or "") if reply is not None else ""
    return Search(uuid=uuid) if uuid else None
