import asyncio
import time

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError, TelegramNetworkError
from aiogram.methods import GetUpdates

from bot.sandbox.telegram import LocalTelegram, Person


async def ids(
    bot: Bot, *, offset: int | None = None, limit: int | None = None, timeout: int | None = None
) -> list[int]:
    updates = await bot.get_updates(offset=offset, limit=limit, timeout=timeout)
    return [update.update_id for update in updates]


async def test_the_100_oldest_are_seen(bot: Bot, seller: Person) -> None:
    sent = [(await seller.send(f"{n}")).update_id for n in range(250)]
    assert await ids(bot) == sent[:100]


async def test_limit_over_100_gives_100(bot: Bot, seller: Person) -> None:
    for n in range(120):
        await seller.send(f"{n}")
    assert len(await ids(bot, limit=1000)) == 100


async def test_an_unmoved_offset_asked_again_at_once_gives_one(bot: Bot, seller: Person) -> None:
    sent = [(await seller.send(f"{n}")).update_id for n in range(5)]
    assert await ids(bot) == sent
    assert await ids(bot) == sent[:1]


async def test_an_unmoved_offset_asked_again_later_gives_all(bot: Bot, seller: Person) -> None:
    for n in range(5):
        await seller.send(f"{n}")
    await ids(bot)
    await asyncio.sleep(0.55)
    assert len(await ids(bot)) == 5


async def test_offset_confirms_what_lies_below(bot: Bot, seller: Person) -> None:
    sent = [(await seller.send(f"{n}")).update_id for n in range(5)]
    assert sent[3] is not None
    assert await ids(bot, offset=sent[3]) == sent[3:]
    assert await ids(bot) == sent[3:]


async def test_negative_offset_keeps_the_last(bot: Bot, seller: Person) -> None:
    sent = [(await seller.send(f"{n}")).update_id for n in range(5)]
    assert await ids(bot, offset=-2) == sent[3:]
    assert await ids(bot) == sent[3:]


async def test_an_offset_of_another_queue_confirms_nothing(bot: Bot, seller: Person) -> None:
    sent = (await seller.send("1")).update_id
    assert await ids(bot, offset=2_000_000_000) == [sent]


async def test_a_long_poll_wakes_at_once(bot: Bot, seller: Person) -> None:
    poll = asyncio.create_task(ids(bot, timeout=10))
    await asyncio.sleep(0.05)
    started = time.monotonic()
    sent = await seller.send("50")
    assert await poll == [sent.update_id]
    assert time.monotonic() - started < 0.5


async def test_a_long_poll_ends_with_nothing(bot: Bot) -> None:
    started = time.monotonic()
    assert await ids(bot, timeout=1) == []
    assert time.monotonic() - started > 0.9


async def test_a_second_poller_ends_the_first(bot: Bot, seller: Person) -> None:
    first = asyncio.create_task(ids(bot, timeout=10))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(ids(bot, timeout=10))
    with pytest.raises(TelegramConflictError, match="only one bot instance is running"):
        await first
    sent = await seller.send("50")
    assert await second == [sent.update_id]


async def test_a_poller_that_is_gone_takes_nothing_along(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    sent = await seller.send("50")
    assert sent.update_id is not None
    after = sent.update_id + 1
    with pytest.raises(TelegramNetworkError):
        await bot(GetUpdates(offset=after, timeout=10), request_timeout=0.05)  # type: ignore[arg-type]
    await asyncio.sleep(0.05)  # the server sees the connection end
    telegram.redeliver(sent.update_id)
    assert await ids(bot, offset=after) == [sent.update_id]
    assert telegram.refusals == []


async def test_a_webhook_ends_a_long_poll(bot: Bot) -> None:
    poll = asyncio.create_task(ids(bot, timeout=10))
    await asyncio.sleep(0.05)
    await bot.set_webhook("https://bot.example/")
    with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
        await poll


async def test_closing_answers_a_long_poll(bot: Bot, telegram: LocalTelegram) -> None:
    poll = asyncio.create_task(ids(bot, timeout=10))
    await asyncio.sleep(0.05)
    await telegram.close()
    assert await poll == []


async def test_allowed_updates_are_remembered(bot: Bot, seller: Person) -> None:
    await bot.get_updates(allowed_updates=["message"])
    sent = await seller.send("50")
    edited = await seller.edit(sent.message_id, "60")
    assert edited.update_id is None
    assert await ids(bot) == [sent.update_id]


async def test_a_confirmed_update_comes_again_when_asked(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    first, second = await seller.send("1"), await seller.send("2")
    assert first.update_id is not None
    assert second.update_id is not None
    await ids(bot)
    await ids(bot, offset=second.update_id + 1)
    telegram.redeliver(first.update_id, times=2)
    third = await seller.send("3")
    assert await ids(bot, offset=second.update_id) == [first.update_id, third.update_id]
    assert await ids(bot, offset=second.update_id + 1) == [first.update_id, third.update_id]
    assert await ids(bot, offset=second.update_id) == [third.update_id]


async def test_redelivery_wakes_a_long_poll(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    sent = await seller.send("1")
    assert sent.update_id is not None
    poll = asyncio.create_task(ids(bot, offset=sent.update_id + 1, timeout=10))
    await asyncio.sleep(0.05)
    telegram.redeliver(sent.update_id)
    assert await poll == [sent.update_id]


async def test_redelivery_of_what_never_was_is_a_mistake(telegram: LocalTelegram) -> None:
    with pytest.raises(KeyError):
        telegram.redeliver(1)


async def test_a_raw_update(bot: Bot, telegram: LocalTelegram, seller: Person) -> None:
    number = telegram.push({"poll_answer": {"poll_id": "1", "option_ids": [], "user": {}}})
    assert number is not None
    telegram.push(
        {
            "message": {
                "message_id": 1,
                "date": 1,
                "chat": {"id": seller.id, "type": "private"},
                "text": "raw",
            }
        }
    )
    updates = await bot.get_updates(offset=number + 1)
    assert updates[0].message is not None
    assert updates[0].message.text == "raw"


async def test_thousands_of_updates_go_through_quickly(bot: Bot, seller: Person) -> None:
    started = time.monotonic()
    for n in range(5_000):
        await seller.send(f"{n}")
    offset, got = 0, 0
    while batch := await bot.get_updates(offset=offset):
        got += len(batch)
        offset = batch[-1].update_id + 1
    assert got == 5_000
    assert time.monotonic() - started < 5
