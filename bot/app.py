"""Builds everything from settings, runs it, closes it in order. Nothing else creates clients."""

import gc
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from aiogram.types import Update

from bot.connections import create_bot, introduced, open_storage
from bot.cryptocloud import CryptoCloud, create_http
from bot.entrances import create_handling, create_intake, open_site
from bot.ops import open_ops
from bot.running import App
from bot.services.access import Access
from bot.services.asker import Asker
from bot.services.checkup import Checkup
from bot.services.creation import Creation
from bot.services.following import Following
from bot.services.guard import Guard, Guarded
from bot.services.hint import Hint
from bot.services.invoicing import Invoicing
from bot.services.leases import Leases
from bot.services.metering import MeteredProvider
from bot.services.moving import Mover
from bot.services.ports import Clock, Pace
from bot.services.postbacks import Postbacks
from bot.services.reconciler import Reconciler
from bot.services.showing import Showing
from bot.services.supervisor import Supervisor
from bot.services.walks import Walks
from bot.services.watching import Watching
from bot.settings import Settings
from bot.storage.attempts import AttemptStore
from bot.storage.audit import AuditStore
from bot.storage.cards import CardStore
from bot.storage.chats import ChatStore
from bot.storage.closed import ClosedChats
from bot.storage.drafts import DraftStore
from bot.storage.index import IndexStore
from bot.storage.installation import installation_key
from bot.storage.intake import IntakeStore
from bot.storage.invoices import InvoiceStore
from bot.storage.limits import Limits
from bot.storage.moves import MoveStore
from bot.storage.periods import PeriodStore
from bot.storage.sellers import SellerStore
from bot.storage.turns import TurnStore
from bot.storage.webhook import WebhookStore
from bot.telegram.announcer import TelegramAnnouncer
from bot.telegram.conversation import Conversation
from bot.telegram.destinations import Destinations
from bot.telegram.dispatcher import create_dispatcher, update_types
from bot.telegram.group_admins import GroupAdmins
from bot.telegram.i18n import Translators, catalogues
from bot.telegram.in_turn import InTurn
from bot.telegram.lines import AnsweringMiddleware, Lines
from bot.telegram.metering import CallMeter, MeteredThrottle, UpdateMeter
from bot.telegram.moves import FollowMoves, NoteMoves
from bot.telegram.outbound import Patience
from bot.telegram.reach import Reach
from bot.telegram.reading import Reader
from bot.telegram.resuming import Resuming
from bot.telegram.turn import WEBHOOK, Turn
from bot.telegram.views import Views
from bot.telegram.who import WhoMiddleware


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
        ops = await open_ops(settings, stack)
        metrics = ops.metrics
        redis, alone = await open_storage(settings, stack, metrics.redis_answered)
        checkup = Checkup(
            ops.watch_store(redis, clock),
            metrics.provider_call,
            clock,
            webhook=settings.webhook,
        )
        closed, moves = ClosedChats(redis), MoveStore(redis)
        supervisor = Supervisor()
        limits = MeteredThrottle(Limits(redis), metrics.limit_refused, supervisor)
        meter = CallMeter(metrics.telegram_call, metrics.flood_wait)  # it sees each attempt
        patience = Patience(Lines())
        bot = create_bot(settings, FollowMoves(moves), Reach(closed), patience, meter)
        stack.push_async_callback(bot.session.close)
        http = create_http(
            settings.cryptocloud_api_url, settings.cryptocloud_api_key.get_secret_value()
        )
        stack.push_async_callback(http.aclose)
        guard = Guard()
        cryptocloud = CryptoCloud(http, settings.cryptocloud_shop_id)
        # The meter is inside: who waits for a place has not called yet.
        provider = Guarded(MeteredProvider(cryptocloud, checkup.observe), guard)
        me = await introduced(bot)

        boot = secrets.token_hex(4)
        translators = Translators(catalogues())
        written = metrics.invoice_written
        records = InvoiceStore(redis, boot=boot, alone=alone, written=written)
        chats, drafts = ChatStore(redis), DraftStore(redis)
        parking = IntakeStore(redis, alone=alone)
        access = Access(frozenset(settings.admin_ids), settings.seller_access == "anyone")
        announcer = TelegramAnnouncer(bot, translators, Destinations(chats, access))
        cards, index = CardStore(redis), IndexStore(redis)
        leases = Leases(records, boot, pace, clock)
        creation = Creation(
            provider, guard, Walks(provider, clock), Hint(announcer, supervisor, pace), pace, clock
        )
        ops.count_twins(lambda: creation.twins_cancelled)
        asker = Asker(provider, supervisor, pace, clock)
        reconciler = Reconciler(
            records,
            creation,
            Watching(records, provider, asker, pace, clock),
            Showing(announcer, cards, pace, clock),
            leases,
            supervisor,
            pace,
            clock,
            moves=moves,
        )
        key = await installation_key(redis)
        following = Following(records, moves, reconciler, supervisor, clock, key=key)
        conversation = Conversation(bot, drafts, settings.default_currency)
        reader = Reader(chats, moves, limits)
        resuming = Resuming(conversation, drafts, chats, parking, access, translators)
        dispatcher = create_dispatcher(
            UpdateMeter(metrics.update),
            AnsweringMiddleware(),
            NoteMoves(moves),
            WhoMiddleware(reader, closed, access, translators, settings.default_language),
            invoicing=Invoicing(
                reconciler,
                records,
                key=key,
                bot_id=bot.id,
                clock=clock,
            ),
            conversation=conversation,
            following=following,
            views=Views(bot, announcer, following, cards),
            history=index,
            periods=PeriodStore(redis),
            limits=limits,
            supervisor=supervisor,
            chats=chats,
            closed=closed,
            sellers=SellerStore(redis),
            group_admins=GroupAdmins(bot),
            audit=AuditStore(redis),
            access=access,
            checkup=checkup,
            translators=translators,
            clock=clock,
            contact=settings.contact,
            default_currency=settings.default_currency,
        )

        async def feed(update: Update) -> object:
            return await dispatcher.feed_update(bot, update)

        shared = settings.webhook and not alone  # by several processes: one alone is in order
        handling = create_handling(
            settings,
            bot,
            feed,
            AttemptStore(redis),
            parking,
            translators,
            supervisor,
            in_turn=partial(
                InTurn, turns=TurnStore(redis, chats), reader=reader, leases=leases, clock=clock
            ),
            deferred=ops.update_deferred,
            shared=shared,
            life=boot,
        )
        jobs, dispatcher["decisions"] = handling.jobs, handling.decisions
        intake = create_intake(
            settings,
            bot,
            jobs,
            Turn(bot, jobs, parking, supervisor, owner=WEBHOOK if settings.webhook else boot),
            notes=WebhookStore(redis),
            key=key,
            clock=clock,
            username=me.username or "",
            update_types=update_types(dispatcher),
            ops=ops,
        )
        postbacks = Postbacks(records, asker, reconciler, supervisor, clock)
        site = await open_site(settings, postbacks, intake, limits, ops)
        stack.push_async_callback(site.close)
        yield App(
            bot,
            intake,
            jobs,
            handling.attempts,
            leases,
            reconciler,
            supervisor,
            redis,
            translators,
            settings,
            site,
            ops,
            alone,
            Mover(moves, drafts, records, reconciler, resuming.show, clock),
            resuming,
        )


async def run(settings: Settings) -> None:
    """Build, then run until cancelled. Raises `BotError` with a line for whoever started it."""
    async with build(settings) as app:
        # What start-up made lives as long as the process: the collector need not visit it again,
        # and comes seldom, as nearly everything is freed without it.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000)
        await app.run()
