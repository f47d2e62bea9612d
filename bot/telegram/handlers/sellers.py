"""Admins admit sellers by links, change their role, remove them."""

from dataclasses import replace

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import (
    CallbackQuery,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)
from aiogram.utils.deep_linking import create_start_link

from bot.domain.audit import Deed
from bot.domain.people import Role, Seller, standing
from bot.domain.problems import clean
from bot.services.ports import Clock
from bot.telegram import keyboards_settings as keyboards
from bot.telegram.callbacks import SellerTap
from bot.telegram.conversation import rewrite
from bot.telegram.filters import InPrivate, Needs
from bot.telegram.handlers.general import INVITE
from bot.telegram.i18n import Html
from bot.telegram.ports import Sellers
from bot.telegram.texts import settings as texts
from bot.telegram.who import Who

LONGEST_LABEL = 48


def setup() -> Router:
    """Admins alone, and in private: labels and links are nobody else's business."""
    router = Router(name="sellers")
    admin = (Needs(Role.ADMIN), InPrivate())
    router.message.register(show, Command("sellers"), *admin)
    router.message.register(invite, Command("invite", "invite_cashier"), *admin)
    others = (Needs(Role.CASHIER), InPrivate())
    router.message.register(admins_only, Command("sellers", "invite", "invite_cashier"), *others)
    router.callback_query.register(tap, SellerTap.filter(), *admin)
    return router


async def show(message: Message, who: Who, sellers: Sellers) -> None:
    """All who were admitted."""
    known = await sellers.sellers()
    await message.answer(texts.sellers(who.tr, known), reply_markup=keyboards.sellers(known))


async def admins_only(message: Message, who: Who) -> None:
    """A seller asked for what only admins may do."""
    await message.answer(texts.admins_only(who.tr))


async def invite(
    message: Message,
    command: CommandObject,
    who: Who,
    bot: Bot,
    sellers: Sellers,
    clock: Clock,
) -> None:
    """`/invite Flower shop` makes a link that admits one person under that label."""
    label = clean(command.args or "")
    if not label or len(label) > LONGEST_LABEL:
        await message.answer(texts.invite_how(who.tr, command.command))
        return
    role = Role.CASHIER if command.command == "invite_cashier" else Role.SELLER
    entry = who.did(Deed.INVITED, clock(), what=f"{role.name.lower()} {label}")
    code = await sellers.new_invite(label=label, role=role, entry=entry)
    link = await create_start_link(bot, f"{INVITE}{code}")
    copy = InlineKeyboardButton(text=who.tr("Copy link"), copy_text=CopyTextButton(text=link))
    await message.answer(
        texts.invite(who.tr, label, role, link),
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[copy]]),
    )


async def tap(
    callback: CallbackQuery,
    callback_data: SellerTap,
    who: Who,
    sellers: Sellers,
    clock: Clock,
) -> None:
    """Open one, change the role, remove. The role to set is in the button, never a toggle."""
    known = await sellers.sellers()
    one = next((seller for seller in known if seller.user_id == callback_data.user), None)
    text: Html = texts.sellers(who.tr, known)
    markup = keyboards.sellers(known)
    said: str | None = None
    match callback_data.do:
        case "open" | "seller" | "cashier" | "remove" if one is None:
            said = texts.seller_gone(who.tr)
        case "open" | "seller" | "cashier" if one is not None:
            one = await _with_role(sellers, one, callback_data.do, who, clock)
            text, markup = texts.seller(who.tr, one), keyboards.seller(who.tr, one)
        case "remove" if one is not None:
            entry = who.did(Deed.REMOVED, clock(), whom=one.user_id, what=standing(one))
            await sellers.remove_seller(one.user_id, entry)
            known = [seller for seller in known if seller is not one]
            text, markup = texts.sellers(who.tr, known), keyboards.sellers(known)
            said = texts.removed(who.tr, one.label)
    await rewrite(callback, text, markup, said)


async def _with_role(sellers: Sellers, one: Seller, do: str, who: Who, clock: Clock) -> Seller:
    role = {"seller": Role.SELLER, "cashier": Role.CASHIER}.get(do, one.role)
    if role is not one.role:
        one = replace(one, role=role)
        entry = who.did(Deed.ROLE, clock(), whom=one.user_id, what=standing(one))
        await sellers.save_seller(one, entry)
    return one
