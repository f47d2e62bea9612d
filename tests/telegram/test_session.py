"""Calls as JSON: the same parameters as aiogram's forms, and the same errors."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest, TelegramNetworkError
from aiogram.methods import BanChatMember
from aiogram.types import (
    BotCommand,
    BotCommandScopeDefault,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.telegram.session import Session

MESSAGE = {"message_id": 5, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "as sent"}


class Api:
    """Answers every call with `answer`, and keeps what it was sent."""

    def __init__(self) -> None:
        self.answer: Any = {"ok": True, "result": MESSAGE}
        self.status = 200
        self.kinds: list[str] = []
        self.sent: Any = None

    async def take(self, request: web.Request) -> web.Response:
        self.kinds.append(request.content_type)
        is_json = request.content_type == "application/json"
        self.sent = await request.json() if is_json else dict(await request.post())
        body = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        return web.Response(text=body, status=self.status)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
async def bot(api: Api) -> AsyncIterator[Bot]:
    app = web.Application()
    app.router.add_post("/{tail:.*}", api.take)
    async with TestServer(app) as server:
        session = Session(api=TelegramAPIServer.from_base(str(server.make_url("/"))))
        default = DefaultBotProperties(
            parse_mode=ParseMode.HTML, link_preview=LinkPreviewOptions(is_disabled=True)
        )
        yield Bot("123456:AAtest-token-of-nobody-0000000000000", session=session, default=default)
        await session.close()


async def test_what_is_set_goes_out_and_nothing_else(api: Api, bot: Bot) -> None:
    button = InlineKeyboardButton(text="Pay", url="https://pay.example", style="success")
    sent = await bot.send_message(
        7,
        "50 <EUR>",
        reply_parameters=ReplyParameters(message_id=3, allow_sending_without_reply=True),
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
    )
    assert api.sent == {
        "chat_id": 7,
        "text": "50 <EUR>",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_parameters": {
            "message_id": 3,
            "allow_sending_without_reply": True,
            "quote_parse_mode": "HTML",
        },
        "reply_markup": {
            "inline_keyboard": [[{"text": "Pay", "url": "https://pay.example", "style": "success"}]]
        },
    }
    assert (sent.message_id, sent.chat.id, sent.bot) == (5, 7, bot)


async def test_a_list_of_objects(api: Api, bot: Bot) -> None:
    api.answer = {"ok": True, "result": True}
    assert await bot.set_my_commands(
        [BotCommand(command="a", description="b")], BotCommandScopeDefault()
    )
    assert api.sent["commands"] == [{"command": "a", "description": "b"}]
    assert api.sent["scope"] == {"type": "default"}


async def test_a_moment_is_sent_as_seconds(api: Api, bot: Bot) -> None:
    api.answer = {"ok": True, "result": True}
    until = datetime(2026, 1, 2, tzinfo=UTC)
    await bot(BanChatMember(chat_id=-7, user_id=8, until_date=until))
    assert int(api.sent["until_date"]) == until.timestamp()


async def test_a_file_goes_out_as_a_form(api: Api, bot: Bot) -> None:
    await bot.send_photo(7, BufferedInputFile(b"picture", "a.png"), caption="QR")
    assert api.kinds == ["multipart/form-data"]
    assert api.sent["caption"] == "QR"


async def test_an_edit_may_be_answered_with_a_message_or_with_true(api: Api, bot: Bot) -> None:
    edited = await bot.edit_message_text("new", chat_id=7, message_id=5)
    assert not isinstance(edited, bool)
    assert edited.message_id == 5
    api.answer = {"ok": True, "result": True}
    assert await bot.edit_message_text("new", inline_message_id="x") is True


async def test_updates_are_whole(api: Api, bot: Bot) -> None:
    api.answer = {"ok": True, "result": [{"update_id": 1, "message": MESSAGE}]}
    [update] = await bot.get_updates()
    assert update.message is not None
    assert (update.message.text, update.message.bot) == ("as sent", bot)


async def test_a_refusal_is_aiograms_error(api: Api, bot: Bot) -> None:
    api.status, api.answer = 400, {"ok": False, "error_code": 400, "description": "Bad Request: no"}
    with pytest.raises(TelegramBadRequest, match="no"):
        await bot.send_message(7, "x")


@pytest.mark.parametrize(
    "answer",
    ["<html>", "[]", '{"ok": true, "result": {"message_id": "x"}}', '{"ok": true}', ""],
)
async def test_what_is_no_answer_is_told_apart(api: Api, bot: Bot, answer: str) -> None:
    api.answer = answer
    with pytest.raises(ClientDecodeError):
        await bot.send_message(7, "x")


async def test_an_unreadable_update_leaves_the_others_to_be_read(api: Api, bot: Bot) -> None:
    api.answer = {"ok": True, "result": [{"update_id": "x"}, {"update_id": 2}]}
    with pytest.raises(ClientDecodeError) as raised:
        await bot.get_updates()
    assert raised.value.data["result"][1] == {"update_id": 2}


async def test_a_broken_connection_is_a_network_error() -> None:
    session = Session(api=TelegramAPIServer.from_base("http://127.0.0.1:1"))
    bot = Bot("123456:AAtest-token-of-nobody-0000000000000", session=session)
    with pytest.raises(TelegramNetworkError):
        await bot.get_me()
    await session.close()
