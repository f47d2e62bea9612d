"""Whose turn it is to hear Telegram: one poller, or all replicas of a webhook together.

A poller removes a webhook and a webhook ends a poll, so the two must never work on one store at
once, not even while an admin changes from one to the other. And what was parked must be handled
again by somebody who goes on in its place.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from aiogram import Bot
from aiogram.types import Update
from pydantic import ValidationError

from bot.domain.errors import StorageAway
from bot.services.supervisor import Supervisor, end, raise_if_cancelled
from bot.telegram.jobs import Jobs
from bot.telegram.ports import Parking

log = logging.getLogger(__name__)

LEASE: Final = 4.0  # seconds
WEBHOOK: Final = "webhook"  # all replicas hold the turn under this name


class Turn:
    """A lease in the store, renewed while it is kept."""

    def __init__(
        self, bot: Bot, jobs: Jobs, parking: Parking, supervisor: Supervisor, *, owner: str
    ) -> None:
        self._bot = bot
        self._jobs = jobs
        self._parking = parking
        self._supervisor = supervisor
        self._owner = owner
        self.held = False
        self.renewals: set[asyncio.Task[None]] = set()
        """At work while it is kept, which is longer than updates are taken."""

    async def take(self, waits: Callable[[], None]) -> None:
        """Wait for it, then begin with what whoever had it before has left parked. `waits` is
        called again and again meanwhile."""
        waited = False
        while True:
            while not await self._hold():
                if not waited:
                    log.info("another process polls; waiting for its turn to end")
                    waited = True
                waits()
                await asyncio.sleep(LEASE / 8)
            try:
                await self._feed_parked()
            except StorageAway as error:
                log.warning("parked updates not read: %s", error)
                waits()
                await asyncio.sleep(LEASE / 8)
            else:
                if waited:
                    log.info("the other one is gone: this process polls now")
                return

    def keep(self) -> None:
        """Renew it from now on whenever it is held, until `let_go` or `lapse`."""
        self.renewals.add(self._supervisor.start(self._keep(), "poller lease"))

    async def lapse(self) -> None:
        """Renew it no more, so that it runs out by itself, unless others renew it, too."""
        await end(*self.renewals)
        self.renewals.clear()

    async def let_go(self) -> None:
        """Let another process have it at once. Raises `StorageAway`."""
        await self.lapse()
        await self._parking.let_go_poller(self._owner)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(LEASE / 4)
            raise_if_cancelled()
            if self.held:  # else it is taken where parked updates are looked for
                await self._hold()

    async def _hold(self) -> bool:
        """Take or renew it. While storage is away it stays as it was."""
        try:
            self.held = await self._parking.hold_poller(self._owner, LEASE)
        except StorageAway as error:
            log.warning("poller lease not renewed: %s", error)
        return self.held

    async def _feed_parked(self) -> None:
        for number, raw in (await self._parking.parked()).items():
            update = read_update(number, raw, self._bot)
            if update is None:  # of a former version: it must not stop the start
                continue
            log.info("update %s was parked, handling it again", number)
            self._jobs.start(update, parked=True)


def read_update(number: int | None, raw: object, bot: Bot) -> Update | None:
    """An update as Telegram sent it, or as text. None, and a line in the log, when it cannot be
    read: it would not become readable by coming again."""
    try:
        if isinstance(raw, str):
            return Update.model_validate_json(raw, context={"bot": bot})
        return Update.model_validate(raw, context={"bot": bot})
    except ValidationError as problem:
        log.error("update %s cannot be read: %s", number, problem.errors()[0]["loc"])
        return None
