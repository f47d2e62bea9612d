"""What becomes of the bot's own standing, and of accounts that are gone."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError

from bot.sandbox.telegram import LocalTelegram, Person


async def test_the_bot_hears_that_it_was_removed_and_let_in(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    group = telegram.group(-100500, "Shop", [seller], bot_can_delete=True)
    group.remove(seller.user)
    group.add(seller.user)  # of others it hears nothing
    group.remove(telegram.world.bot, ban=True)
    group.add(telegram.world.bot)
    told = [update.my_chat_member for update in await bot.get_updates()]
    assert [
        (one.from_user.id, one.chat.id, one.old_chat_member.status, one.new_chat_member.status)
        for one in told
        if one
    ] == [
        (seller.id, group.id, "administrator", "kicked"),
        (seller.id, group.id, "kicked", "administrator"),
    ]


async def test_nobody_reads_at_a_deleted_account(bot: Bot, seller: Person) -> None:
    seller.delete_account()
    assert await bot.get_updates() == []
    with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
        await bot.send_message(seller.id, "a")
    with pytest.raises(ValueError, match="is gone"):
        await seller.send("a")
