"""aiogram's own client drives every method."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CallbackQuery,
    ChatMemberAdministrator,
    ChatMemberLeft,
    ChatMemberMember,
    CopyTextButton,
    DisabledButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
    TelegramObject,
)

from bot.sandbox.telegram import LocalTelegram, Person
from bot.sandbox.telegram.methods import METHODS
from bot.sandbox.telegram.parameters import METHODS as PARAMETERS
from bot.sandbox.telegram.parameters import NOT_YET
from tests.sandbox.telegram.conftest import Clock

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Pay", url="https://pay.example/1", style="success")],
        [
            InlineKeyboardButton(
                text="Copy", copy_text=CopyTextButton(text="https://pay.example/1")
            ),
            InlineKeyboardButton(text="Refresh", callback_data="r:1"),
            InlineKeyboardButton(text="Done", disabled=DisabledButton()),
        ],
    ]
)


def plain(value: object) -> object:
    """Without the client that aiogram's objects carry, which keeps equal ones apart."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.model_dump() if isinstance(value, TelegramObject) else value


def test_every_method_has_its_parameters() -> None:
    assert set(METHODS) == set(PARAMETERS)


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_parameters_are_those_aiogram_sends(name: str) -> None:
    from aiogram import methods

    model = getattr(methods, name[0].upper() + name[1:])
    deprecated = {
        field
        for field, info in model.model_fields.items()
        if (info.json_schema_extra or {}).get("deprecated")
    }
    assert set(PARAMETERS[name]) == set(model.model_fields) - deprecated


def test_what_is_not_known_yet_is_a_parameter_of_some_method() -> None:
    assert all(any(name in table for table in PARAMETERS.values()) for name in NOT_YET)


async def test_get_me(bot: Bot, telegram: LocalTelegram) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (telegram.bot_id, True, telegram.bot_username)


async def test_send_message(bot: Bot, seller: Person, clock: Clock) -> None:
    sent = await bot.send_message(
        seller.id, "<b>50</b> EUR", parse_mode="HTML", reply_markup=KEYBOARD
    )
    assert (sent.text, sent.chat.id, sent.date.timestamp()) == ("50 EUR", seller.id, clock.now)
    assert plain(sent.entities) == plain([MessageEntity(type="bold", offset=0, length=2)])
    assert plain(sent.reply_markup) == plain(KEYBOARD)
    assert sent.from_user is not None
    assert sent.from_user.is_bot


async def test_send_message_takes_entities(bot: Bot, seller: Person) -> None:
    link = MessageEntity(type="text_link", offset=0, length=2, url="https://a.example/")
    sent = await bot.send_message(seller.id, "50 EUR", entities=[link])
    assert plain(sent.entities) == plain([link])


async def test_send_message_as_a_reply(bot: Bot, seller: Person) -> None:
    asked = await seller.send("/invoice 50 EUR")
    sent = await bot.send_message(
        seller.id, "Which coin?", reply_parameters=ReplyParameters(message_id=asked.message_id)
    )
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "/invoice 50 EUR"


async def test_send_message_with_preview_and_protection(bot: Bot, seller: Person) -> None:
    sent = await bot.send_message(
        seller.id,
        "a",
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        protect_content=True,
        disable_notification=True,
    )
    assert sent.has_protected_content
    assert sent.link_preview_options is not None
    assert sent.link_preview_options.is_disabled


async def test_edit_message_text_drops_the_keyboard_left_out(
    bot: Bot, seller: Person, clock: Clock
) -> None:
    sent = await bot.send_message(seller.id, "open", reply_markup=KEYBOARD)
    clock.now += 60
    edited = await bot.edit_message_text("paid", chat_id=seller.id, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup, edited.edit_date) == ("paid", None, int(clock.now))


async def test_edit_message_reply_markup(bot: Bot, seller: Person) -> None:
    sent = await bot.send_message(seller.id, "open")
    edited = await bot.edit_message_reply_markup(
        chat_id=seller.id, message_id=sent.message_id, reply_markup=KEYBOARD
    )
    assert not isinstance(edited, bool)
    assert edited.text == "open"
    assert plain(edited.reply_markup) == plain(KEYBOARD)


