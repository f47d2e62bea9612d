"""Business connections: what the bot sees of an account's chats and may do in them."""

import pytest
from aiogram import Bot
from aiogram.types import BufferedInputFile, Message

from bot.sandbox.telegram import Abilities, Business, Dialog, LocalTelegram, Person
from tests.sandbox.telegram.bots import keyboard, newest, newest_tap
from tests.sandbox.telegram.pictures import png

DAY = 24 * 3600


async def business_message(bot: Bot) -> Message:
    update = await newest(bot)
    message = update.business_message or update.edited_business_message
    assert message is not None
    return message


async def test_the_bot_is_told_of_a_connection_and_its_changes(
    bot: Bot, business: Business, seller: Person
) -> None:
    connected = (await newest(bot)).business_connection
    assert connected is not None
    assert (connected.id, connected.user.id, connected.user_chat_id, connected.is_enabled) == (
        business.id,
        seller.id,
        seller.id,
        True,
    )
    assert connected.rights is not None
    assert (connected.rights.can_reply, connected.rights.can_read_messages) == (True, None)
    business.allow()
    changed = (await newest(bot)).business_connection
    assert changed is not None
    assert changed.rights is not None
    assert changed.rights.can_reply is None
    business.disconnect()
    gone = (await newest(bot)).business_connection
    assert gone is not None
    assert not gone.is_enabled
    business.reconnect()
    assert (await bot.get_business_connection(business.id)).is_enabled


async def test_what_the_client_writes(
    bot: Bot, business: Business, buyer: Person, dialog: Dialog
) -> None:
    sent = await buyer.send("How much?", chat=dialog)
    message = await business_message(bot)
    assert (message.message_id, message.text) == (sent.message_id, "How much?")
    assert message.business_connection_id == business.id
    assert (message.chat.id, message.chat.username) == (buyer.id, "buyer")
    assert message.from_user is not None
    assert message.from_user.id == buyer.id


async def test_what_the_owner_writes_comes_too_in_the_clients_chat(
    bot: Bot, business: Business, seller: Person, buyer: Person, dialog: Dialog
) -> None:
    await seller.send("/invoice 50 EUR", chat=dialog)
    message = await business_message(bot)
    assert message.from_user is not None
    assert (message.from_user.id, message.chat.id) == (seller.id, buyer.id)


async def test_edits_and_deletions(
    bot: Bot, business: Business, buyer: Person, dialog: Dialog
) -> None:
    sent = await buyer.send("50", chat=dialog)
    await buyer.edit(sent.message_id, "60", chat=dialog)
    assert (await business_message(bot)).text == "60"
    await buyer.delete(sent.message_id, chat=dialog)
    deleted = (await newest(bot)).deleted_business_messages
    assert deleted is not None
    assert (deleted.message_ids, deleted.chat.id) == ([sent.message_id], buyer.id)
    assert deleted.business_connection_id == business.id


async def test_without_a_connection_a_dialog_is_not_seen(
    telegram: LocalTelegram, buyer: Person, dialog: Dialog
) -> None:
    assert (await buyer.send("hi", chat=dialog)).update_id is None
    assert len(telegram.world.updates) == 0


async def test_after_disconnecting_neither(
    business: Business, buyer: Person, dialog: Dialog
) -> None:
    business.disconnect()
    assert (await buyer.send("hi", chat=dialog)).update_id is None


async def test_the_bot_writes_as_the_owner(
    bot: Bot, telegram: LocalTelegram, business: Business, buyer: Person, dialog: Dialog
) -> None:
    await buyer.send("How much?", chat=dialog)
    sent = await bot.send_message(
        buyer.id, "50 EUR", business_connection_id=business.id, reply_markup=keyboard("Pay")
    )
    assert sent.from_user is not None
    assert sent.sender_business_bot is not None
    assert (sent.from_user.first_name, sent.sender_business_bot.id) == ("Seller", telegram.bot_id)
    assert (sent.chat.id, sent.business_connection_id) == (buyer.id, business.id)
    seen = await buyer.read("50 EUR", chat=dialog)
    assert (seen.sender, seen.business_bot) == ("Seller", "local_invoice_bot")
    assert buyer.messages() == []
    update = await newest(bot)
    assert update.business_message is not None  # of the buyer; what it sent itself does not come
    assert update.business_message.text == "How much?"


async def test_taps_and_edits_through_the_connection(
    bot: Bot, business: Business, buyer: Person, dialog: Dialog
) -> None:
    await buyer.send("How much?", chat=dialog)
    sent = await bot.send_message(
        buyer.id, "50 EUR", business_connection_id=business.id, reply_markup=keyboard("Pay")
    )
    tapped = await buyer.tap("Pay", chat=dialog)
    query = await newest_tap(bot)
    assert isinstance(query.message, Message)
    assert query.message.business_connection_id == business.id
    await bot.answer_callback_query(query.id)
    await buyer.answered(tapped)
    edited = await bot.edit_message_text(
        "paid",
        chat_id=buyer.id,
        message_id=sent.message_id,
        business_connection_id=business.id,
    )
    assert isinstance(edited, Message)
    assert (edited.chat.id, edited.business_connection_id) == (buyer.id, business.id)
    assert (await buyer.read("paid", chat=dialog)).edited


async def test_a_photo_and_an_action_go_through_the_connection(
    bot: Bot, telegram: LocalTelegram, business: Business, buyer: Person, dialog: Dialog
) -> None:
    await buyer.send("hi", chat=dialog)
    await bot.send_chat_action(buyer.id, "typing", business_connection_id=business.id)
    picture = BufferedInputFile(png(), "qr.png")
    await bot.send_photo(buyer.id, picture, business_connection_id=business.id)
    assert buyer.messages(dialog)[-1].photo is not None
    assert telegram.world.actions == [(dialog.id, "typing")]


async def test_a_dialog_keeps_its_events_apart_from_the_bots_chats(
    telegram: LocalTelegram, business: Business, buyer: Person, dialog: Dialog
) -> None:
    await buyer.send("hi", chat=dialog)
    assert [event.chat_id for event in telegram.events] == [dialog.id]
    assert dialog.id not in {buyer.id, 501}


def test_rights_have_their_names(seller: Person) -> None:
    with pytest.raises(ValueError, match="can_fly"):
        seller.connect_business("can_fly")


def test_a_bot_that_cannot_be_connected() -> None:
    telegram = LocalTelegram(abilities=Abilities(business=False))
    with pytest.raises(ValueError, match="cannot be connected"):
        telegram.person(501, "Seller").connect_business()
