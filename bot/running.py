"""A built bot: runs until it is told to end, then drains. Nothing it has begun is lost."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from aiogram import Bot
from redis.asyncio import Redis

from bot.ops import Ops
from bot.services.health import Phase
from bot.services.leases import Leases
from bot.services.moving import Mover
from bot.services.reconciler import Reconciler
from bot.services.supervisor import Supervisor, end
from bot.settings import Settings
from bot.telegram import commands
from bot.telegram.attempts import Attempts
from bot.telegram.i18n import Translators
from bot.telegram.intake import Intake
from bot.telegram.jobs import Jobs
from bot.telegram.resuming import Resuming
from bot.telegram.webhook import Webhook
from bot.web.site import Site

log = logging.getLogger(__name__)

# Seconds that work in hand may take at the end. With all that follows the end takes less than ten,
# after which `docker stop` kills.
DRAIN: Final = 6.0
LAST_WORD: Final = 0.5  # seconds for noting that it ended in order


@dataclass(frozen=True, slots=True)
class App:
    """Everything that lives as long as the bot. `run` lasts until it is cancelled, the token is
    refused or the webhook cannot be set."""

    bot: Bot
    intake: Intake | Webhook
    jobs: Jobs
    attempts: Attempts
    leases: Leases
    reconciler: Reconciler
    supervisor: Supervisor
    redis: Redis
    translators: Translators
    settings: Settings
    site: Site
    ops: Ops
    alone: bool
    mover: Mover
    resuming: Resuming

    async def run(self) -> None:
        """Take updates and work until cancelled, then finish what is in hand.

        None of the loops ends by itself; when one does, its error ends the bot.
        """
        leases = self.supervisor.start(self.leases.run(), "leases")
        health = self.ops.health
        scheduling = self.reconciler.run(health.pulse("scheduler"), alone=self.alone)
        scheduler = self.supervisor.start(scheduling, "scheduler")
        intake = self.supervisor.start(self.intake.run(), "intake")
        menu = commands.publish(self.bot, self.translators, self.settings.admin_ids)
        self.supervisor.start(menu, "commands")
        log.info("@%s is up", (await self.bot.me()).username)
        moves = self.supervisor.start(self.mover.run(), "moves")
        resuming = self.supervisor.start(self.resuming.run(), "resuming")
        loops = {leases, scheduler, intake, moves, resuming}
        health.phase = Phase.RUNNING
        try:
            ended, _ = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._drain(leases, intake, scheduler, moves, resuming)
        for loop in ended:
            loop.result()

    async def _drain(self, leases: asyncio.Task[None], *others: asyncio.Task[None]) -> None:
        """Unready; nothing new; what has begun finishes, or is left to Telegram or to the store,
        which both give it to whoever comes next. `build` closes the rest."""
        self.ops.health.drain()
        await self.site.stop_taking()
        await end(*others)
        loop = asyncio.get_running_loop()
        until = loop.time() + DRAIN
        await self.supervisor.settle(DRAIN, but={leases, *self.intake.renewals})
        await self.site.settle(max(0.0, until - loop.time()))
        await self.intake.close()
        await self.site.close()
        await self.supervisor.close()
        with suppress(TimeoutError):  # the store may hang
            async with asyncio.timeout(LAST_WORD):
                await self.attempts.close()
