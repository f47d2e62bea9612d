"""Opens what the bot is connected to: its store and Telegram. Used by `app` alone."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.middlewares.base import BaseRequestMiddleware
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramUnauthorizedError
from aiogram.types import LinkPreviewOptions, User
from redis.asyncio import Redis

from bot.domain.errors import BotError, StorageAway
from bot.settings import Settings
from bot.storage.connection import connect, ping
from bot.storage.durability import check_durability
from bot.storage.embedded import EmbeddedValkey
from bot.telegram.session import Session

TIMEOUT: Final = 30  # seconds for a call to Telegram; files name their own
POOL: Final = 1000  # connections to Telegram: one chat that waits must not hold up another


class StartError(BotError):
    """The bot cannot start; the message says what to do."""


async def listen(
    start: Callable[[str, int], Awaitable[None]], setting: str, host: str, port: int
) -> None:
    """Let a site listen. Raises `StartError` that names the setting of its port."""
    try:
        await start(host, port)
    except OSError as error:
        raise StartError(f"{setting}: no site on {host}:{port}: {error.strerror}") from None


async def open_storage(
    settings: Settings, stack: AsyncExitStack, answered: Callable[[float], None]
) -> tuple[Redis, bool]:
    """The client, closed with `stack`, and whether the store is our own, with no other process on
    it. `answered` is told how many seconds each round trip took. Raises `StartError`."""
    if settings.redis_url is not None:
        url = settings.redis_url.get_secret_value()
    else:
        embedded = EmbeddedValkey(settings.data_dir)
        url = await embedded.start()
        stack.push_async_callback(embedded.stop)
    redis = connect(url, answered)
    stack.push_async_callback(redis.aclose)
    try:
        await ping(redis)
        await check_durability(redis)
    except StorageAway as error:
        raise StartError(f"REDIS_URL: no store answers there ({error})") from None
    return redis, settings.redis_url is None


async def introduced(bot: Bot) -> User:
    """Who the bot is at Telegram, which also proves its token. Raises `StartError`."""
    try:
        return await bot.me()
    except TelegramUnauthorizedError:
        raise StartError("BOT_TOKEN is wrong: Telegram does not know it") from None
    except ClientDecodeError:  # its words would be a whole page
        raise StartError("TELEGRAM_API_URL: what answers there is no Bot API") from None
    except TelegramAPIError as error:
        raise StartError(f"TELEGRAM_API_URL: no Bot API answers there ({error})") from None


def create_bot(settings: Settings, *middlewares: BaseRequestMiddleware) -> Bot:
    """A client of the Bot API; its session is closed by whoever asked for it. Calls pass the
    `middlewares` in this order."""
    server = TelegramAPIServer.from_base(settings.telegram_api_url)
    session = Session(api=server, limit=POOL, timeout=TIMEOUT)
    for middleware in middlewares:
        session.middleware(middleware)
    no_preview = LinkPreviewOptions(is_disabled=True)
    return Bot(
        settings.bot_token.get_secret_value(),
        session=session,
        default=DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview=no_preview),
    )
