"""The command menu and the bot's descriptions, set per language where they differ."""

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)

from bot.domain.languages import LANGUAGES
from bot.telegram.i18n import Translator, Translators

log = logging.getLogger(__name__)


def everybody(tr: Translator) -> list[BotCommand]:
    """What sellers use; strangers get a polite line."""
    return [
        BotCommand(command="invoice", description=tr("New invoice, like /invoice 50 EUR")),
        BotCommand(command="invoices", description=tr("Everything issued so far")),
        BotCommand(command="find", description=tr("Find by id, order number or amount")),
        BotCommand(command="stats", description=tr("Issued and paid, in figures")),
        BotCommand(command="export", description=tr("Invoices as a table")),
        BotCommand(command="settings", description=tr("Defaults for this chat")),
        BotCommand(command="cancel", description=tr("Stop asking, create nothing")),
        BotCommand(command="help", description=tr("How it works")),
    ]


def in_groups(tr: Translator) -> list[BotCommand]:
    """What works where others read along: no files with e-mails in them."""
    return [one for one in everybody(tr) if one.command != "export"]


def admins(tr: Translator) -> list[BotCommand]:
    """What admins have besides."""
    return [
        *everybody(tr),
        BotCommand(command="sellers", description=tr("Who may create invoices")),
        BotCommand(command="invite", description=tr("Invite a seller")),
        BotCommand(command="invite_cashier", description=tr("Invite a cashier")),
        BotCommand(command="audit", description=tr("Who did what")),
        BotCommand(command="health", description=tr("How the bot is")),
    ]


def description(tr: Translator) -> str:
    """What stands in a chat that has not begun."""
    return tr("I issue invoices that are paid in crypto. Send 50 EUR and get a pay link.")


def short_description(tr: Translator) -> str:
    """What stands on the bot's profile and under a link to it."""
    return tr("Crypto invoices in one line")


async def publish(bot: Bot, translators: Translators, admin_ids: tuple[int, ...]) -> None:
    """Bring what Telegram shows up to date. The bot works without, so failures are logged only."""
    for language in (None, *LANGUAGES):
        tr = translators[language or "en"]
        try:
            await _publish(bot, tr, language, admin_ids)
        except TelegramAPIError as error:
            log.warning("commands in %s not set: %s", language or "default", error)


async def _publish(
    bot: Bot, tr: Translator, language: str | None, admin_ids: tuple[int, ...]
) -> None:
    for scope, wanted in (
        (BotCommandScopeDefault(), everybody(tr)),
        (BotCommandScopeAllGroupChats(), in_groups(tr)),
    ):
        if await bot.get_my_commands(scope, language) != wanted:
            await bot.set_my_commands(wanted, scope, language)
    if (await bot.get_my_description(language)).description != description(tr):
        await bot.set_my_description(description(tr), language)
    short = short_description(tr)
    if (await bot.get_my_short_description(language)).short_description != short:
        await bot.set_my_short_description(short, language)
    for admin in admin_ids:
        try:
            own = BotCommandScopeChat(chat_id=admin)
            if await bot.get_my_commands(own, language) != admins(tr):
                await bot.set_my_commands(admins(tr), own, language)
        except TelegramAPIError as error:  # who never wrote to the bot has no chat with it
            log.info("commands of an admin not set: %s", error)
