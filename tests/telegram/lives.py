"""Lives of the process, told apart by what they note."""

import asyncio
from collections.abc import Collection, Iterable

from bot.domain.attempts import SPARING
from bot.domain.errors import StorageAway
from bot.services.supervisor import Supervisor
from bot.storage.attempts import AttemptStore
from bot.telegram import attempts
from bot.telegram.attempts import Attempts


class Notes(AttemptStore):
    """The real store, which can be slow or away."""

    away = False
    slow: asyncio.Event | None = None
    written = 0

    async def note(
        self, life: str, begun: Collection[int], ended: Iterable[tuple[int, str]]
    ) -> None:
        """As the real one, unless it is not well."""
        self.written += 1
        if self.away:
            raise StorageAway("for a test")
        if self.slow is not None:
            await self.slow.wait()
        await super().note(life, begun, ended)


async def grown(notes: Notes, life: str = "now") -> tuple[Attempts, Supervisor]:
    """A life that has begun."""
    supervisor = Supervisor()
    known = Attempts(notes, supervisor, life=life)
    async with known.noted(1):
        pass
    await written(supervisor)
    notes.written = 0
    return known, supervisor


async def written(supervisor: Supervisor) -> None:
    """What is to be noted is."""
    await asyncio.sleep(2 * attempts.PAUSE)
    await supervisor.settle(2, but=set())


async def in_hand(notes: Notes) -> dict[int, int]:
    """By how many lives, but for what is said of whole lives."""
    return {number: len(of) for number, of in (await notes.begun()).items() if number > SPARING}
