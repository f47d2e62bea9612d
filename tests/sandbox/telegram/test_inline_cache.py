"""How long answers to inline queries are good, and for whom."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest

from bot.sandbox.telegram import LocalTelegram, Person
from tests.sandbox.telegram.conftest import Clock
from tests.sandbox.telegram.inline import ask, asked


async def test_answers_are_kept_for_everybody_unless_told_otherwise(
    bot: Bot, seller: Person, buyer: Person, clock: Clock
) -> None:
    await ask(bot, seller, "50 EUR", cache_time=60)
    again = await buyer.inline("50 EUR")
    assert (again.titles, again.update_id) == (["50 EUR"], None)
    clock.now += 60
    with pytest.raises(AssertionError, match="is not answered"):
        await buyer.inline("50 EUR", timeout=0.01)


async def test_a_personal_answer_is_kept_for_who_asked(
    bot: Bot, seller: Person, buyer: Person
) -> None:
    await ask(bot, seller, "50 EUR", is_personal=True)
    assert (await seller.inline("50 EUR")).update_id is None
    with pytest.raises(AssertionError, match="is not answered"):
        await buyer.inline("50 EUR", timeout=0.01)


async def test_an_answer_after_30_seconds_is_too_late(
    bot: Bot, seller: Person, clock: Clock
) -> None:
    waiting = asyncio.create_task(seller.inline("50 EUR", timeout=0.1))
    await asyncio.sleep(0)
    query = await asked(bot)
    clock.now += 31
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_inline_query(query.id, [])
    with pytest.raises(AssertionError):
        await waiting


async def test_a_query_nobody_fetched_is_gone_after_30_seconds(
    bot: Bot, seller: Person, clock: Clock
) -> None:
    with pytest.raises(AssertionError):
        await seller.inline("50 EUR", timeout=0.01)
    await seller.send("/start")
    clock.now += 30
    assert [update.event_type for update in await bot.get_updates()] == ["message"]


async def test_a_second_answer_is_too_late(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    await ask(bot, seller, "50 EUR")
    query_id = telegram.called("answerInlineQuery")[0].params["inline_query_id"]
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_inline_query(query_id, [])
