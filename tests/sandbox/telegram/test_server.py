import asyncio
import time

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage

from bot.sandbox.telegram import (
    LocalTelegram,
    Person,
    delay,
    drop_reply,
    drop_request,
    refuse,
)


def test_a_token_that_looks_real_is_refused() -> None:
    with pytest.raises(ValueError, match="looks like a real bot's token"):
        LocalTelegram(f"1234567890:{'A' * 35}")


def test_a_token_needs_a_number_and_a_secret() -> None:
    with pytest.raises(ValueError, match="<number>:<secret>"):
        LocalTelegram("secret")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
async def test_only_loopback(host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        await LocalTelegram().start(host)


async def test_the_wrong_token(telegram: LocalTelegram, bot: Bot) -> None:
    async with Bot("1000001:another", session=bot.session) as stranger:
        with pytest.raises(TelegramUnauthorizedError, match="Unauthorized"):
            await stranger.get_me()
    assert [call.status for call in telegram.calls] == [401]


@pytest.mark.parametrize("path", ["/", "/bot", "/bot1000001:x", "/file/bot1:x/a.png"])
async def test_no_such_path(telegram: LocalTelegram, path: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(telegram.url + path) as response:
        assert response.status == 404
        assert await response.json() == {
            "ok": False,
            "error_code": 404,
            "description": "Not Found",
        }


async def test_no_such_method(telegram: LocalTelegram) -> None:
    url = f"{telegram.url}/bot{telegram.token}/sendMoney"
    async with aiohttp.ClientSession() as session, session.post(url) as response:
        assert response.status == 404
        assert (await response.json())["description"] == "Not Found: method not found"


async def test_a_body_that_is_no_json(telegram: LocalTelegram) -> None:
    url = f"{telegram.url}/bot{telegram.token}/getMe"
    headers = {"Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data="{", headers=headers) as response,
    ):
        assert response.status == 400


async def test_query_string_form_and_any_case_are_understood(
    telegram: LocalTelegram, seller: Person
) -> None:
    url = f"{telegram.url}/bot{telegram.token}/sendmessage"
    async with aiohttp.ClientSession() as session:
        async with session.get(url, params={"chat_id": seller.id, "text": "query"}) as response:
            assert response.status == 200
        async with session.post(url, data={"chat_id": seller.id, "text": "form"}) as response:
            assert response.status == 200
    assert [message.text for message in seller.messages()] == ["query", "form"]


async def test_calls_are_kept_with_their_parameters(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    await bot.send_message(seller.id, "a", disable_notification=True)
    (call,) = telegram.called("sendMessage")
    assert call.params == {"chat_id": seller.id, "text": "a", "disable_notification": True}
    assert (call.status, call.result["text"]) == (200, "a")


async def test_a_refusal_on_demand_is_not_ours(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    telegram.fail(
        "sendMessage", refuse(429, "Too Many Requests: retry after 3", retry_after=3), times=2
    )
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(seller.id, "a")
        assert caught.value.retry_after == 3
    await bot.send_message(seller.id, "a")
    assert len(seller.messages()) == 1
    assert telegram.refusals == []


async def test_a_fault_for_some_calls_only(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    other = telegram.person(502, "Other")
    telegram.fail(
        "*", refuse(500, "Internal Server Error"), when=lambda params: params["chat_id"] == other.id
    )
    await bot.send_message(seller.id, "a")
    with pytest.raises(Exception, match="Internal Server Error"):
        await bot.send_message(other.id, "a")


async def test_faults_not_met_can_be_forgotten(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    telegram.fail("sendMessage", drop_request(), times=100)
    telegram.heal()
    await bot.send_message(seller.id, "a")


async def test_a_delay(telegram: LocalTelegram, bot: Bot, seller: Person) -> None:
    telegram.fail("sendMessage", delay(0.2))
    started = time.monotonic()
    slow = asyncio.create_task(bot.send_message(seller.id, "slow"))
    await asyncio.sleep(0.02)
    await bot.send_message(seller.id, "quick")
    assert time.monotonic() - started < 0.2
    await slow
    assert [message.text for message in seller.messages()] == ["quick", "slow"]


async def test_a_slow_call_is_done_though_the_client_is_gone(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    telegram.fail("sendMessage", delay(0.1))
    with pytest.raises(TelegramNetworkError):
        await bot(SendMessage(chat_id=seller.id, text="late"), request_timeout=0.05)  # type: ignore[arg-type]
    assert seller.messages() == []
    assert (await seller.read("late")).text == "late"


async def test_a_delayed_call_is_still_checked(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    telegram.fail("sendMessage", delay(0.01))
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(999, "a")
    assert len(telegram.refusals) == 1


async def test_a_dropped_reply_was_done(telegram: LocalTelegram, bot: Bot, seller: Person) -> None:
    telegram.fail("sendMessage", drop_reply())
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(seller.id, "a")
    assert len(seller.messages()) == 1


async def test_a_dropped_request_was_not_done(
    telegram: LocalTelegram, bot: Bot, seller: Person
) -> None:
    telegram.fail("sendMessage", drop_request())
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(seller.id, "a")
    assert seller.messages() == []


async def test_events_keep_what_is_gone(telegram: LocalTelegram, bot: Bot, seller: Person) -> None:
    sent = await bot.send_message(seller.id, "open")
    await bot.edit_message_text("paid", chat_id=seller.id, message_id=sent.message_id)
    await bot.delete_message(seller.id, sent.message_id)
    assert [(event.what, event.message["text"]) for event in telegram.events] == [
        ("sent", "open"),
        ("edited", "paid"),
        ("deleted", "paid"),
    ]
    assert all(event.by_bot for event in telegram.events)
