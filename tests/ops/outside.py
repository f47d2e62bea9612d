"""Telegram and CryptoCloud in a thread, for what runs an event loop of its own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from bot.sandbox.cryptocloud import LocalCryptoCloud
from bot.sandbox.telegram import LocalTelegram

ADMIN_ID = 1001


class Outside:
    """Both servers, and the settings that lead to them."""

    def __init__(self) -> None:
        self.telegram = LocalTelegram()
        self.cloud = LocalCryptoCloud()
        self.telegram.person(ADMIN_ID, "Admin")

    async def open(self) -> None:
        await self.telegram.start()
        await self.cloud.start()

    async def close(self) -> None:
        await self.cloud.close()
        await self.telegram.close()

    def settings(self) -> dict[str, str]:
        """As the environment has them."""
        return {
            "BOT_TOKEN": self.telegram.token,
            "ADMIN_IDS": str(ADMIN_ID),
            "CRYPTOCLOUD_API_KEY": self.cloud.api_key,
            "CRYPTOCLOUD_SHOP_ID": self.cloud.shop_id,
            "CRYPTOCLOUD_SECRET_KEY": self.cloud.secret_key,
            "CRYPTOCLOUD_API_URL": self.cloud.url,
            "TELEGRAM_API_URL": self.telegram.url,
        }


@contextmanager
def outside() -> Iterator[Outside]:
    """Both, listening."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    servers = Outside()
    asyncio.run_coroutine_threadsafe(servers.open(), loop).result(10)
    try:
        yield servers
    finally:
        asyncio.run_coroutine_threadsafe(servers.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
