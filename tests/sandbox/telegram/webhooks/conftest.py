from collections.abc import AsyncIterator

import pytest_asyncio
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer

from bot.sandbox.telegram import LocalTelegram, Patience
from tests.sandbox.telegram.conftest import Clock, QuickSession
from tests.sandbox.telegram.webhooks.receiver import Receiver, receiving

SECOND = 0.03  # of real time stands for one of Telegram's


@pytest_asyncio.fixture
async def telegram(clock: Clock) -> AsyncIterator[LocalTelegram]:
    server = LocalTelegram(clock=clock, patience=Patience(timeout=0.2, second=SECOND))
    await server.start()
    yield server
    await server.close()


@pytest_asyncio.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    api = TelegramAPIServer.from_base(telegram.url)
    async with Bot(telegram.token, session=QuickSession(api=api)) as client:
        yield client


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as started:
        yield started
