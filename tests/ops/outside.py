"""Telegram and CryptoCloud in a thread, for what runs an event loop of its own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from pydantic import SecretStr

from bot.sandbox.cryptocloud import LocalCryptoCloud
from bot.sandbox.telegram import LocalTelegram
from bot.settings import Settings

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


def environment_of(settings: Settings) -> dict[str, str]:
    """What was set, as the environment has it."""
    given = {}
    for name in settings.model_fields_set:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        elif isinstance(value, tuple):
            value = ",".join(map(str, value))
        given[name.upper()] = str(value)
    return given


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
