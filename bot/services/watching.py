"""After its creation: what the provider tells of an invoice, and what its seller wants done."""

import asyncio
import logging
from datetime import datetime

from bot.domain.errors import ProviderError, ProviderRefused, ProviderUnauthorized
from bot.domain.ids import short
from bot.domain.invoice import Invoice, Stale, Status, Wish
from bot.domain.progress import progressed
from bot.domain.revising import revised
from bot.services.asker import Asker
from bot.services.ports import Clock, InvoiceRecords, Pace, Provider
from bot.services.schedule import can_change, next_look
from bot.services.steps import Next, go_on, wait

log = logging.getLogger(__name__)


class Watching:
    """The steps of an invoice that was created."""

    def __init__(
        self,
        records: InvoiceRecords,
        provider: Provider,
        asker: Asker,
        pace: Pace,
        clock: Clock,
    ) -> None:
        self._records = records
        self._provider = provider
        self._asker = asker
        self._pace = pace
        self._clock = clock

    async def details(self, invoice: Invoice) -> Next:
        """Ask once what is to be paid in the chosen coin; the card can do without."""
        asked = revised(invoice, detailed=True)
        try:
            async with asyncio.timeout(self._pace.retry.total_seconds()):
                told = await self._asker.ask(invoice.uuid, urgent=True)
        except (ProviderError, TimeoutError) as error:
            log.info("details of %s: %s", short(invoice.id), error)
            return go_on(asked)
        if told is None:
            return go_on(asked)
        known = progressed(asked, told, self._clock())
        # No card is behind: this is asked before there is one.
        return go_on(revised(known, detailed=known.amount_to_pay is None, stale=invoice.stale))

    async def fulfil(self, invoice: Invoice) -> Next:
        """Do what the hint wishes, before anything else is looked at, and then look.

        Only the look fulfils the hint: a wish to look may have come into it.
        """
        if not invoice.uuid:
            return go_on(revised(invoice, hint=""))
        acceptable = invoice.status in (Status.SHORT, Status.LATE) and not invoice.accepted
        if invoice.wish is Wish.ACCEPT and acceptable:
            return go_on(revised(invoice, accepted=True, stale=Stale.OTHERS))
        if invoice.wish is Wish.REST and invoice.rest != invoice.wish_about:
            return go_on(revised(invoice, rest=invoice.wish_about, stale=Stale.ALL))
        if invoice.wish is Wish.CANCEL and invoice.status is Status.CREATED:
            return await self._cancel(invoice)
        return await self.look(invoice, urgent=True)

    async def _cancel(self, invoice: Invoice) -> Next:
        """At the provider first. What it refuses to cancel was paid or has ended: then look."""
        try:
            await self._provider.cancel(invoice.uuid)
        except ProviderUnauthorized as error:
            log.error("cancel %s: the provider refuses our key: %s", short(invoice.id), error)
            return wait(invoice, self._clock() + self._pace.longest_rest)
        except ProviderRefused as error:
            log.info("cancel %s: %s", short(invoice.id), error)
            return await self.look(invoice, urgent=True)
        except ProviderError as error:
            log.warning("cancel %s: %s", short(invoice.id), error)
            return wait(invoice, self._clock() + self._pace.retry)
        return go_on(
            revised(
                invoice,
                status=Status.CANCELLED,
                since=self._clock(),
                stale=Stale.OTHERS,
            )
        )

    def is_due(self, invoice: Invoice) -> bool:
        """Whether the provider should be asked now, rather than some time after the creation."""
        young = invoice.since is not None and self._clock() < invoice.since + self._pace.look / 2
        # Also after its late window: what kept us from the last look must not hide a payment.
        return can_change(invoice) and not young

    async def look(self, invoice: Invoice, *, urgent: bool) -> Next:
        """Ask the provider, which fulfils any hint. What it does not answer changes nothing."""
        rest = self._asker.resting_until
        if rest is not None and not urgent:
            return self._later(invoice, rest)
        try:
            told = await self._asker.ask(invoice.uuid, urgent=urgent)
        except ProviderError as error:
            log.info("look at %s: %s", short(invoice.id), error)
            return self._later(invoice, self._asker.resting_until)
        if told is None:
            log.warning("%s is not known to the provider", short(invoice.id))
            return go_on(revised(invoice, hint=""))
        return go_on(revised(progressed(invoice, told, self._clock()), hint=""))

    def _later(self, invoice: Invoice, rest: datetime | None) -> Next:
        return wait(invoice, max(rest or self._clock(), self._clock() + self._pace.retry))

    def rest(self, invoice: Invoice, also: datetime | None = None) -> Next:
        """Nothing to do now: come again when something can be, or at `also`."""
        if invoice.bucket is not invoice.indexed:
            return wait(invoice, self._clock() + self._pace.retry)
        moments = (next_look(invoice, self._clock(), self._pace), self.reminder_at(invoice), also)
        until = min((moment for moment in moments if moment is not None), default=None)
        return wait(invoice, until)

    async def tell_rest(self, invoice: Invoice) -> bool:
        """Have the invoice whose rest this one asks for name it. False when that is not possible
        yet. Raises `StorageAway`."""
        of = invoice.rest_of
        if of is None:
            return True
        return await self._records.wish(of.id, Wish.REST, self._clock(), invoice.uuid)

    def reminder_at(self, invoice: Invoice) -> datetime | None:
        """When its reminder is due; None when it has none (any more)."""
        if not invoice.is_open or invoice.remind is None or invoice.reminded:
            return None
        if invoice.expires is None or self._clock() >= invoice.expires:
            return None
        return invoice.expires - invoice.remind
