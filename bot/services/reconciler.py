"""Takes an invoice forward, whichever step is next. The record alone says which that is.

Handlers hand over what they just wrote; the scheduler hands over what is due because a crash, a
time-out or a flood limit left it. There is no other mechanism.
"""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.domain.errors import ProviderError, StorageAway
from bot.domain.ids import short
from bot.domain.invoice import Face, Invoice, Status
from bot.services.creation import Creation
from bot.services.leases import LeaseLost, Leases, Owner
from bot.services.ports import Clock, InvoiceRecords, Pace, Provider
from bot.services.showing import Showing
from bot.services.steps import Next, go_on, wait
from bot.services.supervisor import Supervisor, raise_if_cancelled

log = logging.getLogger(__name__)

MOST_AT_ONCE = 8  # due invoices taken from each of the 16 shards in one look
MOST_WORK = 256  # invoices in work, beyond which nothing more is taken from the schedule
AFTER_A_FAULT = timedelta(seconds=30)


class _Armed(Enum):
    """What this very run has noted in the record and may therefore do."""

    NOTHING = auto()
    CREATE = auto()
    SEND = auto()


class Reconciler:
    """One step after another for one invoice, each stored before the next."""

    def __init__(
        self,
        records: InvoiceRecords,
        provider: Provider,
        creation: Creation,
        showing: Showing,
        leases: Leases,
        supervisor: Supervisor,
        pace: Pace,
        clock: Clock,
    ) -> None:
        self._records = records
        self._provider = provider
        self._creation = creation
        self._showing = showing
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

    async def advance(self, invoice_id: str) -> None:
        """Take it as far as it goes now, unless somebody is at it."""
        owner = self._leases.new_owner()
        invoice = await self._records.lease(invoice_id, owner.token, self._clock())
        if invoice is not None:
            await self.work(invoice, owner)

    async def work(self, invoice: Invoice, owner: Owner) -> None:
        """Take a leased invoice as far as it goes now."""
        self._working += 1
        try:
            async with self._leases.kept(invoice.id, owner):
                await self._steps(invoice, owner.token)
        except LeaseLost:
            log.warning("lease of %s lost, work stopped", short(invoice.id))
        except StorageAway as error:
            log.warning("%s waits for storage: %s", short(invoice.id), error)
        finally:
            self._working -= 1

    async def _steps(self, invoice: Invoice, owner: str) -> None:
        armed = _Armed.NOTHING
        while True:
            raise_if_cancelled()  # without its lease it must not go one step further
            try:
                following, armed = await self._step(invoice, armed)
            except (StorageAway, LeaseLost):
                raise
            except Exception:
                # A fault of ours must neither be tried for ever at full speed nor be forgotten.
                log.exception("step of %s failed", short(invoice.id))
                following, armed = wait(invoice, self._clock() + AFTER_A_FAULT), _Armed.NOTHING
            then = following.invoice
            if following.pause:
                kept = await self._records.release(invoice, then, owner, following.until)
            else:
                kept = await self._records.commit(invoice, then, owner)
            if following.pause or not kept:
                return
            invoice = then

    async def _step(self, invoice: Invoice, armed: _Armed) -> tuple[Next, _Armed]:
        nothing = _Armed.NOTHING
        if armed is _Armed.CREATE:
            return await self._creation.attempt(invoice), nothing
        if armed is _Armed.SEND:
            return await self._showing.send(invoice), nothing
        if invoice.status is Status.CREATING and invoice.attempt_at and not invoice.attempt_ended:
            return self._creation.unsure(invoice), nothing  # the process died in the call
        if _wants_details(invoice):
            return await self._details(invoice), nothing
        if invoice.face not in (Face.NONE, invoice.announced):
            if not self._showing.sends(invoice):
                return await self._showing.edit(invoice), nothing
            return await self._show_new(invoice)
        if invoice.status is Status.CREATING:
            if invoice.attempt_at is not None:
                return await self._creation.look(invoice), nothing
            noted = self._creation.announce_attempt(invoice)
            return noted, _Armed.CREATE if noted.invoice.attempt_at else nothing
        if invoice.twins_until is not None:
            return await self._creation.cancel_twins(invoice), nothing
        return wait(invoice, None), nothing

    async def _show_new(self, invoice: Invoice) -> tuple[Next, _Armed]:
        if invoice.cards:
            edited = await self._showing.edit(invoice)
            if edited.pause or not edited.invoice.cards:
                return edited, _Armed.NOTHING
        noted = self._showing.announce_send(invoice)
        return noted, _Armed.SEND if noted.invoice.showing else _Armed.NOTHING

    async def _details(self, invoice: Invoice) -> Next:
        """Ask once what is to be paid in the chosen coin; the card can do without."""
        asked = replace(invoice, detailed=True)
        try:
            async with asyncio.timeout(self._pace.retry.total_seconds()):
                told = await self._provider.info([invoice.uuid])
        except (ProviderError, TimeoutError) as error:
            log.info("details of %s: %s", short(invoice.id), error)
            return go_on(asked)
        for one in told:
            if one.uuid == invoice.uuid and one.address:
                return go_on(
                    replace(
                        asked,
                        address=one.address,
                        coin=one.coin or invoice.coin,
                        amount_to_pay=one.amount_to_pay,
                    )
                )
        return go_on(asked)

    async def run(self, *, alone: bool) -> None:
        """The scheduler: work on whatever is due, until cancelled.

        `alone`: no other process uses the store, so what the last one had in hand is due at once.
        """
        ahead = timedelta(seconds=4) if alone else timedelta(0)
        while True:
            try:
                await self._take(self._clock() + ahead)
                ahead = timedelta(0)
            except StorageAway as error:
                log.warning("schedule not read: %s", error)
                await asyncio.sleep(1)
            except Exception:  # a loop that ended would leave every promise to chance
                log.exception("schedule not read")
                await asyncio.sleep(1)
            await asyncio.sleep(self._pace.tick.total_seconds())

    async def _take(self, before: datetime) -> None:
        if self._working >= MOST_WORK:
            return
        owner = self._leases.new_owner()
        taken = await self._records.take_due(
            owner.token, self._clock(), before=before, most=MOST_AT_ONCE
        )
        for invoice in taken:
            self._supervisor.start(self.work(invoice, owner), f"invoice {short(invoice.id)}")


def _wants_details(invoice: Invoice) -> bool:
    return (
        invoice.status is Status.CREATED
        and len(invoice.coins) == 1
        and not invoice.detailed
        and invoice.amount_to_pay is None
    )
