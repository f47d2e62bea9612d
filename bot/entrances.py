"""What comes in: updates, polled or delivered, and postbacks. Used by `app` alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from aiogram import Bot
from aiogram.types import Update

from bot.connections import StartError, listen
from bot.cryptocloud import read_postback
from bot.domain.provider import Postback
from bot.ops import Ops
from bot.services.ports import Clock
from bot.services.postbacks import Postbacks
from bot.services.supervisor import Supervisor
from bot.settings import Settings
from bot.telegram.aside import AsideNotice, Decisions, Tried
from bot.telegram.attempts import Attempts
from bot.telegram.away import AwayNotice
from bot.telegram.i18n import Translators
from bot.telegram.in_turn import InTurn
from bot.telegram.intake import Intake
from bot.telegram.jobs import Feed, Jobs
from bot.telegram.ports import AttemptNotes, Parking, SecretNotes, Throttle
from bot.telegram.registration import Registration
from bot.telegram.turn import Turn
from bot.telegram.webhook import Webhook
from bot.telegram.webhook_secret import WebhookSecret
from bot.telegram.webhook_watch import WebhookWatch
from bot.web import postback, telegram
from bot.web.postback import PostbackEndpoint
from bot.web.site import Endpoint, Site
from bot.web.telegram import TelegramEndpoint


@dataclass(frozen=True, slots=True)
class Handling:
    """What takes updates through the handlers, and what admins decide about those over which the
    process ends."""

    jobs: Jobs
    attempts: Attempts
    decisions: Decisions


def create_handling(
    settings: Settings,
    bot: Bot,
    feed: Feed,
    notes: AttemptNotes,
    parking: Parking,
    translators: Translators,
    supervisor: Supervisor,
    *,
    in_turn: Callable[[Feed], InTurn],
    deferred: Callable[[Update], None],
    shared: bool,
    life: str,
) -> Handling:
    """`shared`: several processes are handed updates, so each is handled `in_turn`. `life` names
    this life of the process."""
    attempts = Attempts(notes, supervisor, life=life)
    aside = AsideNotice(
        bot,
        notes,
        translators,
        supervisor,
        admins=settings.admin_ids,
        language=settings.default_language,
    )
    tried = Tried(feed, attempts, aside.set_aside)
    turns = in_turn(tried.feed)
    jobs = Jobs(
        turns.feed if shared else tried.feed,
        AwayNotice(bot, translators).tell,
        parking,
        supervisor,
        deferred=deferred,
        come_again=settings.webhook,
    )
    return Handling(jobs, attempts, Decisions(bot, notes, attempts, jobs, turns.forget))


def create_intake(
    settings: Settings,
    bot: Bot,
    jobs: Jobs,
    turn: Turn,
    *,
    notes: SecretNotes,
    key: bytes,
    clock: Clock,
    username: str,
    update_types: Sequence[str],
    ops: Ops,
) -> Intake | Webhook:
    """A webhook where `PUBLIC_URL` is set, else long polling."""
    if settings.public_url is None or settings.webhook_secret is None:
        return Intake(
            bot,
            jobs,
            turn,
            username=username,
            update_types=update_types,
            pulse=ops.health.pulse("updates"),
            dropped=ops.update_dropped,
        )
    secret = WebhookSecret(settings.webhook_secret.get_secret_value(), key, notes, clock)
    url = settings.public_url + telegram.PATH
    registration = Registration(bot, secret, url=url, update_types=update_types)
    watch = WebhookWatch(bot, url)
    ops.health.need("webhook", watch.trouble)
    return Webhook(
        bot,
        jobs,
        turn,
        registration,
        secret,
        username=username,
        delivered=watch.delivered,
        dropped=ops.update_dropped,
    )


async def open_site(
    settings: Settings, postbacks: Postbacks, intake: Intake | Webhook, limits: Throttle, ops: Ops
) -> Site:
    """The public site, listening. Raises `StartError`."""
    read, take = ops.counted_read(_reader(settings)), ops.counted_take(postbacks.take)
    failed = partial(limits.take, "postback")
    endpoints: dict[str, Endpoint] = {
        postback.PATH: PostbackEndpoint(read, take, failed, settings.trusted_proxies).answer
    }
    if isinstance(intake, Webhook):
        endpoints[telegram.PATH] = TelegramEndpoint(intake.accepts, intake.take).answer
    site = Site(endpoints)
    try:
        await listen(site.start, "HTTP_PORT", settings.http_host, settings.http_port)
    except StartError:
        await site.close()
        raise
    return site


def _reader(settings: Settings) -> Callable[[bytes], Postback] | None:
    key = settings.cryptocloud_secret_key
    return None if key is None else partial(read_postback, secret_key=key.get_secret_value())
