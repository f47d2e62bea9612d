"""Leases on invoices, and on the turns of chats, renewed while work goes on.

A lease lasts 4 s in storage and is renewed every second. Work on an invoice that could not renew it
for 3 s is cancelled, a second before anybody else may take it over. Work that is cut short by the
end of the process gives its lease back, so that whoever comes next need not wait.
"""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import BotError, StorageAway
from bot.domain.ids import short
from bot.services.ports import Clock, Leased, Pace

log = logging.getLogger(__name__)

LAST_WORD: Final = 0.4  # seconds for giving a lease back


class LeaseLost(BotError):
    """The lease could not be kept; whoever holds it now goes on."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who works on an invoice: a token, and the loop's time before the lease was asked for."""

    token: str
    since: float


@dataclass(frozen=True, slots=True)
class _Held:
    name: str
    token: str
    since: float
    on: Leased
    limit: asyncio.Timeout | None = None


class Leases:
    """Names owners and keeps what they hold."""

    def __init__(self, records: Leased, boot: str, pace: Pace, clock: Clock) -> None:
        self._records = records
        self._boot = boot
        self._pace = pace
        self._clock = clock
        self._numbers = itertools.count(1)
        self._held: dict[int, _Held] = {}

    def new_owner(self) -> Owner:
        """With a token that no other work has: boot id and number. Ask for the lease right away."""
        token = f"{self._boot}:{next(self._numbers)}"
        return Owner(token, asyncio.get_running_loop().time())

    @asynccontextmanager
    async def kept(self, invoice_id: str, owner: Owner) -> AsyncIterator[None]:
        """Keep the lease just taken by `owner` for the body. Raises `LeaseLost`."""
        # Counted from before the asking: a slow answer has used up a part of the lease.
        ends = owner.since + self._pace.lease_lost.total_seconds()
        if asyncio.get_running_loop().time() >= ends:
            raise LeaseLost(short(invoice_id))
        limit = asyncio.timeout_at(ends)
        held = _Held(invoice_id, owner.token, owner.since, self._records, limit)
        try:
            async with limit, self._renewed(held):
                yield
        except TimeoutError:
            if limit.expired():
                raise LeaseLost(short(invoice_id)) from None
            raise
        except asyncio.CancelledError:
            await self._give_back(held)
            raise

    @asynccontextmanager
    async def renewed(self, name: str, owner: Owner, on: Leased) -> AsyncIterator[None]:
        """Keep it as long as that goes; the body goes on without."""
        held = _Held(name, owner.token, owner.since, on)
        try:
            async with self._renewed(held):
                yield
        except asyncio.CancelledError:
            await self._give_back(held)
            raise

    @asynccontextmanager
    async def _renewed(self, held: _Held) -> AsyncIterator[None]:
        number = next(self._numbers)
        self._held[number] = held
        try:
            yield
        finally:
            del self._held[number]

    async def _give_back(self, held: _Held) -> None:
        try:
            async with asyncio.timeout(LAST_WORD):
                await held.on.give_back(held.name, held.token, self._clock())
        except (StorageAway, TimeoutError):  # it runs out by itself
            log.info("lease of %s not given back", short(held.name))

    async def run(self) -> None:
        """Renew all leases every second, until cancelled.

        Most work ends before its lease is a second old: it is spared the renewal.
        """
        while True:
            await asyncio.sleep(self._pace.renew.total_seconds())
            await asyncio.gather(*map(self._renew, list(self._held)))

    async def _renew(self, number: int) -> None:
        held = self._held.get(number)
        if held is None:
            return  # the work ended meanwhile
        since = asyncio.get_running_loop().time()
        if since - held.since < self._pace.renew.total_seconds():
            return
        try:
            kept = await held.on.renew(held.name, held.token, self._clock())
        except StorageAway as error:
            log.warning("lease of %s not renewed: %s", short(held.name), error)
            return
        except Exception:  # the loop that renews all others must go on
            log.exception("lease of %s not renewed", short(held.name))
            return
        if number not in self._held or held.limit is None or held.limit.expired():
            return
        lasts = self._pace.lease_lost.total_seconds() if kept else 0
        held.limit.reschedule(since + lasts)
