"""Methods in the answer of a webhook."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiohttp import web

from bot.sandbox.telegram import LocalTelegram, Person
from tests.sandbox.telegram.webhooks.receiver import Receiver, Update, settled


@pytest.mark.parametrize("kind", ["json", "form", "multipart"])
async def test_a_method_in_the_answer_is_done(
    bot: Bot, telegram: LocalTelegram, seller: Person, receiver: Receiver, kind: str
) -> None:
    call = {"method": "sendMessage", "chat_id": str(seller.id), "text": "Hello"}

    async def say(update: Update) -> web.StreamResponse:
        if kind == "json":
            return web.json_response(call)
        payload: Any = aiohttp.FormData(call, default_to_multipart=kind == "multipart")()
        return web.Response(body=payload)

    receiver.answer = say
    await bot.set_webhook(receiver.url)
    await seller.send("/start")
    assert (await seller.read("Hello")).from_bot
    assert telegram.called("sendMessage")[0].status == 200


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "setWebhook", "logOut", "close"])
async def test_methods_that_are_not_done_as_an_answer(
    bot: Bot, telegram: LocalTelegram, seller: Person, receiver: Receiver, method: str
) -> None:
    async def ask(update: Update) -> web.StreamResponse:
        return web.json_response({"method": method})

    receiver.answer = ask
    await bot.set_webhook(receiver.url)
    await seller.send("/start")
    info = await settled(bot)
    assert info.url == receiver.url
    assert len(telegram.called(method)) == (1 if method == "setWebhook" else 0)


async def test_a_wrong_method_in_the_answer_is_kept_as_a_refusal(
    bot: Bot, telegram: LocalTelegram, seller: Person, receiver: Receiver
) -> None:
    async def say(update: Update) -> web.StreamResponse:
        return web.json_response({"method": "sendMessage", "chat_id": 999, "text": "a"})

    receiver.answer = say
    await bot.set_webhook(receiver.url)
    await seller.send("/start")
    await settled(bot)
    await asyncio.sleep(0.01)
    assert [call.description for call in telegram.refusals] == ["Bad Request: chat not found"]
