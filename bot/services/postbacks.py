"""What a verified notification leads to: the invoice is asked about, and the answer counts."""

import logging

from bot.domain import ids
from bot.domain.errors import ProviderError
from bot.domain.ids import short
from bot.domain.invoice import Invoice, Wish, id_in_order
from bot.domain.provider import Postback
from bot.services.asker import Asker
from bot.services.ports import Clock, InvoiceRecords
from bot.services.reconciler import Reconciler
from bot.services.supervisor import Supervisor

log = logging.getLogger(__name__)


class Postbacks:
    """`taken` counts those of our invoices, `foreign` those of other systems' on the project."""

    def __init__(
        self,
        records: InvoiceRecords,
        asker: Asker,
        reconciler: Reconciler,
        supervisor: Supervisor,
        clock: Clock,
    ) -> None:
        self._records = records
        self._asker = asker
        self._reconciler = reconciler
        self._supervisor = supervisor
        self._clock = clock
        self.taken = 0
        self.foreign = 0

    async def take(self, postback: Postback) -> None:
        """Store that the invoice is due now, and begin.

        Raises `StorageAway` or `ProviderError`: then it was not taken and must be sent again.
        """
        invoice = await self._find(postback.uuid, postback.order_id)
        if invoice is None:
            self.foreign += 1
            log.info("postback for %s, which is not ours", postback.uuid)
            return
        await self._records.wish(invoice.id, Wish.LOOK, self._clock())
        self.taken += 1
        log.info("postback for %s", short(invoice.id))
        name = f"postback {short(invoice.id)}"
        self._supervisor.start(self._reconciler.advance(invoice.id), name)

    async def _find(self, uuid: str, order_id: str) -> Invoice | None:
        """Ours has this very uuid; where the body misleads, the provider knows the order."""
        invoice = await self._get(order_id)
        if invoice is not None and invoice.uuid == uuid:
            return invoice
        try:
            told = await self._asker.ask(uuid, urgent=True)
        except ProviderError as error:
            log.warning("postback for %s: %s", uuid, error)
            raise
        invoice = await self._get(told.order_id or "") if told is not None else None
        # One whose creation is not answered yet has no uuid: the provider's word names it.
        return invoice if invoice is not None and invoice.uuid in ("", uuid) else None

    async def _get(self, order_id: str) -> Invoice | None:
        invoice_id = id_in_order(order_id)
        return await self._records.get(invoice_id) if ids.is_id(invoice_id) else None
