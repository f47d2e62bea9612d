"""What a business connection lets the bot do, and for how long."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest

from bot.sandbox.telegram import Business, Dialog, Person
from tests.sandbox.telegram.bots import switches
from tests.sandbox.telegram.conftest import Clock

DAY = 24 * 3600


async def refused(bot: Bot, business: Business, chat_id: int, words: str) -> None:
    with pytest.raises(TelegramBadRequest, match=words):
        await bot.send_message(chat_id, "a", business_connection_id=business.id)


async def test_writing_takes_the_right(
    bot: Bot, business: Business, buyer: Person, dialog: Dialog
) -> None:
    await buyer.send("hi", chat=dialog)
    business.allow("can_read_messages")
    await refused(bot, business, buyer.id, "BOT_ACCESS_FORBIDDEN")


async def test_writing_takes_a_connection_that_is_on(
    bot: Bot, business: Business, buyer: Person, dialog: Dialog
) -> None:
    await buyer.send("hi", chat=dialog)
    business.disconnect()
    await refused(bot, business, buyer.id, "BUSINESS_CONNECTION_INVALID")


async def test_writing_takes_a_client_who_wrote_within_a_day(
    bot: Bot, business: Business, seller: Person, buyer: Person, dialog: Dialog, clock: Clock
) -> None:
    await seller.send("hello", chat=dialog)
    await refused(bot, business, buyer.id, "BUSINESS_PEER_USAGE_MISSING")
    await buyer.send("hi", chat=dialog)
    clock.now += DAY - 1
    await bot.send_message(buyer.id, "a", business_connection_id=business.id)
    clock.now += 1
    await refused(bot, business, buyer.id, "BUSINESS_PEER_USAGE_MISSING")


@pytest.mark.parametrize(
    ("chat_id", "words"),
    [
        (777, "BUSINESS_PEER_INVALID"),
        (501, "messages must not be sent to self"),
        (-100500, "chat must be a private chat"),
    ],
)
async def test_writing_takes_a_chat_of_the_account(
    bot: Bot, business: Business, chat_id: int, words: str
) -> None:
    await refused(bot, business, chat_id, words)


async def test_buttons_that_an_accounts_message_cannot_have(
    bot: Bot, business: Business, buyer: Person, dialog: Dialog
) -> None:
    await buyer.send("hi", chat=dialog)
    for button in ({"switch_inline_query": "50"}, {"switch_inline_query_current_chat": ""}):
        with pytest.raises(TelegramBadRequest, match="BUTTON_TYPE_INVALID"):
            await bot.send_message(
                buyer.id,
                "a",
                business_connection_id=business.id,
                reply_markup=switches(**button),
            )


async def test_the_owners_own_message_can_be_edited_for_48_hours(
    bot: Bot, business: Business, seller: Person, buyer: Person, dialog: Dialog, clock: Clock
) -> None:
    own = await seller.send("50", chat=dialog)
    their = await buyer.send("hi", chat=dialog)

    async def edit(message_id: int, text: str) -> object:
        return await bot.edit_message_text(
            text, chat_id=buyer.id, message_id=message_id, business_connection_id=business.id
        )

    await edit(own.message_id, "50 EUR")
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await edit(their.message_id, "no")
    clock.now += 2 * DAY
    await buyer.send("still there?", chat=dialog)
    with pytest.raises(TelegramBadRequest, match="MESSAGE_EDIT_TIME_EXPIRED"):
        await edit(own.message_id, "60 EUR")


async def test_deleting_takes_the_right_for_whose_message_it_is(
    bot: Bot, business: Business, buyer: Person, dialog: Dialog
) -> None:
    their = await buyer.send("hi", chat=dialog)
    own = await bot.send_message(buyer.id, "a", business_connection_id=business.id)
    with pytest.raises(TelegramBadRequest, match="BOT_ACCESS_FORBIDDEN"):
        await bot.delete_business_messages(business.id, [own.message_id])
    business.allow("can_delete_sent_messages")
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_business_messages(business.id, [their.message_id])
    assert await bot.delete_business_messages(business.id, [own.message_id])
    business.allow("can_delete_all_messages")
    assert await bot.delete_business_messages(business.id, [their.message_id])
    assert buyer.messages(dialog) == []


async def test_reading_takes_the_right(
    bot: Bot, business: Business, buyer: Person, dialog: Dialog
) -> None:
    sent = await buyer.send("hi", chat=dialog)
    with pytest.raises(TelegramBadRequest, match="BOT_ACCESS_FORBIDDEN"):
        await bot.read_business_message(business.id, buyer.id, sent.message_id)
    business.allow("can_read_messages")
    with pytest.raises(TelegramBadRequest, match="MESSAGE_ID_INVALID"):
        await bot.read_business_message(business.id, buyer.id, 777)
    assert not business.has_read(sent.message_id)
    await bot.read_business_message(business.id, buyer.id, sent.message_id)
    assert business.has_read(sent.message_id)
