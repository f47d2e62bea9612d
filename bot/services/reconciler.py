"""Takes an invoice forward, whichever step is next. The record alone says which that is.

Handlers hand over what they just wrote; the scheduler hands over what is due because a crash, a
time-out or a flood limit left it. There is no other mechanism.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.domain.errors import StorageAway
from bot.domain.ids import short
from bot.domain.invoice import Invoice
from bot.domain.moved import moved
from bot.domain.revising import revised
from bot.services.creation import Creation
from bot.services.health import Pulse
from bot.services.leases import LeaseLost, Leases, Owner
from bot.services.plan import Plan, Run
from bot.services.ports import Clock, InvoiceRecords, Moves, Pace
from bot.services.showing import Showing
from bot.services.steps import Next, wait
from bot.services.supervisor import Supervisor, raise_if_cancelled
from bot.services.watching import Watching

log = logging.getLogger(__name__)

MOST_AT_ONCE = 8  # due invoices taken from each of the 16 shards in one look
MOST_WORK = 512  # invoices in work, beyond which nothing more is taken from the schedule
AFTER_A_FAULT = timedelta(seconds=30)
STORE_AGAIN = 0.1  # seconds


class Reconciler:
    """One step after another for one invoice, each stored before the next."""

    def __init__(
        self,
        records: InvoiceRecords,
        creation: Creation,
        watching: Watching,
        showing: Showing,
        leases: Leases,
        supervisor: Supervisor,
        pace: Pace,
        clock: Clock,
        *,
        moves: Moves,
    ) -> None:
        self._records = records
        self._moves = moves
        self._plan = Plan(creation, watching, showing, clock)
        self._leases = leases
        self._supervisor = supervisor
        self._pace = pace
        self._clock = clock
        self._working = 0

    async def issue(self, invoice: Invoice, *, digest: str = "") -> bool:
        """Store the intent and begin. False when the same was asked for before.

        `digest` is that of the request, see `write_intent`. Raises `StorageAway`: then nothing is
        begun, and asking again makes sure that it was asked for.
        """
        owner, run = self._leases.new_owner(), Run()
        try:
            begun = await self._plan.begun(invoice, run)
            new = await self._records.write_intent(begun, owner.token, self._clock(), digest=digest)
        except BaseException:
            run.leave()
            raise
        if not new:
            run.leave()
        work = self.work(begun, owner, run) if new else self.advance(invoice.id)
        self._supervisor.start(work, f"invoice {short(invoice.id)}")
        return new

    async def advance(self, invoice_id: str, *, look: bool = True) -> None:
        """Take it as far as it goes now, unless somebody is at it. `look`: the provider may be
        asked about it."""
        owner = self._leases.new_owner()
        invoice = await self._records.lease(invoice_id, owner.token, self._clock())
        if invoice is not None:
            await self.work(invoice, owner, Run(looked=not look))

    async def work(self, invoice: Invoice, owner: Owner, run: Run) -> None:
        """Take a leased invoice as far as it goes now, and end the `run`."""
        self._working += 1
        try:
            async with self._leases.kept(invoice.id, owner):
                await self._steps(invoice, owner.token, run)
        except LeaseLost:
            log.warning("lease of %s lost, work stopped", short(invoice.id))
        except StorageAway as error:
            log.warning("%s waits for storage: %s", short(invoice.id), error)
        finally:
            run.leave()
            self._working -= 1

    async def _steps(self, invoice: Invoice, owner: str, run: Run) -> None:
        """Note what is to be noted, and before anything is done outside store all of it at once."""
        there = moved(invoice, await self._moves.current(invoice.chat_id))
        if there is not invoice:  # before anything is said in its chat
            await self._moves.person(invoice.chat_id, there.chat_id, invoice.seller_id)
            if not await self._records.commit(invoice, there, owner):
                return
            invoice = there
        stored = invoice
        while True:
            try:
                following = self._plan.step(invoice, run)
                if not isinstance(following, Next):
                    place = run.can_place(invoice)
                    if not await self._committed(stored, invoice, owner, place=place):
                        return
                    stored = invoice
                    if place:  # which is stored with whatever follows
                        invoice = revised(invoice, indexed=invoice.bucket)
                    raise_if_cancelled()  # without its lease it must not go one step further
                    following = run.in_time(await following(invoice))
            except (StorageAway, LeaseLost):
                raise
            except Exception:
                # A fault of ours must neither be tried for ever at full speed nor be forgotten.
                log.exception("step of %s failed", short(invoice.id))
                following = wait(invoice, self._clock() + AFTER_A_FAULT)
            if following.pause:
                await self._released(stored, following, owner)
                return
            invoice = following.invoice

    async def _committed(
        self, stored: Invoice, invoice: Invoice, owner: str, *, place: bool
    ) -> bool:
        async def commit() -> bool:
            return await self._records.commit(stored, invoice, owner, place=place)

        return await _persistently(commit, invoice) if place or invoice != stored else True

    async def _released(self, stored: Invoice, following: Next, owner: str) -> bool:
        async def release() -> bool:
            return await self._records.release(stored, following.invoice, owner, following.until)

        return await _persistently(release, following.invoice)

    async def run(self, pulse: Pulse, *, alone: bool) -> None:
        """The scheduler: work on whatever is due, until cancelled.

        `alone`: no other process uses the store, so what the last one had in hand is due at once.
        """
        ahead = timedelta(seconds=4) if alone else timedelta(0)
        while True:
            pulse.beat()
            try:
                if await self._take(self._clock() + ahead):
                    await asyncio.sleep(0)  # there may be more
                    continue
                ahead = timedelta(0)
            except StorageAway as error:
                log.warning("schedule not read: %s", error)
                await asyncio.sleep(1)
            except Exception:  # a loop that ended would leave every promise to chance
                log.exception("schedule not read")
                await asyncio.sleep(1)
            await asyncio.sleep(self._pace.tick.total_seconds())

    async def _take(self, before: datetime) -> bool:
        """Whether so much was due that there may be more."""
        if self._working >= MOST_WORK:
            return False
        owner = self._leases.new_owner()
        taken = await self._records.take_due(
            owner.token, self._clock(), before=before, most=MOST_AT_ONCE
        )
        for invoice in taken:
            work = self.work(invoice, owner, Run())
            self._supervisor.start(work, f"invoice {short(invoice.id)}")
        return len(taken) >= MOST_AT_ONCE


async def _persistently(write: Callable[[], Awaitable[bool]], invoice: Invoice) -> bool:
    """A store that is away is asked again as long as the lease lasts: what was just sent or asked
    for would else be done a second time."""
    while True:
        try:
            return await write()
        except StorageAway as error:
            log.warning("%s is kept until storage is back: %s", short(invoice.id), error)
            await asyncio.sleep(STORE_AGAIN)
