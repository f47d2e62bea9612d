"""Guest queries: the bot is mentioned in a chat that it is no member of."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineQueryResultArticle, InputTextMessageContent, Message

from bot.sandbox.telegram import Abilities, Group, LocalTelegram, Person
from tests.sandbox.telegram.bots import keyboard, newest, newest_tap


@pytest.fixture
def foreign(telegram: LocalTelegram, seller: Person) -> Group:
    return telegram.group(-100700, "Market", [seller], bot_inside=False)


def answer(text: str) -> InlineQueryResultArticle:
    content = InputTextMessageContent(message_text=text)
    return InlineQueryResultArticle(
        id="1", title="a", input_message_content=content, reply_markup=keyboard("Pay")
    )


async def summoned(bot: Bot) -> Message:
    message = (await newest(bot)).guest_message
    assert message is not None
    return message


async def test_a_mention_summons_the_bot(bot: Bot, seller: Person, foreign: Group) -> None:
    await seller.send("@Local_Invoice_Bot 50 EUR", chat=foreign)
    message = await summoned(bot)
    assert (message.chat.id, message.text) == (foreign.id, "@Local_Invoice_Bot 50 EUR")
    assert message.guest_query_id is not None


@pytest.mark.parametrize("text", ["50 EUR", "@another_bot 50 EUR", "a@local_invoice_bot"])
async def test_other_messages_do_not(
    telegram: LocalTelegram, seller: Person, foreign: Group, text: str
) -> None:
    sent = await seller.send(text, chat=foreign)
    assert sent.update_id is None
    assert len(telegram.world.updates) == 0


async def test_where_the_bot_is_a_member_a_mention_is_a_message(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    group = telegram.group(-100500, "Shop", [seller])
    await seller.send("@local_invoice_bot 50 EUR", chat=group)
    assert (await newest(bot)).message is not None


async def test_the_answer_is_posted_by_the_bot_and_can_be_edited(
    bot: Bot, telegram: LocalTelegram, seller: Person, foreign: Group
) -> None:
    await seller.send("@local_invoice_bot 50 EUR", chat=foreign)
    message = await summoned(bot)
    assert message.guest_query_id is not None
    sent = await bot.answer_guest_query(message.guest_query_id, answer("50 EUR: pay"))
    shown = await seller.read("50 EUR: pay", chat=foreign)
    assert (shown.from_bot, shown.labels) == (True, ["Pay"])
    caller = telegram.events[-1].message["guest_bot_caller_user"]
    assert caller["id"] == seller.id
    await seller.tap("Pay", chat=foreign)
    query = await newest_tap(bot)
    assert (query.message, query.inline_message_id) == (None, sent.inline_message_id)
    await bot.edit_message_text("paid", inline_message_id=sent.inline_message_id)
    assert (await seller.read("paid", chat=foreign)).edited


async def test_a_query_is_answered_once(bot: Bot, seller: Person, foreign: Group) -> None:
    await seller.send("@local_invoice_bot 50 EUR", chat=foreign)
    number = (await summoned(bot)).guest_query_id
    assert number is not None
    await bot.answer_guest_query(number, answer("a"))
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_guest_query(number, answer("b"))


async def test_a_guest_may_not_write_by_itself(bot: Bot, foreign: Group) -> None:
    with pytest.raises(Exception, match="bot is not a member of the supergroup chat"):
        await bot.send_message(foreign.id, "a")


async def test_between_two_people_the_chat_is_the_other_one(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    buyer = telegram.person(502, "Buyer")
    dialog = telegram.dialog(seller, buyer)
    await seller.send("@local_invoice_bot 50 EUR", chat=dialog)
    message = await summoned(bot)
    assert (message.chat.id, message.chat.type) == (buyer.id, "private")
    assert message.from_user is not None
    assert message.from_user.id == seller.id


async def test_a_bot_without_guest_mode_is_not_summoned() -> None:
    telegram = LocalTelegram(abilities=Abilities(guest=False))
    seller = telegram.person(501, "Seller")
    group = telegram.group(-100700, "Market", [seller], bot_inside=False)
    assert (await seller.send("@local_invoice_bot 50", chat=group)).update_id is None


async def test_what_was_sent_via_the_bot_does_not_summon_it(
    bot: Bot, telegram: LocalTelegram, seller: Person, foreign: Group
) -> None:
    waiting = asyncio.create_task(seller.inline("", chat=foreign))
    await asyncio.sleep(0)
    query = (await newest(bot)).inline_query
    assert query is not None
    await bot.answer_inline_query(query.id, [answer("Ask @local_invoice_bot")])
    await seller.choose((await waiting).results[0])
    assert telegram.world.guests == {}
