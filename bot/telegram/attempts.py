"""Finds the update that ends the process: one that was being handled each time it died.

What is in hand is noted in the store and struck off a moment after it ended. A new life reads what
the dead ones left noted. Such an update may be the one, so it is struck off before it counts as
handled; after the second death those are handled one at a time, so that the third one names a
single update. That one is set aside for the admins, and the others go on.

As long as every life ends in order, only what is in hand for longer than a moment is noted, beside
the work: nobody waits for it. Such a life is `SPARING`, and leaves word of that which it takes back
at its end. Where that word is found, it ended otherwise: for two days everything is noted before it
is handled. And what comes at first to the life that follows may be what was in hand and not noted:
that is held against it as one death.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from bot.domain.attempts import FOLLOWED, MOST_DEATHS, SPARING, Begun
from bot.domain.errors import StorageAway
from bot.services.supervisor import Supervisor
from bot.telegram.ports import AttemptNotes

log = logging.getLogger(__name__)

PAUSE: Final = 0.02  # seconds between two commands about what is in hand
FRESH: Final = 2.0  # seconds for which it is known what other processes left
SAID: Final = 3600.0  # seconds after which a sparing life repeats its word
AT_FIRST: Final = 10.0  # seconds of a new life, in which Telegram delivers what was in hand
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
        self._said_at: float | None = None  # that it is sparing
        self._fresh: frozenset[str] = frozenset()  # sparing lives that any update may have ended
        self._new: set[int] = set()
        self._over: set[tuple[int, str]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._writing: set[asyncio.Task[bool]] = set()
        self._reading: asyncio.Task[None] | None = None
        self._lane = asyncio.Lock()
        self._first = asyncio.Lock()

    @asynccontextmanager
    async def noted(self, update_id: int) -> AsyncIterator[frozenset[str]]:
        """The body handles the update, or sets it aside when the lives that it ended, which it is
        given, are `MOST_DEATHS`. Raises `StorageAway`."""
        await self._know()
        left = self._left.get(update_id, frozenset())
        perhaps = frozenset() if left & self._fresh else frozenset(sorted(self._fresh)[:1])
        lives = left | perhaps
        if not lives:
            self._new.add(update_id)
            if self._said_at is not None:
                self._write_soon()
            else:
                await asyncio.wait({self._begin_writing()})
            try:
                yield lives
            finally:
                self._ended(update_id)
        elif len(lives) >= MOST_DEATHS:
            yield lives
            self._left.pop(update_id, None)
        else:
            async with self._alone(lives):
                for life in (self._life, *perhaps):
                    await self._notes.note(life, [update_id], [])
                if left:
                    log.warning("update %s: the process ended over it: %s", update_id, len(left))
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
        if self._timer is not None:
            self._timer.cancel()
        if self._writing:
            await asyncio.wait(self._writing)
        self._new.clear()
        if self._said_at is not None:
            self._over.add((SPARING, self._life))
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
                    await self._learn()
                    asyncio.get_running_loop().call_later(AT_FIRST, self._is_sure)
        elif now - self._read_at > FRESH and (self._reading is None or self._reading.done()):
            self._reading = self._supervisor.start(self._read_again(), "attempts read")

    async def _read_again(self) -> None:
        try:
            await self._read()
            self._read_at = asyncio.get_running_loop().time()
        except StorageAway as error:
            log.info("what was being handled is not known: %s", error)

    async def _learn(self) -> None:
        """At the start. The lives that follow hold nothing more against them: this one notes."""
        begun = await self._read()
        self._fresh |= begun.get(SPARING, frozenset()) - begun.get(FOLLOWED, frozenset())
        for life in self._fresh:
            await self._notes.note(life, [FOLLOWED], [])
        self._read_at = asyncio.get_running_loop().time()

    async def _read(self) -> Begun:
        """What others left. Where none of them is sparing, this life is."""
        begun: Begun = await self._notes.begun()
        now = asyncio.get_running_loop().time()
        struck = {number for number, _ in self._over}
        others = {number: lives - {self._life} for number, lives in begun.items()}
        if self._life in begun.get(FOLLOWED, ()):  # by another replica
            self._over.add((FOLLOWED, self._life))
        due = not others.get(SPARING) if self._said_at is None else now - self._said_at > SAID
        if due:
            await self._notes.note(self._life, [SPARING], [])
            self._said_at = now
        self._left = {
            number: lives
            for number, lives in others.items()
            if lives and number not in struck and number > SPARING
        }
        return others

    def _is_sure(self) -> None:
        self._fresh = frozenset()

    def _write_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self._write_due)

    def _write_due(self) -> None:
        self._timer = None
        if self._writing:  # what is struck off must have been noted before
            self._write_soon()
        elif self._new or self._over:
            self._begin_writing()

    def _begin_writing(self) -> asyncio.Task[bool]:
        task = self._supervisor.start(self._write_now(), "attempts")
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return task

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