async def test_delete_message(bot: Bot, seller: Person) -> None:
    typed = await seller.send("50")
    assert await bot.delete_message(seller.id, typed.message_id)
    assert seller.messages() == []


async def test_delete_messages_skips_what_is_gone(bot: Bot, seller: Person) -> None:
    first, second = await seller.send("1"), await seller.send("2")
    assert await bot.delete_messages(seller.id, [first.message_id, 999, second.message_id])
    assert seller.messages() == []


async def test_answer_callback_query(bot: Bot, seller: Person) -> None:
    await bot.send_message(seller.id, "open", reply_markup=KEYBOARD)
    tapped = await seller.tap("Refresh")
    query = (await bot.get_updates())[0].callback_query
    assert isinstance(query, CallbackQuery)
    assert (query.data, query.from_user.id) == ("r:1", seller.id)
    assert await bot.answer_callback_query(query.id, "Up to date", show_alert=True)
    answer = await seller.answered(tapped)
    assert (answer.text, answer.show_alert) == ("Up to date", True)


async def test_commands_by_scope_and_language(bot: Bot, seller: Person) -> None:
    english = [BotCommand(command="invoice", description="New invoice")]
    russian = [BotCommand(command="invoice", description="Новый счёт")]
    own = [BotCommand(command="sellers", description="Sellers")]
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(english)
    await bot.set_my_commands(russian, language_code="ru", scope=scope)
    await bot.set_my_commands(own, scope=BotCommandScopeChat(chat_id=seller.id))
    assert plain(await bot.get_my_commands()) == plain(english)
    assert plain(await bot.get_my_commands(scope=scope, language_code="ru")) == plain(russian)
    assert plain(await bot.get_my_commands(scope=BotCommandScopeChat(chat_id=seller.id))) == plain(
        own
    )
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == []


async def test_descriptions_fall_back_to_the_general_one(bot: Bot) -> None:
    await bot.set_my_description("Invoices")
    await bot.set_my_description("Счета", language_code="ru")
    await bot.set_my_short_description("Short")
    assert (await bot.get_my_description()).description == "Invoices"
    assert (await bot.get_my_description(language_code="ru")).description == "Счета"
    assert (await bot.get_my_description(language_code="de")).description == "Invoices"
    assert (await bot.get_my_short_description(language_code="ru")).short_description == "Short"


async def test_send_chat_action(bot: Bot, telegram: LocalTelegram, seller: Person) -> None:
    assert await bot.send_chat_action(seller.id, "typing")
    assert telegram.world.actions == [(seller.id, "typing")]


async def test_get_chat(bot: Bot, telegram: LocalTelegram, seller: Person) -> None:
    group = telegram.group(-100500, "Shop", [seller], forum=True)
    private, shop = await bot.get_chat(seller.id), await bot.get_chat(group.id)
    assert (private.type, private.first_name, private.username) == ("private", "Seller", "seller")
    assert (shop.type, shop.title, shop.is_forum) == ("supergroup", "Shop", True)


async def test_members_and_administrators(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    boss, other = telegram.person(1, "Boss"), telegram.person(2, "Other")
    group = telegram.group(-500, "Shop", [seller], admins=[boss], bot_can_delete=True)
    assert isinstance(await bot.get_chat_member(group.id, boss.id), ChatMemberAdministrator)
    assert isinstance(await bot.get_chat_member(group.id, seller.id), ChatMemberMember)
    assert isinstance(await bot.get_chat_member(group.id, other.id), ChatMemberLeft)
    admins = await bot.get_chat_administrators(group.id)
    assert [admin.user.id for admin in admins] == [boss.id, telegram.bot_id]


async def test_webhook_state(bot: Bot, seller: Person) -> None:
    await bot.set_webhook(
        "https://bot.example/telegram", secret_token="a-secret", max_connections=7
    )
    await seller.send("/start")
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("https://bot.example/telegram", 1)
    assert info.max_connections == 7
    with pytest.raises(TelegramConflictError, match="while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == []


async def test_force_reply_is_sent_but_then_not_edited(bot: Bot, seller: Person) -> None:
    sent = await bot.send_message(seller.id, "How much?", reply_markup=ForceReply(force_reply=True))
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("?", chat_id=seller.id, message_id=sent.message_id)
