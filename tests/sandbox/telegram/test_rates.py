"""Flood limits: 30 a second in all, 1 a second in private, 20 a minute in groups."""

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter

from bot.sandbox.telegram import LocalTelegram, Person
from tests.sandbox.telegram.conftest import Clock


async def until_refused(bot: Bot, chat_id: int) -> tuple[int, int]:
    """How many messages went through, and the `retry_after` of the one that did not."""
    for sent in range(1000):
        try:
            await bot.send_message(chat_id, f"{sent}")
        except TelegramRetryAfter as error:
            return sent, error.retry_after
    raise AssertionError("no limit")


async def test_off_at_first(bot: Bot, telegram: LocalTelegram, seller: Person) -> None:
    assert not telegram.rates
    for number in range(40):
        await bot.send_message(seller.id, f"{number}")


async def test_on_from_the_start(clock: Clock) -> None:
    assert LocalTelegram(clock=clock, rates=True).rates


async def test_private_chats(
    bot: Bot, telegram: LocalTelegram, seller: Person, clock: Clock
) -> None:
    telegram.rates = True
    assert await until_refused(bot, seller.id) == (5, 1)
    clock.now += 1
    assert await until_refused(bot, seller.id) == (1, 1)


async def test_groups(bot: Bot, telegram: LocalTelegram, seller: Person, clock: Clock) -> None:
    telegram.rates = True
    group = telegram.group(-500, "Shop", [seller])
    assert await until_refused(bot, group.id) == (20, 3)
    clock.now += 60
    assert await until_refused(bot, group.id) == (20, 3)


async def test_overall(bot: Bot, telegram: LocalTelegram, clock: Clock) -> None:
    telegram.rates = True
    people = [telegram.person(number, "Buyer") for number in range(1, 40)]
    for person in people[:30]:
        await bot.send_message(person.id, "a")
    with pytest.raises(TelegramRetryAfter) as caught:
        await bot.send_message(people[30].id, "a")
    assert caught.value.retry_after == 1
    clock.now += 1
    await bot.send_message(people[-1].id, "a")


async def test_edits_count_and_actions_do_not(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    telegram.rates = True
    message = await bot.send_message(seller.id, "0")
    for number in range(1, 5):
        await bot.edit_message_text(f"{number}", chat_id=seller.id, message_id=message.message_id)
    await bot.send_chat_action(seller.id, "typing")
    await bot.get_chat(seller.id)
    with pytest.raises(TelegramRetryAfter):
        await bot.edit_message_text("5", chat_id=seller.id, message_id=message.message_id)
    await bot.delete_message(seller.id, message.message_id)


async def test_a_refused_message_was_not_sent_and_is_no_mistake_of_the_bot(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    telegram.rates = True
    sent, _ = await until_refused(bot, seller.id)
    assert len(seller.messages()) == sent
    assert telegram.refusals == []


async def test_the_words(telegram: LocalTelegram, bot: Bot, seller: Person) -> None:
    telegram.rates = True
    await until_refused(bot, seller.id)
    url = f"{telegram.url}/bot{telegram.token}/sendMessage"
    params = {"chat_id": seller.id, "text": "a"}
    async with aiohttp.ClientSession() as session, session.post(url, json=params) as response:
        assert response.status == 429
        assert response.headers["Retry-After"] == "1"
        assert await response.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }
