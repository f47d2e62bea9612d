"""A bot's side of a webhook: keeps what comes, answers what a test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiogram import Bot
from aiogram.types import WebhookInfo
from aiohttp import web

Update = dict[str, Any]
Answer = Callable[[Update], Awaitable[web.StreamResponse]]


async def ok(update: Update) -> web.StreamResponse:
    return web.Response()


class Receiver:
    """`url` is where it listens; `answer` may be replaced at any time."""

    def __init__(self) -> None:
        self.url = ""
        self.answer: Answer = ok
        self.updates: list[Update] = []
        self.headers: list[dict[str, str]] = []
        self.most_at_once = 0
        self._now = 0
        self._arrived = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        update = await request.json()
        self.updates.append(update)
        self.headers.append(dict(request.headers))
        self._arrived.set()
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            return await self.answer(update)
        finally:
            self._now -= 1

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates]

    async def until(self, number: int) -> None:
        """Wait until that many deliveries came, repetitions counted."""
        async with asyncio.timeout(5):
            while len(self.updates) < number:
                self._arrived.clear()
                await self._arrived.wait()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/telegram", receiver.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    try:
        yield receiver
    finally:
        await runner.cleanup()


async def info_when(bot: Bot, good: Callable[[WebhookInfo], bool]) -> WebhookInfo:
    for _ in range(500):
        info = await bot.get_webhook_info()
        if good(info):
            return info
        await asyncio.sleep(0.01)
    raise AssertionError(f"never came to be: {info}")


async def settled(bot: Bot) -> WebhookInfo:
    """The state once nothing is pending."""
    return await info_when(bot, lambda info: info.pending_update_count == 0)


async def failed(bot: Bot) -> WebhookInfo:
    """The state once something failed."""
    return await info_when(bot, lambda info: info.last_error_date is not None)
