"""Updates being handled: each chat's in order, all chats at once, none given up.

A job ends when its update is finished. While storage is away it waits and tries again: an update
is not finished before its effect is stored.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from aiogram.types import Update

from bot.domain.errors import StorageAway
from bot.services.supervisor import Supervisor
from bot.telegram.ports import Parking
from bot.telegram.relevance import chat_of

log = logging.getLogger(__name__)

Feed = Callable[[Update], Awaitable[object]]
Tell = Callable[[Update], Awaitable[None]]

FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 5.0


@dataclass(slots=True, eq=False)
class Job:
    """One update on its way through the handlers."""

    update: Update
    done: asyncio.Event = field(default_factory=asyncio.Event)
    parked: bool = False


class Jobs:
    """Starts jobs and keeps those that are not confirmed to Telegram yet."""

    def __init__(
        self, feed: Feed, tell_away: Tell, parking: Parking, supervisor: Supervisor
    ) -> None:
        self._feed = feed
        self._tell_away = tell_away
        self._parking = parking
        self._supervisor = supervisor
        self._known: dict[int, Job] = {}
        self._last: dict[int | None, Job] = {}
        self._told: set[int | None] = set()

    def start(self, update: Update, *, parked: bool = False) -> Job:
        """Handle an update after the earlier ones of its chat. One that is known is not started."""
        known = self._known.get(update.update_id)
        if known is not None:
            return known
        job = Job(update, parked=parked)
        chat = chat_of(update)
        before = self._last.get(chat)
        self._known[update.update_id] = self._last[chat] = job
        self._supervisor.start(self._run(job, chat, before), f"update {update.update_id}")
        return job

    def unfinished(self) -> list[Job]:
        """Neither handled nor parked, so Telegram must keep them."""
        return [job for job in self._known.values() if not job.done.is_set() and not job.parked]

    def forget(self, below: int) -> None:
        """Updates under this number are confirmed. What comes again under one is a new delivery,
        unless the former is still being handled."""
        for number, job in list(self._known.items()):
            if number < below and job.done.is_set():
                del self._known[number]

    async def park(self, jobs: list[Job]) -> None:
        """Keep their updates over a restart and let them run on. Raises `StorageAway`."""
        raw = {job.update.update_id: dumped(job.update) for job in jobs}
        await self._parking.park(raw)
        for job in jobs:
            job.parked = True
            if job.done.is_set():  # it ended while it was being parked
                self._supervisor.start(self._unpark(job), "unpark")

    async def _run(self, job: Job, chat: int | None, before: Job | None) -> None:
        try:
            if before is not None:
                await before.done.wait()
            await self._handle(job, chat)
        finally:
            job.done.set()
            if self._last.get(chat) is job:
                del self._last[chat]
        if job.parked:
            await self._unpark(job)

    async def _handle(self, job: Job, chat: int | None) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._feed(job.update)
            except StorageAway as error:
                log.warning("update %s waits for storage: %s", job.update.update_id, error)
                if chat not in self._told:
                    self._told.add(chat)
                    await self._tell_away(job.update)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception:
                log.exception("update %s failed", job.update.update_id)
                return
            else:
                self._told.discard(chat)
                return

    async def _unpark(self, job: Job) -> None:
        while True:
            try:
                await self._parking.unpark(job.update.update_id)
            except StorageAway:
                await asyncio.sleep(LONGEST_PAUSE)
            else:
                return


def dumped(update: Update) -> str:
    """The update as Telegram sent it."""
    return update.model_dump_json(exclude_unset=True, by_alias=True)
