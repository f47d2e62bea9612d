"""Ephemeral messages and commands: one member of a group and the bot see them."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    EphemeralMessageParameters,
    Message,
    ReplyParameters,
)

from bot.sandbox.telegram import Group, LocalTelegram, Person
from tests.sandbox.telegram.bots import keyboard, newest, newest_tap
from tests.sandbox.telegram.conftest import Clock


@pytest.fixture
def other(telegram: LocalTelegram) -> Person:
    return telegram.person(502, "Other")


@pytest.fixture
def group(telegram: LocalTelegram, seller: Person, other: Person) -> Group:
    return telegram.group(-100500, "Shop", [seller, other])


@pytest.fixture
def run(telegram: LocalTelegram, seller: Person, other: Person) -> Group:
    """A group where the bot is an administrator."""
    return telegram.group(-100501, "Run", [seller, other], bot_is_admin=True)


def to(person: Person, **fields: object) -> EphemeralMessageParameters:
    return EphemeralMessageParameters.model_validate({"receiver_user_id": person.id, **fields})


async def command(bot: Bot) -> None:
    await bot.set_my_commands(
        [BotCommand(command="invoice", description="New invoice", is_ephemeral=True)],
        scope=BotCommandScopeAllGroupChats(),
    )


async def received(bot: Bot) -> Message:
    message = (await newest(bot)).message
    assert message is not None
    return message


async def test_an_administrator_writes_to_one_member(
    bot: Bot, telegram: LocalTelegram, seller: Person, other: Person, run: Group
) -> None:
    sent = await bot.send_message(run.id, "for you", ephemeral_message_parameters=to(seller))
    assert (sent.message_id, sent.ephemeral_message_id) == (0, 1)
    assert sent.receiver_user is not None
    assert sent.receiver_user.id == seller.id
    (seen,) = seller.messages(run)
    assert (seen.text, seen.ephemeral, seen.id) == ("for you", True, -1)
    assert other.messages(run) == []
    assert telegram.events[-1].seen_by == frozenset({seller.id, telegram.bot_id})


async def test_one_person_does_not_wait_for_what_another_sees(
    bot: Bot, seller: Person, other: Person, run: Group
) -> None:
    await bot.send_message(run.id, "for you", ephemeral_message_parameters=to(seller))
    assert (await seller.read("for you", chat=run)).ephemeral
    with pytest.raises(AssertionError, match="no messages"):
        await other.read("for you", chat=run, timeout=0.01)


async def test_a_command_set_as_ephemeral_goes_to_the_bot_alone(
    bot: Bot, telegram: LocalTelegram, seller: Person, other: Person, group: Group
) -> None:
    await command(bot)
    await seller.send("/invoice 50 EUR", chat=group)
    message = await received(bot)
    assert (message.message_id, message.ephemeral_message_id) == (0, 1)
    assert message.receiver_user is not None
    assert message.receiver_user.id == telegram.bot_id
    assert [each.ephemeral for each in seller.messages(group)] == [True]
    assert other.messages(group) == []


@pytest.mark.parametrize("text", ["/invoice@another_bot", "/start", "invoice"])
async def test_everything_else_is_seen_by_all(
    bot: Bot, seller: Person, other: Person, group: Group, text: str
) -> None:
    await command(bot)
    await seller.send(text, chat=group)
    assert [each.ephemeral for each in other.messages(group)] == [False]


async def test_in_private_no_command_is_ephemeral(bot: Bot, seller: Person) -> None:
    await bot.set_my_commands(
        [BotCommand(command="invoice", description="New invoice", is_ephemeral=True)]
    )
    await seller.send("/invoice")
    assert (await received(bot)).ephemeral_message_id is None


async def test_an_ephemeral_command_is_answered_within_15_seconds(
    bot: Bot, seller: Person, group: Group, clock: Clock
) -> None:
    await command(bot)
    await seller.send("/invoice", chat=group)
    number = (await received(bot)).ephemeral_message_id
    reply = ReplyParameters(ephemeral_message_id=number)
    clock.now += 14
    await bot.send_message(
        group.id, "How much?", ephemeral_message_parameters=to(seller), reply_parameters=reply
    )
    assert seller.messages(group)[-1].reply_to == -1
    clock.now += 1
    with pytest.raises(TelegramBadRequest, match="REPLY_MESSAGE_ID_INVALID"):
        await bot.send_message(
            group.id, "Late", ephemeral_message_parameters=to(seller), reply_parameters=reply
        )


async def test_the_answer_to_an_ephemeral_message_is_one(
    bot: Bot, seller: Person, other: Person, group: Group
) -> None:
    await command(bot)
    await seller.send("/invoice", chat=group)
    reply = ReplyParameters(ephemeral_message_id=1)
    for parameters in (None, to(other)):
        with pytest.raises(TelegramBadRequest, match="REPLY_MESSAGE_ID_INVALID"):
            await bot.send_message(
                group.id, "a", ephemeral_message_parameters=parameters, reply_parameters=reply
            )


async def test_a_persons_reply_to_an_ephemeral_message_is_one(
    bot: Bot, seller: Person, other: Person, run: Group
) -> None:
    await bot.send_message(run.id, "How much?", ephemeral_message_parameters=to(seller))
    await seller.send("50", chat=run, reply_to=-1)
    message = await received(bot)
    assert (message.message_id, message.text) == (0, "50")
    assert message.reply_to_message is not None
    assert message.reply_to_message.ephemeral_message_id == 1
    assert other.messages(run) == []


async def test_a_tap_is_answered_within_15_seconds(
    bot: Bot, seller: Person, other: Person, group: Group, clock: Clock
) -> None:
    await bot.send_message(group.id, "card", reply_markup=keyboard("Status"))
    await seller.tap("Status", chat=group)
    query = await newest_tap(bot)
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.send_message(
            group.id, "a", ephemeral_message_parameters=to(other, callback_query_id=query.id)
        )
    await bot.send_message(
        group.id, "open", ephemeral_message_parameters=to(seller, callback_query_id=query.id)
    )
    clock.now += 15
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.send_message(
            group.id, "a", ephemeral_message_parameters=to(seller, callback_query_id=query.id)
        )


async def test_in_place_of_the_message_that_was_tapped(
    bot: Bot, seller: Person, other: Person, group: Group
) -> None:
    await bot.send_message(group.id, "card", reply_markup=keyboard("Status"))
    await bot.send_message(group.id, "below")
    await seller.tap("Status", chat=group)
    query = await newest_tap(bot)
    replacing = to(seller, callback_query_id=query.id, replace_callback_query_message=True)
    await bot.send_message(group.id, "yours", ephemeral_message_parameters=replacing)
    assert [each.text for each in seller.messages(group)] == ["yours", "below"]
    assert [each.text for each in other.messages(group)] == ["card", "below"]


async def test_an_ephemeral_message_is_not_replaced_but_edited(
    bot: Bot, seller: Person, run: Group
) -> None:
    await bot.send_message(
        run.id, "a", ephemeral_message_parameters=to(seller), reply_markup=keyboard("Next")
    )
    await seller.tap("Next", chat=run)
    query = await newest_tap(bot)
    assert isinstance(query.message, Message)
    assert (query.message.message_id, query.message.ephemeral_message_id) == (0, 1)
    replacing = to(seller, callback_query_id=query.id, replace_callback_query_message=True)
    with pytest.raises(TelegramBadRequest, match="MESSAGE_ID_INVALID"):
        await bot.send_message(run.id, "b", ephemeral_message_parameters=replacing)
    assert await bot.edit_ephemeral_message_text(run.id, seller.id, 1, text="b")
    (seen,) = seller.messages(run)
    assert (seen.text, seen.labels, seen.edited) == ("b", [], True)


async def test_only_the_ephemeral_methods_reach_it(
    bot: Bot, seller: Person, other: Person, run: Group
) -> None:
    await bot.send_message(run.id, "a", ephemeral_message_parameters=to(seller))
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("b", chat_id=run.id, message_id=-1)
    with pytest.raises(TelegramBadRequest, match="MESSAGE_ID_INVALID"):
        await bot.edit_ephemeral_message_text(run.id, other.id, 1, text="b")
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(run.id, "b", reply_parameters=ReplyParameters(message_id=-1))


async def test_it_is_deleted_once(bot: Bot, seller: Person, run: Group) -> None:
    await bot.send_message(run.id, "a", ephemeral_message_parameters=to(seller))
    assert await bot.delete_ephemeral_message(run.id, seller.id, 1)
    assert seller.messages(run) == []
    with pytest.raises(TelegramBadRequest, match="MESSAGE_ID_INVALID"):
        await bot.delete_ephemeral_message(run.id, seller.id, 1)


async def test_what_does_not_change_it(bot: Bot, seller: Person, run: Group) -> None:
    await bot.send_message(run.id, "a", ephemeral_message_parameters=to(seller))
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_ephemeral_message_text(run.id, seller.id, 1, text="a")


async def test_nobody_taps_what_another_sees(
    bot: Bot, seller: Person, other: Person, run: Group
) -> None:
    await bot.send_message(
        run.id, "a", ephemeral_message_parameters=to(seller), reply_markup=keyboard("Next")
    )
    with pytest.raises(AssertionError, match="no button"):
        await other.tap("Next", chat=run)


async def test_it_stays_in_its_topic(bot: Bot, telegram: LocalTelegram, seller: Person) -> None:
    forum = telegram.group(-100600, "Forum", [seller], forum=True, bot_is_admin=True)
    thread = forum.topic("Invoices")
    sent = await bot.send_message(
        forum.id, "a", message_thread_id=thread, ephemeral_message_parameters=to(seller)
    )
    assert (sent.message_thread_id, sent.is_topic_message) == (thread, True)
    assert await bot.send_chat_action(forum.id, "typing", message_thread_id=thread)
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_chat_action(forum.id, "typing", message_thread_id=thread + 7)
