"""What a webhook refuses comes again, ever later, until it is given up."""

import asyncio
from itertools import pairwise

import pytest
from aiogram import Bot
from aiohttp import web

from bot.sandbox.telegram import Person
from tests.sandbox.telegram.conftest import Clock
from tests.sandbox.telegram.webhooks.conftest import SECOND
from tests.sandbox.telegram.webhooks.receiver import Receiver, Update, failed, settled


@pytest.mark.parametrize("status", [500, 503, 404, 302])
async def test_a_refused_update_comes_again_before_the_next_of_its_chat(
    bot: Bot, seller: Person, receiver: Receiver, status: int
) -> None:
    async def once(update: Update) -> web.StreamResponse:
        return web.Response(status=status if len(receiver.updates) < 3 else 200)

    receiver.answer = once
    await seller.send("1")
    await seller.send("2")
    await bot.set_webhook(receiver.url)
    await settled(bot)
    assert receiver.texts == ["1", "1", "1", "2"]
    info = await bot.get_webhook_info()
    assert (info.last_error_message or "").startswith(f"Wrong response from the webhook: {status}")


async def test_repetitions_back_off(bot: Bot, seller: Person, receiver: Receiver) -> None:
    times: list[float] = []

    async def no(update: Update) -> web.StreamResponse:
        times.append(asyncio.get_running_loop().time())
        return web.Response(status=500)

    receiver.answer = no
    await bot.set_webhook(receiver.url)
    await seller.send("1")
    await receiver.until(5)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps[0] < gaps[1]  # the first repetition comes at once
    assert gaps[1] >= 2 * SECOND
    assert gaps[2] >= 4 * SECOND
    assert gaps[3] >= 8 * SECOND


async def test_retry_after_is_kept_to(bot: Bot, seller: Person, receiver: Receiver) -> None:
    times: list[float] = []

    async def later(update: Update) -> web.StreamResponse:
        times.append(asyncio.get_running_loop().time())
        again = {"Retry-After": "10"} if len(times) == 1 else {}
        return web.Response(status=503 if again else 200, headers=again)

    receiver.answer = later
    await bot.set_webhook(receiver.url)
    await seller.send("1")
    await settled(bot)
    assert times[1] - times[0] >= 10 * SECOND


async def test_a_webhook_that_does_not_answer_is_left_after_the_time_out(
    bot: Bot, seller: Person, receiver: Receiver
) -> None:
    async def never(update: Update) -> web.StreamResponse:
        await asyncio.sleep(3600)
        raise AssertionError

    receiver.answer = never
    await bot.set_webhook(receiver.url)
    await seller.send("1")
    info = await failed(bot)
    assert (info.last_error_message, info.pending_update_count) == ("Read timeout expired", 1)
    await bot.delete_webhook()


async def test_a_webhook_that_is_not_there(
    bot: Bot, seller: Person, clock: Clock, unused_tcp_port: int
) -> None:
    await bot.set_webhook(f"http://127.0.0.1:{unused_tcp_port}/telegram")
    await seller.send("1")
    info = await failed(bot)
    assert info.last_error_message == "Connection refused"
    assert info.last_error_date is not None
    assert info.last_error_date.timestamp() == clock.now


async def test_an_update_is_given_up_after_a_day(
    bot: Bot, seller: Person, receiver: Receiver, clock: Clock
) -> None:
    async def no(update: Update) -> web.StreamResponse:
        clock.now += 24 * 3600
        return web.Response(status=500)

    receiver.answer = no
    await bot.set_webhook(receiver.url)
    await seller.send("1")
    await settled(bot)
    assert receiver.texts == ["1"]
