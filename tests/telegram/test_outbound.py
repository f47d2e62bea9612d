"""Patience with Telegram, and what its errors mean to the services."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.errors import CardGone, ChatClosed, DeliveryUnsure, MessageError, NotDelivered
from bot.sandbox.telegram import Fault, LocalTelegram, Person, drop_reply, drop_request, refuse
from bot.telegram import outbound
from bot.telegram.outbound import Patience, delivery
from bot.telegram.session import Session


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    server = LocalTelegram()
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def bot(telegram: LocalTelegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setattr(outbound, "PAUSE", 0.01)
    session = Session(api=TelegramAPIServer.from_base(telegram.url))
    session.middleware(Patience())
    bot = Bot(telegram.token, session=session)
    yield bot
    await session.close()


@pytest.fixture
def seller(telegram: LocalTelegram) -> Person:
    return telegram.person(7, "Seller")


async def test_a_flood_limit_is_waited_out(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    telegram.fail("sendMessage", refuse(429, "Too Many Requests: retry after 1", retry_after=1))
    await bot.send_message(seller.id, "hello")
    first, second = telegram.called("sendMessage")
    assert second.at - first.at >= 1
    assert [message.text for message in seller.messages()] == ["hello"]


async def test_a_long_flood_limit_is_left_to_the_schedule(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    flood = refuse(429, "Too Many Requests: retry after 99", retry_after=99)
    telegram.fail("sendMessage", flood)
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(seller.id, "hello")
    assert len(telegram.called("sendMessage")) == 1


async def test_a_message_of_unknown_fate_is_not_sent_twice(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    telegram.fail("sendMessage", drop_reply())
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(seller.id, "hello")
    assert [message.text for message in seller.messages()] == ["hello"]


async def test_a_message_is_not_repeated_after_a_server_error(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    telegram.fail("sendMessage", refuse(502, "Bad Gateway"))
    with pytest.raises(TelegramServerError):
        await bot.send_message(seller.id, "hello")
    assert len(telegram.called("sendMessage")) == 1


@pytest.mark.parametrize("fault", [drop_reply(), drop_request(), refuse(502, "Bad Gateway")])
async def test_an_edit_is_repeated(
    telegram: LocalTelegram, bot: Bot, seller: Person, fault: Fault
) -> None:
    message = await bot.send_message(seller.id, "before")
    telegram.fail("editMessageText", fault, times=2)
    await bot.edit_message_text("after", chat_id=seller.id, message_id=message.message_id)
    assert [message.text for message in seller.messages()] == ["after"]


async def test_an_edit_that_changes_nothing_succeeds(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    message = await bot.send_message(seller.id, "same")
    await bot.edit_message_text("same", chat_id=seller.id, message_id=message.message_id)
    assert len(telegram.refusals) == 1


async def test_an_edit_is_given_up_after_three_attempts(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    message = await bot.send_message(seller.id, "before")
    telegram.fail("editMessageText", drop_request(), times=9)
    with pytest.raises(TelegramNetworkError):
        await bot.edit_message_text("after", chat_id=seller.id, message_id=message.message_id)
    assert len(telegram.called("editMessageText")) == 3


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (refuse(400, "Bad Request: message to edit not found"), CardGone),
        (refuse(400, "Bad Request: message can't be edited"), CardGone),
        (refuse(403, "Forbidden: bot was blocked by the user"), ChatClosed),
        (refuse(403, "Forbidden: bot was kicked from the supergroup chat"), ChatClosed),
        (refuse(400, "Bad Request: chat not found"), ChatClosed),
        (refuse(400, "Bad Request: message thread not found"), ChatClosed),
        (refuse(400, "Bad Request: something new"), NotDelivered),
        (refuse(429, "Too Many Requests: retry after 99", retry_after=99), NotDelivered),
        (refuse(502, "Bad Gateway"), DeliveryUnsure),
        (drop_reply(), DeliveryUnsure),
    ],
)
async def test_errors_are_translated_once(
    telegram: LocalTelegram,
    bot: Bot,
    seller: Person,
    fault: Fault,
    expected: type[MessageError],
) -> None:
    telegram.fail("sendMessage", fault)
    with pytest.raises(expected), delivery():
        await bot.send_message(seller.id, "hello")


async def test_a_flood_limit_says_when_to_come_again(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    telegram.fail("sendMessage", refuse(429, "Too Many Requests", retry_after=99))
    with pytest.raises(NotDelivered) as caught, delivery():
        await bot.send_message(seller.id, "hello")
    assert caught.value.retry_after == 99


async def test_a_connection_that_was_never_made_delivered_nothing(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    await telegram.close()
    with pytest.raises(NotDelivered), delivery():
        await bot.send_message(seller.id, "hello")


async def test_an_answer_that_is_no_json_leaves_the_fate_unknown(bot: Bot, seller: Person) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<h1>Bad Gateway</h1>", content_type="text/html")

    app = web.Application()
    app.router.add_post("/{path:.*}", page)
    async with TestServer(app) as proxy:
        bot.session.api = TelegramAPIServer.from_base(str(proxy.make_url("/")).rstrip("/"))
        with pytest.raises(DeliveryUnsure), delivery():
            await bot.send_message(seller.id, "hello")
