"""Buttons that switch to inline mode."""

import asyncio

import pytest
from aiogram import Bot

from bot.sandbox.telegram import Dialog, LocalTelegram, Person
from tests.sandbox.telegram.bots import switches
from tests.sandbox.telegram.inline import article, asked


@pytest.mark.parametrize(
    ("button", "chats"),
    [
        ({"switch_inline_query": "50"}, {"user", "bot", "group", "channel"}),
        ({"switch_inline_query_current_chat": "50"}, {"here"}),
        (
            {"switch_inline_query_chosen_chat": {"query": "50", "allow_user_chats": True}},
            {"user"},
        ),
    ],
)
async def test_switch_buttons(
    bot: Bot, seller: Person, button: dict[str, object], chats: set[str]
) -> None:
    await bot.send_message(seller.id, "card", reply_markup=switches(**button))
    tapped = await seller.tap("Send to buyer")
    assert (tapped.typed, tapped.callback_ids) == ("50", ())
    assert set(tapped.button.chats) == chats


async def test_a_switch_leads_to_the_query_in_a_chat_that_it_offers(
    bot: Bot, telegram: LocalTelegram, seller: Person, dialog: Dialog
) -> None:
    chosen = {"query": "50", "allow_user_chats": True}
    markup = switches(switch_inline_query_chosen_chat=chosen)
    await bot.send_message(seller.id, "card", reply_markup=markup)
    tapped = await seller.tap("Send to buyer")
    with pytest.raises(ValueError, match="offers no group chats"):
        await seller.switch(tapped, chat=telegram.group(-500, "Shop", [seller]))
    waiting = asyncio.create_task(seller.switch(tapped, chat=dialog))
    await asyncio.sleep(0)
    query = await asked(bot)
    assert (query.query, query.chat_type) == ("50", "private")
    await bot.answer_inline_query(query.id, [article("50")])
    assert (await waiting).results[0].chat is dialog.chat
