"""Whether the bot is alive (its loops move) and ready (what it needs is there).

A loop reports that it moves, whatever it met: an outage of Telegram or of the store is no reason to
end the process, as a new one would meet the same. One that hangs is.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Final

STILL: Final = 60.0  # seconds without a move after which a loop counts as hung
PATIENCE: Final = 3.0  # seconds a check may take

Check = Callable[[], Awaitable[str | None]]
"""None when all is well, else what is not."""


class Pulse:
    """When a loop was last seen moving."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds that never go back."""
        self._clock = clock
        self._due: float | None = None

    def beat(self, rest: float = 0.0) -> None:
        """It moves, and may be still for `rest` seconds now, as when it was told to wait."""
        self._due = self._clock() + rest

    @property
    def still(self) -> float:
        """Seconds since it should have moved; 0 before it first does."""
        return 0.0 if self._due is None else max(0.0, self._clock() - self._due)


class Phase(StrEnum):
    """What the process is about."""

    STARTING = "starting"
    RUNNING = "running"
    DRAINING = "draining"  # what is in hand is finished, nothing new is taken


class Health:
    """What the health endpoints ask. Loops register by `pulse`, what must be there by `need`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pulses: dict[str, Pulse] = {}
        self._needs: dict[str, Check] = {}
        self.phase = Phase.STARTING

    def pulse(self, loop: str) -> Pulse:
        """The pulse of a loop, the same for the same name."""
        return self._pulses.setdefault(loop, Pulse(self._clock))

    def need(self, what: str, check: Check) -> None:
        """The bot is not ready while `check` finds something."""
        self._needs[what] = check

    def drain(self) -> None:
        """Take nothing new any more."""
        self.phase = Phase.DRAINING

    def still(self) -> dict[str, float]:
        """For how many seconds each loop has not moved."""
        return {name: pulse.still for name, pulse in self._pulses.items()}

    def hung(self) -> list[str]:
        """The loops that have not moved for too long. A drain ends them, and has a bound itself."""
        if self.phase is Phase.DRAINING:
            return []
        return [name for name, seconds in self.still().items() if seconds > STILL]

    async def troubles(self) -> dict[str, str | None]:
        """What is wrong with each need, all asked at once, none for longer than `PATIENCE`."""
        found = await asyncio.gather(*map(_checked, self._needs.values()))
        return dict(zip(self._needs, found, strict=True))


async def _checked(check: Check) -> str | None:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except TimeoutError:
        return f"no answer within {PATIENCE:g} s"
