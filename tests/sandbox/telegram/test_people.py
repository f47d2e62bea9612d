import asyncio
import re

import pytest
from aiogram import Bot
from aiogram.types import (
    CopyTextButton,
    DisabledButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from bot.sandbox.telegram import LocalTelegram, Person


def markup(*labels: str) -> InlineKeyboardMarkup:
    rows = [[InlineKeyboardButton(text=label, callback_data=f"d:{label}")] for label in labels]
    return InlineKeyboardMarkup(inline_keyboard=rows)


async def got(bot: Bot) -> Message:
    message = (await bot.get_updates())[-1].message
    assert message is not None
    return message


async def test_what_is_sent_arrives_as_typed_by_the_person(bot: Bot, seller: Person) -> None:
    sent = await seller.send("/invoice 50 EUR")
    message = await got(bot)
    assert (message.message_id, message.text) == (sent.message_id, "/invoice 50 EUR")
    assert message.from_user is not None
    assert (message.from_user.id, message.from_user.language_code) == (seller.id, "en")
    assert message.entities is not None
    assert [entity.type for entity in message.entities] == ["bot_command"]


async def test_a_reply_in_a_topic_of_a_forum(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    group = telegram.group(-100500, "Shop", [seller], forum=True)
    thread = group.topic("Invoices")
    first = await seller.send("first", chat=group, thread=thread)
    await seller.send("second", chat=group, thread=thread, reply_to=first.message_id)
    message = await got(bot)
    assert (message.message_thread_id, message.is_topic_message) == (thread, True)
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "first"


async def test_a_long_text_is_sent_in_parts(seller: Person) -> None:
    await seller.send("😀" * 3000)
    assert [len(message.text) for message in seller.messages()] == [2048, 952]


async def test_half_a_surrogate_pair_cannot_be_typed(bot: Bot, seller: Person) -> None:
    await seller.send("a\ud83d")
    assert (await got(bot)).text == "a?"


@pytest.mark.parametrize("text", ["", " \n", "\u200b"])
async def test_nothing_cannot_be_sent(seller: Person, text: str) -> None:
    with pytest.raises(ValueError, match="no empty message"):
        await seller.send(text)


async def test_editing_is_an_update(bot: Bot, seller: Person) -> None:
    sent = await seller.send("50")
    await seller.edit(sent.message_id, "60")
    edited = (await bot.get_updates())[-1].edited_message
    assert edited is not None
    assert (edited.message_id, edited.text) == (sent.message_id, "60")
    assert seller.messages()[0].edited


async def test_a_deep_link_starts_the_bot(bot: Bot, telegram: LocalTelegram) -> None:
    buyer = telegram.person(9, "Buyer", started=False)
    await buyer.open(f"https://t.me/{telegram.bot_username}?start=abc-1")
    assert (await got(bot)).text == "/start abc-1"
    await bot.send_message(buyer.id, "Hello")


async def test_other_links_do_not_reach_the_bot(seller: Person) -> None:
    with pytest.raises(ValueError, match="does not start the bot"):
        await seller.open("https://t.me/share/url?url=x")


async def test_the_same_person_for_the_same_id(telegram: LocalTelegram) -> None:
    assert telegram.person(1, "A") is telegram.person(1, "B")


async def test_tapping_by_label(bot: Bot, seller: Person) -> None:
    await bot.send_message(seller.id, "old", reply_markup=markup("Create"))
    new = await bot.send_message(
        seller.id, "new", reply_markup=markup("✅ Create", "Create", "Back")
    )
    assert (await seller.tap("Create")).message_id == new.message_id
    assert (await seller.tap("back")).button.value == "d:Back"
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.data == "d:Back"
    assert isinstance(query.message, Message)
    assert query.message.text == "new"


async def test_tapping_a_given_message(bot: Bot, seller: Person) -> None:
    old = await bot.send_message(seller.id, "old", reply_markup=markup("Create"))
    await bot.send_message(seller.id, "new", reply_markup=markup("Create"))
    assert (await seller.tap("Create", message=old.message_id)).message_id == old.message_id


async def test_tapping_many_times_at_once(bot: Bot, seller: Person) -> None:
    await bot.send_message(seller.id, "new", reply_markup=markup("Create"))
    tapped = await seller.tap("Create", times=5)
    updates = await bot.get_updates()
    queries = [update.callback_query for update in updates]
    assert len({query.id for query in queries if query is not None}) == 5
    assert tapped.update_ids == tuple(update.update_id for update in updates)


async def test_forged_data(bot: Bot, seller: Person) -> None:
    sent = await bot.send_message(seller.id, "new", reply_markup=markup("Create"))
    await seller.tap_data("d:Everything", sent.message_id)
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    assert query.data == "d:Everything"


async def test_buttons_that_do_not_ask_the_bot(bot: Bot, seller: Person) -> None:
    rows = [
        InlineKeyboardButton(text="Pay", url="https://pay.example/1"),
        InlineKeyboardButton(text="Copy", copy_text=CopyTextButton(text="link")),
        InlineKeyboardButton(text="Paid", disabled=DisabledButton()),
    ]
    await bot.send_message(
        seller.id, "card", reply_markup=InlineKeyboardMarkup(inline_keyboard=[rows])
    )
    pay, copy, paid = [await seller.tap(label) for label in ("Pay", "Copy", "Paid")]
    assert (pay.url, pay.copied) == ("https://pay.example/1", None)
    assert (copy.url, copy.copied) == (None, "link")
    assert (paid.button.kind, paid.url, paid.copied) == ("disabled", None, None)
    assert await bot.get_updates() == []


@pytest.mark.parametrize(
    ("label", "words"),
    [("Nothing", r"there is no button \[Nothing\]"), ("re", r"may be any of \[Create\], \[Re")],
)
async def test_a_button_that_is_not_there_shows_the_chat(
    bot: Bot, seller: Person, label: str, words: str
) -> None:
    await bot.send_message(seller.id, "summary", reply_markup=markup("Create", "Refresh"))
    with pytest.raises(AssertionError, match=words) as caught:
        await seller.tap(label)
    assert "summary\n  [ Create ]" in str(caught.value)


async def test_reading_waits_for_the_bot(bot: Bot, seller: Person) -> None:
    reading = asyncio.create_task(seller.read("paid"))
    sent = await bot.send_message(seller.id, "open")
    await asyncio.sleep(0)
    assert not reading.done()
    await bot.edit_message_text(
        "<b>paid</b>", chat_id=seller.id, message_id=sent.message_id, parse_mode="HTML"
    )
    message = await reading
    assert (message.id, message.html, message.edited) == (sent.message_id, "<b>paid</b>", True)


async def test_reading_by_pattern_and_by_test(bot: Bot, seller: Person) -> None:
    await bot.send_message(seller.id, "50 EUR", reply_markup=markup("Pay"))
    assert (await seller.read(re.compile(r"^\d+ EUR$"))).text == "50 EUR"
    assert (await seller.read(lambda message: message.labels == ["Pay"])).text == "50 EUR"


async def test_reading_takes_the_newest(bot: Bot, seller: Person) -> None:
    await bot.send_message(seller.id, "card 1")
    newest = await bot.send_message(seller.id, "card 2")
    assert (await seller.read("card")).id == newest.message_id


async def test_reading_only_what_came_after(bot: Bot, seller: Person) -> None:
    await bot.send_message(seller.id, "card 1")
    asked = await seller.send("again")
    with pytest.raises(AssertionError):
        await seller.read("card", after=asked, timeout=0.02)
    await bot.send_message(seller.id, "card 2")
    assert (await seller.read("card", after=asked)).text == "card 2"


async def test_own_words_are_not_the_bots(seller: Person) -> None:
    await seller.send("50 EUR")
    with pytest.raises(
        AssertionError, match=r"no message matches '50 EUR' within 0\.02 s"
    ) as caught:
        await seller.read("50 EUR", timeout=0.02)
    assert "Seller #1" in str(caught.value)


async def test_a_tap_that_is_not_answered_spins(bot: Bot, seller: Person) -> None:
    await bot.send_message(seller.id, "new", reply_markup=markup("Create"))
    tapped = await seller.tap("Create")
    with pytest.raises(AssertionError, match="still spins"):
        await seller.answered(tapped, timeout=0.02)


async def test_every_one_of_many_taps_wants_its_answer(bot: Bot, seller: Person) -> None:
    await bot.send_message(seller.id, "new", reply_markup=markup("Create"))
    tapped = await seller.tap("Create", times=2)
    await bot.answer_callback_query(tapped.callback_ids[0])
    waiting = asyncio.create_task(seller.answered(tapped))
    await asyncio.sleep(0)
    assert not waiting.done()
    await bot.answer_callback_query(tapped.callback_ids[1], "Done")
    assert (await waiting).text == "Done"


async def test_blocking_and_unblocking_is_told(bot: Bot, seller: Person) -> None:
    seller.block()
    seller.block()
    with pytest.raises(ValueError, match="has blocked the bot"):
        await seller.send("a")
    seller.unblock()
    updates = [update.my_chat_member for update in await bot.get_updates()]
    assert [update.new_chat_member.status for update in updates if update] == ["kicked", "member"]
    await seller.send("a")


async def test_a_group_is_for_its_members(telegram: LocalTelegram, seller: Person) -> None:
    group = telegram.group(-500, "Shop", [seller])
    stranger = telegram.person(9, "Stranger")
    with pytest.raises(ValueError, match="Stranger is not in Shop"):
        await stranger.send("a", chat=group)


async def test_members_see_the_same_group(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    other = telegram.person(502, "Other")
    group = telegram.group(-500, "Shop", [seller, other])
    await seller.send("50 EUR", chat=group)
    await bot.send_message(group.id, "card", reply_markup=markup("Pay"))
    await other.tap("Pay", chat=group)
    assert [message.text for message in other.messages(group)] == ["50 EUR", "card"]
    assert other.messages() == []
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.from_user.id == other.id
