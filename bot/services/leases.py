"""Leases on invoices: renewed while work goes on, and work that lost its lease is stopped.

A lease lasts 4 s in storage. It is renewed every second, and work that could not renew it for 3 s
is cancelled, a second before anybody else may take it over. Work that the end of the process cuts
short gives its lease back, so that whoever comes next need not wait.
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
from bot.services.ports import Clock, InvoiceRecords, Pace

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
    invoice_id: str
    token: str
    since: float
    limit: asyncio.Timeout


class Leases:
    """Names owners and keeps what they hold."""

    def __init__(self, records: InvoiceRecords, boot: str, pace: Pace, clock: Clock) -> None:
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
        number = next(self._numbers)
        # Counted from before the asking: a slow answer has used up a part of the lease.
        limit = asyncio.timeout_at(owner.since + self._pace.lease_lost.total_seconds())
        try:
            async with limit:
                self._held[number] = _Held(invoice_id, owner.token, owner.since, limit)
                yield
        except TimeoutError:
            if limit.expired():
                raise LeaseLost(short(invoice_id)) from None
            raise
        except asyncio.CancelledError:
            await self._give_back(invoice_id, owner)
            raise
        finally:
            self._held.pop(number, None)

    async def _give_back(self, invoice_id: str, owner: Owner) -> None:
        try:
            async with asyncio.timeout(LAST_WORD):
                await self._records.give_back(invoice_id, owner.token, self._clock())
        except (StorageAway, TimeoutError):  # it runs out by itself
            log.info("lease of %s not given back", short(invoice_id))

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
            kept = await self._records.renew(held.invoice_id, held.token, self._clock())
        except StorageAway as error:
            log.warning("lease of %s not renewed: %s", short(held.invoice_id), error)
            return
        except Exception:  # the loop that renews all others must go on
            log.exception("lease of %s not renewed", short(held.invoice_id))
            return
        if number not in self._held or held.limit.expired():
            return
        lasts = self._pace.lease_lost.total_seconds() if kept else 0
        held.limit.reschedule(since + lasts)
