"""Taking turns: who waits when Telegram says that it is too much, and who goes first."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from functools import partial
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter

from bot.sandbox.telegram import LocalTelegram, drop_reply, refuse
from bot.telegram import lines as lines_module
from bot.telegram import outbound
from bot.telegram.lines import Lines, answering
from bot.telegram.outbound import Patience


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    server = LocalTelegram()
    await server.start()
    for number in range(1, 50):
        server.person(number, f"Person {number}")
    yield server
    await server.close()


@pytest.fixture
def patience() -> Patience:
    return Patience(Lines())


@pytest.fixture
async def bot(telegram: LocalTelegram, patience: Patience) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
    session.middleware(patience)
    yield Bot(telegram.token, session=session)
    await session.close()


def flood(telegram: LocalTelegram, *chats: int, seconds: int = 1) -> None:
    """The next message to each of these chats is one too many."""
    too_many = refuse(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    for chat in chats:
        telegram.fail("sendMessage", too_many, when=partial(_goes_to, chat))


def _goes_to(chat: int, params: dict[str, Any]) -> bool:
    return bool(params["chat_id"] == chat)


def sent(telegram: LocalTelegram) -> list[str]:
    """What Telegram took, in its order."""
    return [call.params["text"] for call in telegram.called("sendMessage") if call.status == 200]


async def answer(call: Coroutine[Any, Any, Any]) -> None:
    with answering():
        await call


async def test_the_flood_limit_of_a_chat_delays_that_chat_alone(
    telegram: LocalTelegram, bot: Bot
) -> None:
    flood(telegram, 1)
    begun = time.monotonic()
    refused = asyncio.create_task(bot.send_message(1, "first"))
    await asyncio.sleep(0.2)
    behind = asyncio.create_task(bot.send_message(1, "behind it"))
    await bot.send_message(2, "elsewhere")
    assert time.monotonic() - begun < 0.8
    assert len(telegram.called("sendMessage")) == 2, "nobody knocks while the chat is shut"
    await asyncio.gather(refused, behind)
    assert time.monotonic() - begun >= 1
    assert sent(telegram) == ["elsewhere", "first", "behind it"]


async def test_answers_go_before_what_the_bot_says_by_itself(
    telegram: LocalTelegram, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines_module, "IN_PRIVATE", 0.1)
    flood(telegram, 1)
    tasks: list[asyncio.Task[Any]] = [
        asyncio.create_task(bot.send_message(1, f"news {n}")) for n in range(3)
    ]
    await asyncio.sleep(0.2)
    tasks += [asyncio.create_task(answer(bot.send_message(1, f"answer {n}"))) for n in range(2)]
    await asyncio.gather(*tasks)
    # Two of the news went with the one that was refused, before anybody complained.
    assert sent(telegram)[-3:] == ["answer 0", "answer 1", "news 0"]


async def test_complaints_of_several_chats_are_about_all(telegram: LocalTelegram, bot: Bot) -> None:
    flood(telegram, 1, 2, 3)
    tasks = [asyncio.create_task(bot.send_message(n, "refused")) for n in (1, 2, 3)]
    await asyncio.sleep(0.3)
    begun = time.monotonic()
    await bot.send_message(4, "never refused")
    assert time.monotonic() - begun >= 0.5
    await asyncio.gather(*tasks)
    assert len(sent(telegram)) == 4


async def test_what_the_bot_says_by_itself_is_left_to_the_schedule_and_an_answer_waits(
    telegram: LocalTelegram, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "BACKGROUND_WAIT", 0.5)
    flood(telegram, 1)
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(1, "news")
        assert caught.value.retry_after == 1
    assert len(telegram.called("sendMessage")) == 1
    await answer(bot.send_message(1, "answer"))
    assert sent(telegram) == ["answer"]


async def test_a_flood_of_all_chats_is_worked_off_at_the_pace_that_telegram_takes(
    telegram: LocalTelegram, bot: Bot
) -> None:
    telegram.rates = True
    begun = time.monotonic()
    await asyncio.gather(*(answer(bot.send_message(n, f"{n}")) for n in range(1, 50)))
    assert sorted(map(int, sent(telegram))) == list(range(1, 50))
    assert time.monotonic() - begun < 5
    complaints = [call for call in telegram.called("sendMessage") if call.status == 429]
    assert len(complaints) <= 25, "only those complain that were on their way already"


async def test_nobody_stands_in_line_when_telegram_is_calm(
    telegram: LocalTelegram, bot: Bot, patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines_module, "STRAINED", 0.1)
    flood(telegram, 1)
    await bot.send_message(1, "refused once")
    await asyncio.sleep(0.2)
    begun = time.monotonic()
    await asyncio.gather(*(bot.send_message(1, f"{n}") for n in range(5)))
    assert time.monotonic() - begun < 0.5
    assert patience.lines.complaints == 1


async def test_who_gives_up_waiting_holds_up_nobody(telegram: LocalTelegram, bot: Bot) -> None:
    flood(telegram, 1)
    first = asyncio.create_task(bot.send_message(1, "first"))
    await asyncio.sleep(0.2)
    gone = asyncio.create_task(answer(bot.send_message(1, "gone")))
    await asyncio.sleep(0.1)
    gone.cancel()
    await asyncio.wait({gone})
    await first
    assert sent(telegram) == ["first"]


async def test_a_deletion_whose_answer_was_lost_succeeds(telegram: LocalTelegram, bot: Bot) -> None:
    message = await bot.send_message(1, "away with it")
    telegram.fail("deleteMessage", drop_reply())
    assert await bot.delete_message(1, message.message_id)
    assert telegram.world.chats[1].messages == {}
