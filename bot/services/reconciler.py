"""Takes an invoice forward, whichever step is next. The record alone says which that is.

Handlers hand over what they just wrote; the scheduler hands over what is due because a crash, a
time-out or a flood limit left it. There is no other mechanism.
"""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import StorageAway
from bot.domain.ids import short
from bot.domain.invoice import Invoice, Status
from bot.domain.moved import moved
from bot.services.creation import Creation
from bot.services.health import Pulse
from bot.services.leases import LeaseLost, Leases, Owner
from bot.services.ports import Clock, InvoiceRecords, Moves, Pace
from bot.services.run import Armed, Run
from bot.services.showing import Showing
from bot.services.steps import Next, go_on, wait
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
        self._creation = creation
        self._watching = watching
        self._showing = showing
        self._moves = moves
        self._leases = leases
        self._supervisor = supervisor
        self._pace = pace
        self._clock = clock
        self._working = 0

    async def issue(self, invoice: Invoice) -> bool:
        """Store the intent and begin. False when the same was asked for before.

        Raises `StorageAway`: then nothing was asked for.
        """
        owner = self._leases.new_owner()
        new = await self._records.write_intent(invoice, owner.token, self._clock())
        if new:
            self._supervisor.start(self.work(invoice, owner), f"invoice {short(invoice.id)}")
        else:
            self._supervisor.start(self.advance(invoice.id), f"invoice {short(invoice.id)}")
        return new

    async def advance(self, invoice_id: str, *, look: bool = True) -> None:
        """Take it as far as it goes now, unless somebody is at it. `look`: the provider may be
        asked about it."""
        owner = self._leases.new_owner()
        invoice = await self._records.lease(invoice_id, owner.token, self._clock())
        if invoice is not None:
            await self.work(invoice, owner, look=look)

    async def work(self, invoice: Invoice, owner: Owner, *, look: bool = True) -> None:
        """Take a leased invoice as far as it goes now."""
        self._working += 1
        run = Run(looked=not look)
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
        there = moved(invoice, await self._moves.current(invoice.chat_id))
        if there is not invoice:  # before anything is said in its chat
            await self._moves.person(invoice.chat_id, there.chat_id, invoice.seller_id)
            if not await self._records.commit(invoice, there, owner):
                return
            invoice = there
        while True:
            raise_if_cancelled()  # without its lease it must not go one step further
            try:
                following = await self._step(invoice, run)
            except (StorageAway, LeaseLost):
                raise
            except Exception:
                # A fault of ours must neither be tried for ever at full speed nor be forgotten.
                log.exception("step of %s failed", short(invoice.id))
                following = wait(invoice, self._clock() + AFTER_A_FAULT)
            if not await self._stored(invoice, following, owner) or following.pause:
                return
            invoice = following.invoice

    async def _stored(self, invoice: Invoice, following: Next, owner: str) -> bool:
        """Store what a step led to. A store that is away is asked again as long as the lease lasts:
        what was just sent or asked for would else be done a second time."""
        then = following.invoice
        while True:
            try:
                if following.pause:
                    return await self._records.release(invoice, then, owner, following.until)
                return then == invoice or await self._records.commit(invoice, then, owner)
            except StorageAway as error:
                log.warning("%s is kept until storage is back: %s", short(invoice.id), error)
                await asyncio.sleep(STORE_AGAIN)

    async def _step(self, invoice: Invoice, run: Run) -> Next:
        armed, run.armed = run.armed, Armed.NOTHING
        if armed is Armed.CREATE:
            return await self._attempt(invoice, run)
        if armed is Armed.SEND:
            return await self._showing.send(invoice)
        if armed is Armed.REMIND:
            return await self._showing.remind(invoice)
        if invoice.status is Status.CREATING and invoice.attempt_at and not invoice.attempt_ended:
            return self._creation.unsure(invoice)  # the process died in the call
        if _wants_details(invoice):
            return await self._watching.details(invoice)
        # Before the card: who reads it may look it up at once. Stored with whatever follows.
        invoice = await self._watching.placed(invoice)
        if self._showing.is_behind(invoice):
            if not self._showing.sends(invoice):
                return await self._showing.edit(invoice)
            return await self._show_new(invoice, run)
        if invoice.status is Status.CREATING:
            return await self._create(invoice, run)
        return await self._live(invoice, run)

    async def _create(self, invoice: Invoice, run: Run) -> Next:
        if invoice.attempt_at is not None:
            return await self._creation.look(invoice)
        run.place = await self._creation.place(invoice)
        noted = self._creation.announce_attempt(invoice)
        if noted.invoice.attempt_at:
            run.armed = Armed.CREATE
        else:
            run.leave()
        return noted

    async def _attempt(self, invoice: Invoice, run: Run) -> Next:
        try:
            return await self._creation.attempt(invoice)
        finally:
            run.leave()

    async def _show_new(self, invoice: Invoice, run: Run) -> Next:
        if invoice.cards:
            edited = await self._showing.edit(invoice)
            if edited.pause or not edited.invoice.cards:
                return edited
        noted = self._showing.announce_send(invoice)
        run.armed = Armed.SEND if noted.invoice.showing else Armed.NOTHING
        return noted

    async def _live(self, invoice: Invoice, run: Run) -> Next:
        """It was created, or never will be, and everybody was told."""
        if invoice.stale and not run.others_edited:
            run.others_edited = True
            return run.later(await self._showing.edit_others(invoice))
        if invoice.hint:
            run.looked = True
            return await self._watching.fulfil(invoice)
        reminder = self._watching.reminder_at(invoice)
        if reminder is not None and self._clock() >= reminder:
            run.armed = Armed.REMIND
            return go_on(replace(invoice, reminded=True))
        if not run.looked and self._watching.is_due(invoice):
            run.looked = True
            return await self._watching.look(invoice, urgent=False)
        if invoice.twins_until is not None and not run.twins_looked:
            run.twins_looked = True
            return run.later(await self._creation.cancel_twins(invoice))
        return await self._watching.rest(invoice, run.also_at)

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
            self._supervisor.start(self.work(invoice, owner), f"invoice {short(invoice.id)}")
        return len(taken) >= MOST_AT_ONCE


def _wants_details(invoice: Invoice) -> bool:
    return (
        invoice.status is Status.CREATED
        and len(invoice.coins) == 1
        and not invoice.detailed
        and invoice.amount_to_pay is None
    )
