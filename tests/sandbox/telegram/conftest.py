import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.sandbox.telegram import Business, Dialog, LocalTelegram, Person


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class QuickSession(AiohttpSession):
    """aiogram's session without its quarter of a second at closing, which serves TLS only."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def telegram(clock: Clock) -> AsyncIterator[LocalTelegram]:
    server = LocalTelegram(clock=clock)
    await server.start()
    yield server
    await server.close()


@pytest_asyncio.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    api = TelegramAPIServer.from_base(telegram.url)
    async with Bot(telegram.token, session=QuickSession(api=api)) as client:
        yield client


@pytest.fixture
def seller(telegram: LocalTelegram) -> Person:
    return telegram.person(501, "Seller", username="seller")


@pytest.fixture
def buyer(telegram: LocalTelegram) -> Person:
    return telegram.person(502, "Buyer", username="buyer")


@pytest.fixture
def dialog(telegram: LocalTelegram, seller: Person, buyer: Person) -> Dialog:
    return telegram.dialog(seller, buyer)


@pytest.fixture
def business(seller: Person, dialog: Dialog) -> Business:
    return seller.connect_business("can_reply")
