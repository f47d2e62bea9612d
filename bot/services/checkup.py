"""Gathers the figures of `/health`."""

import time
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.domain.condition import Backlog, Condition
from bot.services.metering import Observe
from bot.services.ports import Clock

NO_ANSWER: Final = frozenset({"not_sent", "unsure"})  # results of a call, see `metering`
STOPPED: Final = "stopped"  # by us


class Waiting(Protocol):
    """Reads what waits to be done. Raises `StorageAway`."""

    async def read(self, now: datetime) -> Backlog: ...
    async def unsure(self, now: datetime) -> int: ...


class Checkup:
    """`observe` is told of calls to the provider and hands them on. `webhook`: updates come by one,
    else they are polled."""

    def __init__(self, waiting: Waiting, then: Observe, clock: Clock, *, webhook: bool) -> None:
        self._waiting = waiting
        self._then = then
        self._clock = clock
        self._webhook = webhook
        self._answered: datetime | None = None
        self._failed: datetime | None = None

    def observe(self, call: str, result: str, seconds: float) -> None:
        """Note how a call ended; a refusal is an answer."""
        if result in NO_ANSWER:
            self._failed = self._clock()
        elif result != STOPPED:
            self._answered = self._clock()
        self._then(call, result, seconds)

    async def condition(self) -> Condition:
        """How things are now. Raises `StorageAway`."""
        now, begun = self._clock(), time.perf_counter()
        backlog = await self._waiting.read(now)
        store = timedelta(seconds=time.perf_counter() - begun)
        unsure = await self._waiting.unsure(now)
        return Condition(store, backlog, unsure, self._webhook, self._answered, self._failed)
