"""How many calls to the provider are under way at once, of all kinds together.

Who comes when all places are taken waits, and nothing fails for it. Whoever creates takes the place
before it notes that it calls: a process that dies while it waits leaves nothing to be looked for.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Final

from bot.domain.provider import NewInvoice, ProviderInvoice, Walk
from bot.services.ports import Provider

MOST: Final = 50  # fewer than the client has connections: none is waited for there


class Guard:
    """Places, given in the order of asking."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(MOST)

    @property
    def full(self) -> bool:
        """Whether who comes now has to wait."""
        return self._places.locked()

    async def enter(self) -> None:
        """Take a place; to be given back by `leave`."""
        await self._places.acquire()

    def leave(self) -> None:
        """Give a place back."""
        self._places.release()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place for the body."""
        await self.enter()
        try:
            yield
        finally:
            self.leave()


class Guarded:
    """The provider behind the guard. `create` does not ask for a place: see `Creation.place`."""

    def __init__(self, provider: Provider, guard: Guard) -> None:
        self._provider = provider
        self._guard = guard

    async def create(self, new: NewInvoice) -> ProviderInvoice:
        return await self._provider.create(new)

    async def info(self, uuids: Sequence[str]) -> list[ProviderInvoice]:
        async with self._guard.place():
            return await self._provider.info(uuids)

    async def walk(self, start: date, end: date) -> Walk:
        async with self._guard.place():
            return await self._provider.walk(start, end)

    async def cancel(self, uuid: str) -> None:
        async with self._guard.place():
            await self._provider.cancel(uuid)
