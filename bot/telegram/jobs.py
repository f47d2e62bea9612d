"""Updates being handled: each chat's in order, all chats at once, none given up.

A job ends when its update is finished, that is when its effect is stored. While storage is away it
waits and tries again; but where Telegram delivers again by itself (a webhook), it ends unhandled.
"""

import asyncio
import logging
from collections import deque
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

BREATH: Final = 0.005  # seconds before whatever follows the handling of updates: cards go first
FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 5.0
REMEMBERED: Final = 10_000  # updates of a webhook that were handled, should one come again


@dataclass(slots=True, eq=False)
class Job:
    """One update on its way through the handlers. Once `done`, `handled` tells how it ended."""

    update: Update
    done: asyncio.Event = field(default_factory=asyncio.Event)
    parked: bool = False
    handled: bool = False


class Jobs:
    """Starts jobs and keeps those that are not confirmed to Telegram yet."""

    def __init__(
        self,
        feed: Feed,
        tell_away: Tell,
        parking: Parking,
        supervisor: Supervisor,
        *,
        deferred: Callable[[Update], None],
        come_again: bool = False,
    ) -> None:
        """`come_again`: Telegram delivers an update again until it hears that it was handled.
        `deferred` hears of what has to wait for storage."""
        self._feed = feed
        self._tell_away = tell_away
        self._parking = parking
        self._supervisor = supervisor
        self._known: dict[int, Job] = {}
        self._last: dict[int | None, Job] = {}
        self._told: set[int | None] = set()
        self._deferred = deferred
        self._come_again = come_again
        self._handled = _Recent(REMEMBERED)
        self._closed = False

    def start(self, update: Update, *, parked: bool = False) -> Job:
        """Handle an update after the earlier ones of its chat. One that is known is not started."""
        known = self._known.get(update.update_id)
        if known is not None:
            return known
        job = Job(update, parked=parked)
        if self._closed or update.update_id in self._handled:
            job.handled = update.update_id in self._handled
            job.done.set()
            return job
        chat = chat_of(update)
        before = self._last.get(chat)
        self._known[update.update_id] = self._last[chat] = job
        self._supervisor.start(self._run(job, chat, before), f"update {update.update_id}")
        return job

    def again(self, update: Update) -> Job:
        """Handle a parked update that was finished with before."""
        known = self._known.get(update.update_id)
        if known is not None and known.done.is_set():
            del self._known[update.update_id]
        self._handled.discard(update.update_id)
        return self.start(update, parked=True)

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
            if job.handled:  # it ended while it was being parked
                self._supervisor.start(self._unpark(job), "unpark")

    def close(self) -> None:
        """Begin nothing more. What runs may go on, but nobody waits for it any more."""
        self._closed = True
        for job in self._known.values():
            job.done.set()

    async def _run(self, job: Job, chat: int | None, before: Job | None) -> None:
        try:
            if before is not None:
                await before.done.wait()
            if not self._closed:
                job.handled = await self._handle(job, chat)
        finally:
            job.done.set()
            if self._last.get(chat) is job:
                del self._last[chat]
            if self._come_again:
                self._pass_over(job)
        if job.parked and job.handled:
            await self._unpark(job)

    def _pass_over(self, job: Job) -> None:
        """No offset will tell that Telegram has forgotten it."""
        del self._known[job.update.update_id]
        if job.handled:
            self._handled.add(job.update.update_id)

    async def _handle(self, job: Job, chat: int | None) -> bool:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._feed(job.update)
            except StorageAway as error:
                log.warning("update %s waits for storage: %s", job.update.update_id, error)
                self._deferred(job.update)
                if chat not in self._told:
                    self._told.add(chat)
                    await self._tell_away(job.update)
                if self._come_again and not job.parked:
                    return False
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception:
                log.exception("update %s failed", job.update.update_id)
                return True
            else:
                self._told.discard(chat)
                return True

    async def _unpark(self, job: Job) -> None:
        while True:
            try:
                await self._parking.unpark(job.update.update_id)
            except StorageAway:
                await asyncio.sleep(LONGEST_PAUSE)
            else:
                return


class _Recent:
    """The last so many numbers."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._order: deque[int] = deque()
        self._all: set[int] = set()

    def __contains__(self, number: int) -> bool:
        return number in self._all

    def add(self, number: int) -> None:
        self._order.append(number)
        self._all.add(number)
        if len(self._order) > self._most:
            self._all.discard(self._order.popleft())

    def discard(self, number: int) -> None:
        self._all.discard(number)


def dumped(update: Update) -> str:
    """The update as Telegram sent it."""
    return update.model_dump_json(exclude_unset=True, by_alias=True)
