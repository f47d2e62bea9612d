"""Inline mode: asking, choosing, and editing what was sent."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineQueryResultsButton

from bot.sandbox.telegram import Abilities, Dialog, LocalTelegram, Person
from tests.sandbox.telegram.bots import keyboard, newest, newest_tap
from tests.sandbox.telegram.inline import article, ask, asked


async def test_a_query_says_where_it_was_typed(
    bot: Bot, telegram: LocalTelegram, seller: Person, dialog: Dialog
) -> None:
    group = telegram.group(-500, "Shop", [seller])
    kinds = []
    for place in (None, dialog, group):
        waiting = asyncio.create_task(seller.inline("50 EUR", chat=place))
        await asyncio.sleep(0)
        query = await asked(bot)
        assert (query.from_user.id, query.query, query.offset) == (seller.id, "50 EUR", "")
        kinds.append(query.chat_type)
        await bot.answer_inline_query(query.id, [], cache_time=0)
        await waiting
    assert kinds == ["sender", "private", "group"]


async def test_the_list_as_the_person_sees_it(bot: Bot, seller: Person) -> None:
    button = InlineQueryResultsButton(text="Settings", start_parameter="settings")
    answer = await ask(bot, seller, "50 EUR", button=button, next_offset="2")
    assert (answer.titles, answer.next_offset) == (["50 EUR"], "2")
    assert (answer.button, answer.start_parameter) == ("Settings", "settings")
    assert answer.results[0].description == "Sends a card"


async def test_what_is_chosen_is_sent_by_the_person_via_the_bot(
    bot: Bot, seller: Person, buyer: Person, dialog: Dialog
) -> None:
    answer = await ask(bot, seller, "50 EUR", chat=dialog)
    await seller.choose(answer.results[0])
    (message,) = buyer.messages(dialog)
    assert (message.text, message.sender, message.via) == ("50 EUR", "Seller", "local_invoice_bot")
    assert message.html == "<b>50 EUR</b>"
    chosen = (await newest(bot)).chosen_inline_result
    assert chosen is not None
    assert (chosen.result_id, chosen.query, chosen.from_user.id) == (
        "50 EUR",
        "50 EUR",
        seller.id,
    )
    assert await bot.edit_message_text("paid", inline_message_id=chosen.inline_message_id) is True
    assert [each.text for each in seller.messages(dialog)] == ["paid"]


async def test_a_message_without_a_keyboard_cannot_be_edited_later(
    bot: Bot, seller: Person, dialog: Dialog
) -> None:
    answer = await ask(bot, seller, "50 EUR", chat=dialog, buttons=False)
    await seller.choose(answer.results[0])
    chosen = (await newest(bot)).chosen_inline_result
    assert chosen is not None
    assert chosen.inline_message_id is None


async def test_a_tap_on_an_inline_message_brings_its_identifier_only(
    bot: Bot, seller: Person, buyer: Person, dialog: Dialog
) -> None:
    answer = await ask(bot, seller, "50 EUR", chat=dialog)
    await seller.choose(answer.results[0])
    chosen = (await newest(bot)).chosen_inline_result
    assert chosen is not None
    tapped = await buyer.tap("Pay", chat=dialog)
    query = await newest_tap(bot)
    assert (query.message, query.inline_message_id) == (None, chosen.inline_message_id)
    await bot.answer_callback_query(query.id, "Opens the pay page")
    assert (await buyer.answered(tapped)).text == "Opens the pay page"
    await bot.edit_message_reply_markup(
        inline_message_id=query.inline_message_id, reply_markup=keyboard("Paid")
    )
    assert (await buyer.read(lambda _: True, chat=dialog)).labels == ["Paid"]


async def test_editing_an_inline_message_to_what_it_is(
    bot: Bot, seller: Person, dialog: Dialog
) -> None:
    answer = await ask(bot, seller, "50 EUR", chat=dialog)
    await seller.choose(answer.results[0])
    chosen = (await newest(bot)).chosen_inline_result
    assert chosen is not None
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text(
            "<b>50 EUR</b>",
            inline_message_id=chosen.inline_message_id,
            parse_mode="HTML",
            reply_markup=keyboard("Pay"),
        )


async def test_in_a_group_of_its_own_the_bot_gets_the_message_too(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    group = telegram.group(-500, "Shop", [seller])
    waiting = asyncio.create_task(seller.inline("50 EUR", chat=group))
    await asyncio.sleep(0)
    await bot.answer_inline_query((await asked(bot)).id, [article("50 EUR")])
    await seller.choose((await waiting).results[0])
    message = (await newest(bot)).message
    assert message is not None
    assert message.via_bot is not None
    assert message.via_bot.id == telegram.bot_id


async def test_without_feedback_the_bot_hears_nothing_of_the_choice(
    bot: Bot, telegram: LocalTelegram, seller: Person, dialog: Dialog
) -> None:
    telegram.world.abilities = Abilities(inline_feedback=False)
    answer = await ask(bot, seller, "50 EUR", chat=dialog)
    assert (await seller.choose(answer.results[0])).update_id is None
    assert len(seller.messages(dialog)) == 1


async def test_a_bot_without_inline_mode_is_not_asked() -> None:
    telegram = LocalTelegram(abilities=Abilities(inline=False))
    with pytest.raises(ValueError, match="no inline mode"):
        await telegram.person(501, "Seller").inline("50")


async def test_a_query_of_257_characters_cannot_be_typed(seller: Person) -> None:
    with pytest.raises(ValueError, match="256"):
        await seller.inline("a" * 257)
