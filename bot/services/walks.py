"""Readings of the provider's list, shared by all invoices whose creation is unsure."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.errors import ProviderError
from bot.domain.provider import Walk
from bot.services.ports import Clock, Provider

FRESH: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A walk and the moment it began: it says nothing of what was created later."""

    begun: datetime
    walk: Walk


class Walks:
    """One walk at a time; whoever asks while or just after one is made gets the same."""

    def __init__(self, provider: Provider, clock: Clock) -> None:
        self._provider = provider
        self._clock = clock
        self._lock = asyncio.Lock()
        self._last: Reading | None = None
        self._failed: tuple[datetime, ProviderError] | None = None

    async def reading(self, start: date, end: date) -> Reading:
        """A walk over the UTC days from `start` to `end`, begun at most a second before the call.

        Raises `ProviderError`.
        """
        asked = self._clock()
        async with self._lock:
            last = self._last
            if (
                last is not None
                and last.begun >= asked - FRESH
                and last.walk.start <= start
                and last.walk.end >= end
            ):
                return last
            if self._failed is not None and self._failed[0] >= asked - FRESH:
                raise self._failed[1]  # who waited for it does not call once more
            begun = self._clock()
            try:
                self._last = Reading(begun, await self._provider.walk(start, end))
            except ProviderError as error:
                self._failed = begun, error
                raise
            return self._last
