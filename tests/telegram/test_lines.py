"""Taking turns: who waits when Telegram says that it is too much, and who goes first."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from functools import partial
from itertools import count
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
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
    session.middleware(Patience())
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


async def go(lines: Lines, name: str, went: list[str]) -> None:
    await lines.turn(1, time.monotonic() + 2)
    went.append(name)


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
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lines_module, "IN_PRIVATE", 0.02)
    lines, went = Lines(), list[str]()
    lines.complained(1, 0.1)
    tasks = [asyncio.create_task(go(lines, f"news {n}", went)) for n in range(3)]
    await asyncio.sleep(0.02)
    tasks += [asyncio.create_task(answer(go(lines, f"answer {n}", went))) for n in range(2)]
    await asyncio.gather(*tasks)
    assert went == ["answer 0", "answer 1", "news 0", "news 1", "news 2"]


async def test_who_gives_up_waiting_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "IN_PRIVATE", 0.02)
    lines, went = Lines(), list[str]()
    lines.complained(1, 0.1)
    gone, stays = (asyncio.create_task(go(lines, name, went)) for name in ("gone", "stays"))
    await asyncio.sleep(0.02)
    gone.cancel()
    await asyncio.wait({gone, stays})
    assert went == ["stays"]


async def test_complaints_of_several_chats_are_about_all(telegram: LocalTelegram, bot: Bot) -> None:
    flood(telegram, 1, 2, 3)
    tasks = [asyncio.create_task(bot.send_message(n, "refused")) for n in (1, 2, 3)]
    await asyncio.sleep(0.3)
    begun = time.monotonic()
    await bot.send_message(4, "never refused")
    assert time.monotonic() - begun >= 0.5
    await asyncio.gather(*tasks)
    assert len(sent(telegram)) == 4


async def test_three_chats_that_have_to_wait_long_hold_up_the_others_shortly(
    telegram: LocalTelegram, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines_module, "ALL_AT_FIRST", 0.3)
    flood(telegram, 1, 2, 3, seconds=30)
    begun = time.monotonic()
    told = await asyncio.gather(
        *(bot.send_message(n, "news") for n in (1, 2, 3)), return_exceptions=True
    )
    assert all(isinstance(error, TelegramRetryAfter) for error in told)
    await answer(bot.send_message(4, "a card"))
    assert 0.3 <= time.monotonic() - begun < 2
    for chat in (1, 2, 3):
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(chat, "news")
        assert caught.value.retry_after > 25, "its own wait is whole"
    assert sent(telegram) == ["a card"]


async def test_all_are_held_up_longer_while_it_goes_on_and_never_longer_than_a_chat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lines_module, "ALL_AT_FIRST", 0.2)
    monkeypatch.setattr(lines_module, "STRAINED", 1.0)
    lines, fresh = Lines(), count(1)

    async def held_up(seconds: float, complaints: int = 3) -> float:
        for _ in range(complaints):
            lines.complained(next(fresh), seconds)
        begun = time.monotonic()
        await lines.turn(next(fresh), begun + 5)
        return time.monotonic() - begun

    assert 0.15 < await held_up(30) < 0.35
    assert 0.35 < await held_up(30, complaints=6) < 0.6, "those of one moment count once"
    assert await held_up(0.05) < 0.2
    await asyncio.sleep(1.1)
    assert 0.15 < await held_up(30) < 0.35, "calm was restored"


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
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lines_module, "STRAINED", 0.1)
    lines, went = Lines(), list[str]()
    for chat in (1, 2, 3):
        lines.complained(chat, 0.1)
    await asyncio.sleep(0.25)
    begun = time.monotonic()
    for _ in range(20):
        await go(lines, "at once", went)
    assert time.monotonic() - begun < 0.1


async def test_a_deletion_whose_answer_was_lost_succeeds(telegram: LocalTelegram, bot: Bot) -> None:
    message = await bot.send_message(1, "away with it")
    telegram.fail("deleteMessage", drop_reply())
    assert await bot.delete_message(1, message.message_id)
    assert telegram.world.chats[1].messages == {}
