"""Finds the update that ends the process: one that was being handled each time it died.

What is in hand is noted in the store beside the work, all that begins within a moment in one
command, and struck off a moment after it ended: nobody waits for it. A note goes out with the first
question that the update leads to, if not before it. A new life reads what the dead ones left
noted. Such an update may be the one, so it is noted before it is handled and struck off before it
counts as handled; after the second death those are handled one at a time, so that the third one
names a single update. That one is set aside for the admins, and the others go on.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from bot.domain.attempts import MOST_DEATHS, Begun
from bot.domain.errors import StorageAway
from bot.services.supervisor import Supervisor
from bot.telegram.ports import AttemptNotes

log = logging.getLogger(__name__)

PAUSE: Final = 0.02  # seconds between two commands about what is in hand
FRESH: Final = 2.0  # seconds for which it is known what other processes left
YOUNG: Final = 10.0  # seconds of a new life in which no note waits for others: it may be short
LAST_WORD: Final = 1.0  # seconds for the store at the end
ALONE: Final = 5.0  # seconds that a suspect waits for another one that takes its time


class Attempts:
    """`life` names this life of the process."""

    def __init__(self, notes: AttemptNotes, supervisor: Supervisor, *, life: str) -> None:
        self._notes = notes
        self._supervisor = supervisor
        self._life = life
        self._left: dict[int, frozenset[str]] = {}  # by lives that are over
        self._read_at: float | None = None
        self._old_at = 0.0
        self._new: set[int] = set()
        self._over: set[tuple[int, str]] = set()
        self._writing: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._lane = asyncio.Lock()
        self._first = asyncio.Lock()

    @asynccontextmanager
    async def noted(self, update_id: int) -> AsyncIterator[frozenset[str]]:
        """The body handles the update, or sets it aside when the lives that it ended, which it is
        given, are `MOST_DEATHS`. Raises `StorageAway`."""
        await self._know()
        lives = self._left.get(update_id, frozenset())
        if not lives:
            self._new.add(update_id)
            if asyncio.get_running_loop().time() < self._old_at:
                self._supervisor.start(self._write_now(), "attempt")
            else:
                self._write_soon()
            try:
                yield lives
            finally:
                self._ended(update_id)
        elif len(lives) >= MOST_DEATHS:
            yield lives
            self._left.pop(update_id, None)
        else:
            async with self._alone(lives):
                await self._notes.note(self._life, [update_id], [])
                log.warning("update %s: the process ended %s times over it", update_id, len(lives))
                try:
                    yield lives
                except (StorageAway, asyncio.CancelledError):
                    self._ended(update_id)  # in this life: it comes again
                    raise
                except Exception:
                    await self._strike_off(update_id, lives)
                    raise
                await self._strike_off(update_id, lives)

    def forgive(self, update_id: int) -> None:
        """An admin wants it tried again: as if nothing had happened."""
        self._left.pop(update_id, None)

    async def close(self) -> None:
        """Strike off what is not in hand any more: an end in order is nobody's fault."""
        if self._writing is not None:
            await asyncio.wait({self._writing})
        self._new.clear()
        with suppress(StorageAway, TimeoutError):
            async with asyncio.timeout(LAST_WORD):
                await self._write()

    async def _strike_off(self, update_id: int, lives: frozenset[str]) -> None:
        over = [(update_id, life) for life in (*lives, self._life)]
        await self._notes.note(self._life, [], over)
        self._left.pop(update_id, None)

    def _ended(self, update_id: int) -> None:
        if update_id in self._new:
            self._new.discard(update_id)  # it was never noted
        else:
            self._over.add((update_id, self._life))
            self._write_soon()

    @asynccontextmanager
    async def _alone(self, lives: frozenset[str]) -> AsyncIterator[None]:
        """After two deaths one at a time, as long as none of them is stuck."""
        if len(lives) < MOST_DEATHS - 1:
            yield
            return
        try:
            async with asyncio.timeout(ALONE):
                await self._lane.acquire()
        except TimeoutError:
            yield
            return
        try:
            yield
        finally:
            self._lane.release()

    async def _know(self) -> None:
        """At first the dead are asked; later they are asked again beside the work, since another
        replica may have died."""
        now = asyncio.get_running_loop().time()
        if self._read_at is None:
            async with self._first:
                if self._read_at is None:
                    await self._read()
                    self._old_at = now + YOUNG
        elif now - self._read_at > FRESH and (self._reading is None or self._reading.done()):
            self._reading = self._supervisor.start(self._read_again(), "attempts read")

    async def _read_again(self) -> None:
        try:
            await self._read()
        except StorageAway as error:
            log.info("what was being handled is not known: %s", error)

    async def _read(self) -> None:
        begun: Begun = await self._notes.begun()
        self._read_at = asyncio.get_running_loop().time()
        struck = {number for number, _ in self._over}
        others = {number: lives - {self._life} for number, lives in begun.items()}
        self._left = {
            number: lives for number, lives in others.items() if lives and number not in struck
        }

    def _write_soon(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = self._supervisor.start(self._write_all(), "attempts")

    async def _write_all(self) -> None:
        if not self._new:  # what has ended can wait: others' answers cannot
            await asyncio.sleep(PAUSE)
        while self._new or self._over:
            if not await self._write_now():
                return
            await asyncio.sleep(PAUSE)

    async def _write_now(self) -> bool:
        try:
            await self._write()
        except StorageAway as error:
            log.info("what is in hand is not noted: %s", error)
            return False
        return True

    async def _write(self) -> None:
        new, over = self._new, self._over
        self._new, self._over = set(), set()
        if not (new or over):
            return
        try:
            await self._notes.note(self._life, new, over)
        except (StorageAway, asyncio.CancelledError):
            self._over |= over
            raise
