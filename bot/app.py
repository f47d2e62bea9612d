"""Builds everything from settings, runs it, closes it in order. Nothing else creates clients."""

import asyncio
import gc
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from aiogram import Bot
from aiogram.types import Update
from redis.asyncio import Redis

from bot.connections import StartError, create_bot, introduced, open_storage
from bot.cryptocloud import CryptoCloud, create_http, read_postback
from bot.domain.provider import Postback
from bot.services.access import Access
from bot.services.asker import Asker
from bot.services.creation import Creation
from bot.services.following import Following
from bot.services.hint import Hint
from bot.services.invoicing import Invoicing
from bot.services.leases import Leases
from bot.services.ports import Clock, Pace
from bot.services.postbacks import Postbacks
from bot.services.reconciler import Reconciler
from bot.services.showing import Showing
from bot.services.supervisor import Supervisor, end
from bot.services.walks import Walks
from bot.services.watching import Watching
from bot.settings import Settings
from bot.storage.cards import CardStore
from bot.storage.chats import ChatStore
from bot.storage.drafts import DraftStore
from bot.storage.index import IndexStore
from bot.storage.installation import installation_key
from bot.storage.intake import IntakeStore
from bot.storage.invoices import InvoiceStore
from bot.storage.limits import Limits
from bot.storage.periods import PeriodStore
from bot.storage.sellers import SellerStore
from bot.telegram import commands
from bot.telegram.announcer import TelegramAnnouncer
from bot.telegram.away import AwayNotice
from bot.telegram.conversation import Conversation
from bot.telegram.dispatcher import create_dispatcher, update_types
from bot.telegram.i18n import Translators, catalogues
from bot.telegram.intake import Intake
from bot.telegram.jobs import Jobs
from bot.telegram.views import Views
from bot.telegram.who import WhoMiddleware
from bot.web.site import Site

log = logging.getLogger(__name__)

DRAIN = 10.0  # seconds that work in hand may take at the end


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
    site: Site
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
            await self.site.stop_listening()
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
    pace = pace or Pace(look=timedelta(seconds=settings.poll_interval))
    async with AsyncExitStack() as stack:
        redis, alone = await open_storage(settings, stack)
        bot = create_bot(settings)
        stack.push_async_callback(bot.session.close)
        http = create_http(
            settings.cryptocloud_api_url, settings.cryptocloud_api_key.get_secret_value()
        )
        stack.push_async_callback(http.aclose)
        provider = CryptoCloud(http, settings.cryptocloud_shop_id)
        me = await introduced(bot)

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
        cards, index = CardStore(redis), IndexStore(redis)
        leases = Leases(records, boot, pace, clock)
        creation = Creation(
            provider, Walks(provider, clock), Hint(announcer, supervisor, pace), pace, clock
        )
        asker = Asker(provider, supervisor, pace, clock)
        reconciler = Reconciler(
            records,
            creation,
            Watching(records, provider, asker, index, pace, clock),
            Showing(announcer, cards, pace, clock),
            leases,
            supervisor,
            pace,
            clock,
        )
        access = Access(frozenset(settings.admin_ids), settings.seller_access == "anyone")
        key = await installation_key(redis)
        following = Following(records, reconciler, supervisor, clock, key=key)
        dispatcher = create_dispatcher(
            WhoMiddleware(chats, access, translators, settings.default_language),
            invoicing=Invoicing(
                reconciler,
                records,
                chats,
                key=key,
                bot_id=bot.id,
                clock=clock,
            ),
            conversation=Conversation(bot, drafts, settings.default_currency),
            following=following,
            views=Views(bot, announcer, following, cards),
            history=index,
            periods=PeriodStore(redis),
            limits=Limits(redis),
            supervisor=supervisor,
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
        postbacks = Postbacks(records, asker, reconciler, supervisor, clock)
        site = Site(_reader(settings), postbacks.take)
        stack.push_async_callback(site.close)
        try:
            await site.start(settings.http_host, settings.http_port)
        except OSError as error:
            where = f"{settings.http_host}:{settings.http_port}"
            raise StartError(f"HTTP_PORT: no site on {where}: {error.strerror}") from None
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
            site,
            alone,
        )


def _reader(settings: Settings) -> Callable[[bytes], Postback] | None:
    key = settings.cryptocloud_secret_key
    return None if key is None else partial(read_postback, secret_key=key.get_secret_value())


async def run(settings: Settings) -> None:
    """Build, then run until cancelled. Raises `BotError` with a line for whoever started it."""
    if settings.webhook:
        log.warning("PUBLIC_URL is set, but webhooks are not built yet: polling instead")
    async with build(settings) as app:
        # What start-up made lives as long as the process: the collector need not visit it again.
        gc.collect()
        gc.freeze()
        await app.run()
