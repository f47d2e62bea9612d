"""Builds everything from settings, runs it, closes it in order. Nothing else creates clients."""

import asyncio
import gc
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError
from aiogram.types import LinkPreviewOptions, Update, User
from redis.asyncio import Redis

from bot.cryptocloud import CryptoCloud, create_http
from bot.domain.errors import BotError, StorageAway
from bot.services.access import Access
from bot.services.creation import Creation
from bot.services.hint import Hint
from bot.services.invoicing import Invoicing
from bot.services.leases import Leases
from bot.services.ports import Clock, Pace
from bot.services.reconciler import Reconciler
from bot.services.showing import Showing
from bot.services.supervisor import Supervisor, end
from bot.services.walks import Walks
from bot.settings import Settings
from bot.storage.chats import ChatStore
from bot.storage.connection import connect, ping
from bot.storage.drafts import DraftStore
from bot.storage.durability import check_durability
from bot.storage.embedded import EmbeddedValkey
from bot.storage.installation import installation_key
from bot.storage.intake import IntakeStore
from bot.storage.invoices import InvoiceStore
from bot.storage.sellers import SellerStore
from bot.telegram import commands
from bot.telegram.announcer import TelegramAnnouncer
from bot.telegram.away import AwayNotice
from bot.telegram.conversation import Conversation
from bot.telegram.dispatcher import create_dispatcher, update_types
from bot.telegram.i18n import Translators, catalogues
from bot.telegram.intake import Intake
from bot.telegram.jobs import Jobs
from bot.telegram.outbound import Patience
from bot.telegram.who import WhoMiddleware

log = logging.getLogger(__name__)

DRAIN = 10.0  # seconds that work in hand may take at the end
POOL = 1000  # connections to Telegram: one chat that waits must not hold up another


class StartError(BotError):
    """The bot cannot start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class App:
    """A built bot. `run` lasts until it is cancelled or the token is refused."""

    bot: Bot
    intake: Intake
    jobs: Jobs
    leases: Leases
    reconciler: Reconciler
    supervisor: Supervisor
    redis: Redis
    translators: Translators
    settings: Settings
    alone: bool

    async def run(self) -> None:
        """Poll and work until cancelled, then finish what is in hand.

        None of the loops ends by itself; when one does, its error ends the bot.
        """
        leases = self.supervisor.start(self.leases.run(), "leases")
        scheduler = self.supervisor.start(self.reconciler.run(alone=self.alone), "scheduler")
        polling = self.supervisor.start(self.intake.run(), "polling")
        menu = commands.publish(self.bot, self.translators, self.settings.admin_ids)
        self.supervisor.start(menu, "commands")
        log.info("@%s is up", (await self.bot.me()).username)
        loops = {leases, scheduler, polling}
        try:
            ended, _ = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end(polling, scheduler)
            await self.supervisor.settle(DRAIN, but={leases})
            await self.intake.close()
            await self.supervisor.close()
        for loop in ended:
            loop.result()


def _now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def build(
    settings: Settings, *, pace: Pace | None = None, clock: Clock = _now
) -> AsyncIterator[App]:
    """Everything, open; closed in reverse order at the end.

    Raises `StartError` when a part cannot be had. `pace` and `clock` are for tests.
    """
    pace = pace or Pace()
    async with AsyncExitStack() as stack:
        redis, alone = await _storage(settings, stack)
        bot = _bot(settings)
        stack.push_async_callback(bot.session.close)
        http = create_http(
            settings.cryptocloud_api_url, settings.cryptocloud_api_key.get_secret_value()
        )
        stack.push_async_callback(http.aclose)
        provider = CryptoCloud(http, settings.cryptocloud_shop_id)
        me = await _introduced(bot)

        boot = secrets.token_hex(4)
        supervisor = Supervisor()
        translators = Translators(catalogues())
        announcer = TelegramAnnouncer(bot, translators)
        records = InvoiceStore(redis, boot=boot, alone=alone)
        chats, drafts, parking = (
            ChatStore(redis),
            DraftStore(redis),
            IntakeStore(redis, alone=alone),
        )
        leases = Leases(records, boot, pace, clock)
        creation = Creation(
            provider, Walks(provider, clock), Hint(announcer, supervisor, pace), pace, clock
        )
        reconciler = Reconciler(
            records,
            provider,
            creation,
            Showing(announcer, pace, clock),
            leases,
            supervisor,
            pace,
            clock,
        )
        access = Access(frozenset(settings.admin_ids), settings.seller_access == "anyone")
        dispatcher = create_dispatcher(
            WhoMiddleware(chats, access, translators, settings.default_language),
            invoicing=Invoicing(
                reconciler,
                records,
                chats,
                key=await installation_key(redis),
                bot_id=bot.id,
                clock=clock,
            ),
            conversation=Conversation(bot, drafts, settings.default_currency),
            chats=chats,
            sellers=SellerStore(redis),
            translators=translators,
            clock=clock,
            contact=settings.contact,
            default_currency=settings.default_currency,
        )

        async def feed(update: Update) -> object:
            return await dispatcher.feed_update(bot, update)

        jobs = Jobs(feed, AwayNotice(bot, translators).tell, parking, supervisor)
        intake = Intake(
            bot,
            jobs,
            parking,
            supervisor,
            owner=boot,
            username=me.username or "",
            update_types=update_types(dispatcher),
        )
        yield App(
            bot,
            intake,
            jobs,
            leases,
            reconciler,
            supervisor,
            redis,
            translators,
            settings,
            alone,
        )


async def run(settings: Settings) -> None:
    """Build, then run until cancelled. Raises `BotError` with a line for whoever started it."""
    if settings.webhook:
        log.warning("PUBLIC_URL is set, but webhooks are not built yet: polling instead")
    async with build(settings) as app:
        # What start-up made lives as long as the process: the collector need not visit it again.
        gc.collect()
        gc.freeze()
        await app.run()


async def _storage(settings: Settings, stack: AsyncExitStack) -> tuple[Redis, bool]:
    """The client, and whether the store is our own, with no other process on it."""
    if settings.redis_url is not None:
        url = settings.redis_url.get_secret_value()
    else:
        embedded = EmbeddedValkey(settings.data_dir)
        url = await embedded.start()
        stack.push_async_callback(embedded.stop)
    redis = connect(url)
    stack.push_async_callback(redis.aclose)
    try:
        await ping(redis)
        await check_durability(redis)
    except StorageAway as error:
        raise StartError(f"REDIS_URL: no store answers there ({error})") from None
    return redis, settings.redis_url is None


async def _introduced(bot: Bot) -> User:
    """Who the bot is at Telegram, which is also the proof of its token."""
    try:
        return await bot.me()
    except TelegramUnauthorizedError:
        raise StartError("BOT_TOKEN is wrong: Telegram does not know it") from None
    except TelegramAPIError as error:
        raise StartError(f"TELEGRAM_API_URL: no Bot API answers there ({error})") from None


def _bot(settings: Settings) -> Bot:
    server = TelegramAPIServer.from_base(settings.telegram_api_url)
    session = AiohttpSession(api=server, limit=POOL)
    session.middleware(Patience())
    no_preview = LinkPreviewOptions(is_disabled=True)
    return Bot(
        settings.bot_token.get_secret_value(),
        session=session,
        default=DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview=no_preview),
    )
