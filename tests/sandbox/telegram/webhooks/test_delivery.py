"""Delivery to a webhook: headers, order, parallelism."""

import asyncio

from aiogram import Bot
from aiohttp import web

from bot.sandbox.telegram import LocalTelegram, Person
from tests.sandbox.telegram.webhooks.receiver import Receiver, Update, failed, receiving, settled


async def test_updates_come_with_the_secret(bot: Bot, seller: Person, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url, secret_token="a-secret")
    sent = await seller.send("/start")
    await receiver.until(1)
    assert receiver.updates[0]["update_id"] == sent.update_id
    assert receiver.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "a-secret"
    assert receiver.headers[0]["Content-Type"] == "application/json"
    info = await settled(bot)
    assert (info.url, info.last_error_date) == (receiver.url, None)


async def test_without_a_secret_there_is_no_header(
    bot: Bot, seller: Person, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url)
    await seller.send("/start")
    await receiver.until(1)
    assert "X-Telegram-Bot-Api-Secret-Token" not in receiver.headers[0]


async def test_what_was_pending_is_delivered(bot: Bot, seller: Person, receiver: Receiver) -> None:
    await seller.send("before")
    await bot.set_webhook(receiver.url)
    await receiver.until(1)
    assert receiver.texts == ["before"]


async def test_what_was_pending_can_be_dropped(
    bot: Bot, seller: Person, receiver: Receiver
) -> None:
    await seller.send("before")
    await bot.set_webhook(receiver.url, drop_pending_updates=True)
    await seller.send("after")
    await receiver.until(1)
    assert receiver.texts == ["after"]


async def test_allowed_updates_hold_for_what_comes_later(
    bot: Bot, seller: Person, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url, allowed_updates=["message"])
    sent = await seller.send("50")
    await seller.edit(sent.message_id, "60")
    await seller.send("70")
    await settled(bot)
    assert receiver.texts == ["50", "70"]
    assert (await bot.get_webhook_info()).allowed_updates == ["message"]


async def test_a_chat_is_served_in_order_and_chats_in_parallel(
    bot: Bot, telegram: LocalTelegram, receiver: Receiver
) -> None:
    people = [telegram.person(number, "Buyer") for number in range(1, 5)]
    for text in ("1", "2", "3"):
        for person in people:
            await person.send(text)

    async def slowly(update: Update) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return web.Response()

    receiver.answer = slowly
    await bot.set_webhook(receiver.url, max_connections=3)
    await settled(bot)
    assert receiver.most_at_once == 3
    for person in people:
        own = [u for u in receiver.updates if u["message"]["chat"]["id"] == person.id]
        assert [update["message"]["text"] for update in own] == ["1", "2", "3"]


async def test_nothing_leaves_this_machine(bot: Bot, seller: Person) -> None:
    await bot.set_webhook("https://bot.example/telegram")
    await seller.send("1")
    info = await failed(bot)
    assert info.last_error_message == "The local Telegram delivers to loopback only"
    assert info.pending_update_count == 1


async def test_another_address_takes_over(bot: Bot, seller: Person, receiver: Receiver) -> None:
    async def no(update: Update) -> web.StreamResponse:
        return web.Response(status=500)

    receiver.answer = no
    await bot.set_webhook(receiver.url)
    await seller.send("1")
    await receiver.until(1)
    async with receiving() as other:
        await bot.set_webhook(other.url)
        await other.until(1)
        info = await settled(bot)
    assert other.texts == ["1"]
    assert (info.url, info.last_error_date) == (other.url, None)


async def test_after_deletion_updates_are_polled_again(
    bot: Bot, seller: Person, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url)
    await bot.delete_webhook()
    sent = await seller.send("1")
    assert [update.update_id for update in await bot.get_updates()] == [sent.update_id]
    assert receiver.updates == []


async def test_a_confirmed_update_comes_again_when_asked(
    bot: Bot, telegram: LocalTelegram, seller: Person, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url)
    sent = await seller.send("1")
    await settled(bot)
    assert sent.update_id is not None
    telegram.redeliver(sent.update_id, times=2)
    await receiver.until(3)
    await settled(bot)
    assert receiver.texts == ["1", "1", "1"]
