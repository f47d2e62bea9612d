"""`/audit`: who did what, for admins."""

from collections.abc import Mapping

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.audit import Spot, Trail
from bot.domain.ids import is_id
from bot.domain.people import Role, Seller
from bot.domain.searches import uuid_in
from bot.services.access import Access
from bot.telegram import keyboards_admin as keyboards
from bot.telegram.callbacks import AuditTap
from bot.telegram.conversation import rewrite
from bot.telegram.filters import InPrivate, Needs, Shows
from bot.telegram.i18n import Translator
from bot.telegram.ports import Audit, Sellers
from bot.telegram.texts import audit as texts
from bot.telegram.texts import settings
from bot.telegram.who import Who


def setup() -> Router:
    """Admins alone, and in private: it names people."""
    router = Router(name="audit")
    admin = (Needs(Role.ADMIN), InPrivate())
    router.message.register(show, Command("audit"), *admin)
    router.message.register(admins_only, Command("audit"), Needs(Role.CASHIER), InPrivate())
    router.callback_query.register(turn, AuditTap.filter(), Shows(AuditTap), *admin)
    return router


async def admins_only(message: Message, who: Who) -> None:
    """A seller asked for it."""
    await message.answer(settings.admins_only(who.tr))


async def show(
    message: Message,
    command: CommandObject,
    who: Who,
    audit: Audit,
    sellers: Sellers,
    access: Access,
) -> None:
    """`/audit`, `/audit 2002`, `/audit Flower shop` or `/audit INV-AB12CD34`."""
    wanted = (command.args or "").strip()
    known = await sellers.sellers()
    names = _names(known, access, who.tr)
    person, page = 0, None
    if invoice := await _invoice(wanted, audit):
        page = await audit.about(invoice)
    elif person := _person(wanted, known):
        page = await audit.page(person=person)
    elif not wanted:
        page = await audit.page()
    if page is None:
        await message.answer(texts.how_to_ask(who.tr))
        return
    await message.answer(
        texts.trail(who.tr, page, names, _title(wanted, person, names)),
        reply_markup=keyboards.trail(who.tr, page, person, first=True),
    )


async def turn(
    callback: CallbackQuery,
    callback_data: AuditTap,
    who: Who,
    audit: Audit,
    sellers: Sellers,
    access: Access,
) -> None:
    """Another page, in the same message."""
    names = _names(await sellers.sellers(), access, who.tr)
    person = max(callback_data.person, 0)
    before = Spot(callback_data.at, callback_data.after) if 0 < callback_data.at < 1 << 45 else None
    page: Trail = await audit.page(before, person=person)
    await rewrite(
        callback,
        texts.trail(who.tr, page, names, _title("", person, names)),
        keyboards.trail(who.tr, page, person, first=before is None),
    )


async def _invoice(wanted: str, audit: Audit) -> str | None:
    if uuid := uuid_in(wanted):
        return await audit.find(uuid)
    return wanted if is_id(wanted) else None


def _person(wanted: str, known: list[Seller]) -> int:
    """By Telegram id, whoever that is, or by the label of one who sells; 0 for nobody."""
    if wanted.isascii() and wanted.isdigit():
        return min(int(wanted), 1 << 52)
    found = [one.user_id for one in known if one.label.casefold() == wanted.casefold()]
    return found[0] if len(found) == 1 else 0


def _title(wanted: str, person: int, names: Mapping[int, str]) -> str:
    return f"{names.get(person, '')} {person}".strip() if person else wanted


def _names(known: list[Seller], access: Access, tr: Translator) -> dict[int, str]:
    """How people are called: by the label an admin gave them."""
    return dict.fromkeys(access.admins, tr("admin")) | {one.user_id: one.label for one in known}
