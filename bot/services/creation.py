"""From an intent to exactly one invoice at the provider.

Nothing there is idempotent and there is no look-up by our number, so a create whose ending is not
known (time-out, 5xx, crash) is never repeated blindly: the provider's list is read until the
invoice is found, or two complete readings, apart from each other, show that it is not there.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import (
    NotSent,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderUnauthorized,
    Unsure,
)
from bot.domain.ids import short
from bot.domain.invoice import Invoice, id_in_order
from bot.domain.provider import NewInvoice, ProviderInvoice
from bot.domain.revising import revised
from bot.services.guard import Guard
from bot.services.hint import Hint
from bot.services.outcomes import bounded, created, refused
from bot.services.ports import Clock, Pace, Provider
from bot.services.steps import Next, go_on, wait
from bot.services.walks import Reading, Walks

log = logging.getLogger(__name__)


class Creation:
    """The steps of an invoice that is `creating`, and the watch for late twins."""

    def __init__(
        self,
        provider: Provider,
        guard: Guard,
        walks: Walks,
        hint: Hint,
        pace: Pace,
        clock: Clock,
    ) -> None:
        self._provider = provider
        self._guard = guard
        self._walks = walks
        self._hint = hint
        self._pace = pace
        self._clock = clock
        self.twins_cancelled = 0

    @property
    def has_place(self) -> bool:
        """Whether the provider may be called at once."""
        return not self._guard.full

    async def place(self, invoice: Invoice) -> Guard:
        """Wait until the provider may be called, which is no attempt yet; `leave` it afterwards."""
        if self.has_place:
            await self._guard.enter()
            return self._guard
        entered = False
        try:
            async with self._hint.given(invoice):
                await self._guard.enter()
                entered = True
        except BaseException:  # its lease was lost while the hint was on its way: nobody leaves it
            if entered:
                self._guard.leave()
            raise
        return self._guard

    def announce_attempt(self, invoice: Invoice) -> Next:
        """Note that the provider is about to be called, or give up."""
        now = self._clock()
        if now - invoice.asked_at > self._pace.stale:
            return go_on(refused(invoice, "stale"))
        if invoice.waiting and now - invoice.asked_at > self._pace.unreachable:
            return go_on(refused(invoice, "unreachable"))
        if invoice.retry_at is not None and now < invoice.retry_at:
            return wait(invoice, invoice.retry_at)
        noted = revised(invoice, attempt_at=now, retry_at=None)
        return go_on(noted)

    async def attempt(self, invoice: Invoice) -> Next:
        """Call the provider. `attempt_at` was stored before."""
        async with self._hint.given(invoice):
            return await self._outcome(invoice)

    async def _outcome(self, invoice: Invoice) -> Next:
        try:
            made = await self._provider.create(
                NewInvoice(
                    amount=invoice.amount,
                    currency=invoice.currency,
                    order_id=invoice.order_id,
                    coins=invoice.coins,
                    lifetime=invoice.lifetime,
                    email=invoice.email,
                )
            )
        except NotSent as error:
            log.warning("create %s: provider not reached: %s", short(invoice.id), error)
            return self._later(invoice, self._pace.retry)
        except ProviderBusy as error:
            log.warning("create %s: %s", short(invoice.id), error)
            return self._later(invoice, timedelta(seconds=error.retry_after))
        except ProviderUnauthorized as error:
            log.error(
                "create %s: the provider refuses our key or shop: %s", short(invoice.id), error
            )
            return go_on(refused(invoice, "unauthorized"))
        except ProviderRefused as error:
            log.info("create %s: refused: %s", short(invoice.id), error)
            words = "; ".join(error.reasons.values())
            return go_on(refused(invoice, f"provider:{bounded(words)}"))
        except Unsure as error:
            log.warning("create %s: ending unknown: %s", short(invoice.id), error)
            return self.unsure(invoice)
        return go_on(created(invoice, made, self._clock()))

    def unsure(self, invoice: Invoice) -> Next:
        """The attempt has ended and nobody knows how; from now on look for it."""
        return go_on(revised(invoice, attempt_ended=self._clock(), waiting=False))

    def _later(self, invoice: Invoice, after: timedelta) -> Next:
        """Nothing happened there: as if it had not been attempted. First the seller is told."""
        now = self._clock()
        given_up = max(invoice.asked_at + self._pace.unreachable, now + self._pace.retry)
        return go_on(
            revised(
                invoice,
                attempt_at=None,
                waiting=True,
                retry_at=min(now + after, given_up),
            )
        )

    async def look(self, invoice: Invoice) -> Next:
        """Look for an attempt of unknown ending in the provider's list."""
        ended = invoice.attempt_ended
        assert ended is not None  # noqa: S101 - the caller's condition
        now = self._clock()
        if now < ended + self._pace.first_look:
            return wait(invoice, ended + self._pace.first_look)
        try:
            reading = await self._read(invoice)
            mine = _ours(reading, invoice)
            if mine:
                found = await self._with_link(mine[0])
                log.info("create %s: found as %s", short(invoice.id), found.uuid)
                return go_on(created(invoice, found, now, self._twins(invoice, mine)))
        except ProviderError as error:
            log.warning("looking for %s: %s", short(invoice.id), error)
            return wait(invoice, self._clock() + self._pace.retry)
        return self._absent(invoice, reading, ended)

    def _absent(self, invoice: Invoice, reading: Reading, ended: datetime) -> Next:
        """Not in this reading. Is that proof?"""
        first = invoice.absent_since
        proof_from = (
            ended + self._pace.first_walk if first is None else first + self._pace.second_walk
        )
        now = self._clock()
        if not reading.walk.complete or reading.begun < proof_from:
            since = max(now - ended, self._pace.first_look)
            soon = now + min(since, self._pace.longest_look)
            return wait(invoice, min(soon, max(proof_from, now + self._pace.first_look)))
        if first is None:
            return wait(
                revised(invoice, absent_since=reading.begun),
                reading.begun + self._pace.second_walk,
            )
        log.warning("create %s: surely not there, creating again", short(invoice.id))
        return go_on(
            revised(
                invoice,
                attempt_at=None,
                attempt_ended=None,
                absent_since=None,
                twins_until=now + self._pace.twins,
            )
        )

    async def cancel_twins(self, invoice: Invoice) -> Next:
        """Cancel what an attempt that was given up made after all; nobody has its link."""
        now = self._clock()
        until = invoice.twins_until
        assert until is not None  # noqa: S101 - the caller's condition
        if now >= until:
            return go_on(revised(invoice, twins_until=None))
        try:
            for twin in _ours(await self._read(invoice), invoice):
                if twin.uuid != invoice.uuid and twin.status == "created":
                    await self._provider.cancel(twin.uuid)
                    self.twins_cancelled += 1
                    log.warning("late twin %s of %s cancelled", twin.uuid, short(invoice.id))
        except ProviderError as error:
            log.warning("looking for twins of %s: %s", short(invoice.id), error)
            return wait(invoice, now + self._pace.retry)
        return wait(invoice, min(until, now + self._pace.twin_look))

    async def _read(self, invoice: Invoice) -> Reading:
        """A reading of all days in which it can have been made, the clocks not being equal."""
        skew = timedelta(hours=2)
        return await self._walks.reading(
            (invoice.asked_at - skew).date(), (self._clock() + skew).date()
        )

    def _twins(self, invoice: Invoice, found: list[ProviderInvoice]) -> datetime | None:
        if len(found) > 1:
            return self._clock() + self._pace.twins
        return invoice.twins_until

    async def _with_link(self, found: ProviderInvoice) -> ProviderInvoice:
        """The list may leave out the link."""
        if found.link:
            return found
        for told in await self._provider.info([found.uuid]):
            if told.uuid == found.uuid and told.link:
                return replace(told, order_id=found.order_id)
        raise Unsure(f"{found.uuid} has no link yet")


def _ours(reading: Reading, invoice: Invoice) -> list[ProviderInvoice]:
    """What carries our id, the oldest first: that is the one to keep."""
    found = [told for told in reading.walk.invoices if id_in_order(told.order_id) == invoice.id]
    return sorted(found, key=lambda told: (told.created is None, told.created, told.uuid))
