"""What people do with an invoice that exists: find it, look again, cancel it, accept it."""

import asyncio
from datetime import timedelta
from decimal import Decimal

from bot.domain import ids
from bot.domain.audit import Deed, Entry, of_update
from bot.domain.drafts import Draft, settled
from bot.domain.ids import short
from bot.domain.invoice import Invoice, RestOf, Status, Wish
from bot.domain.moved import moved
from bot.domain.progress import fiat
from bot.services.ports import Clock, InvoiceRecords, Moves
from bot.services.reconciler import Reconciler
from bot.services.supervisor import Supervisor

PATIENCE = timedelta(seconds=3)  # of somebody who tapped a button, until the first answer
_DEEDS = {Wish.CANCEL: Deed.CANCEL, Wish.ACCEPT: Deed.ACCEPT}  # what the audit trail tells
MOST_ATTEMPTS = 8  # at an invoice for the rest, when the provider refuses them


class Following:
    """All methods raise `StorageAway`. Rights are the caller's business: see `domain/rights`."""

    def __init__(
        self,
        records: InvoiceRecords,
        moves: Moves,
        reconciler: Reconciler,
        supervisor: Supervisor,
        clock: Clock,
        *,
        key: bytes,
    ) -> None:
        self._records = records
        self._moves = moves
        self._reconciler = reconciler
        self._supervisor = supervisor
        self._clock = clock
        self._key = key

    async def find(self, invoice_id: str) -> Invoice | None:
        """The invoice of an id. None while it is being made, and for what is no id of ours."""
        if not ids.is_id(invoice_id):
            return None
        invoice = await self._records.get(invoice_id)
        if invoice is None or invoice.status is Status.CREATING:
            return None
        return moved(invoice, await self._moves.current(invoice.chat_id))

    async def note(self, invoice: Invoice, wish: Wish, *, by: int, update_id: int) -> bool:
        """Store a wish, which is then fulfilled whatever happens, and who had it. False: another
        one waits, so this one was not taken."""
        now, deed = self._clock(), _DEEDS.get(wish)
        entry = Entry(of_update(update_id), deed, by, now, invoice=invoice.id) if deed else None
        return await self._records.wish(invoice.id, wish, now, entry=entry)

    async def outcome(self, invoice: Invoice) -> Invoice:
        """Work on what was wished, and give the record when that was done or `PATIENCE` is over:
        then its `hint` still says so."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE.total_seconds()
        work = self._supervisor.start(self._reconciler.advance(invoice.id), short(invoice.id))
        await asyncio.wait({work}, timeout=PATIENCE.total_seconds())
        now = await self._records.get(invoice.id)
        while now is not None and now.hint and loop.time() < deadline:
            await asyncio.sleep(0.1)  # somebody else is at it
            now = await self._records.get(invoice.id)
        return now or invoice

    def again(self, invoice: Invoice) -> Draft:
        """A new draft that asks for the same."""
        return settled(
            Draft(
                id=ids.invoice_id(self._key, "draft", ids.new_nonce()),
                amounts=(invoice.amount,),
                currencies=(invoice.currency,),
                coins=invoice.coins,
                lifetime=invoice.lifetime,
                order=invoice.order,
                email=invoice.email,
                description=invoice.description,
            )
        )

    async def rest(self, invoice: Invoice) -> Draft | Invoice:
        """A draft that asks for what is missing, or the invoice that does so already: once.

        Its id follows from the old one's, so that two summaries make one invoice. The amount is
        left open where the provider does not tell enough to say it.
        """
        for attempt in range(MOST_ATTEMPTS):
            rest_id = ids.invoice_id(self._key, "rest", invoice.id, attempt)
            known = await self._records.get(rest_id)
            if known is None:
                break
            if known.status is not Status.REFUSED:
                return known
        missing = _missing(invoice)
        return settled(
            Draft(
                id=rest_id,
                amounts=(missing,) if missing else (),
                currencies=(invoice.currency,),
                coins=(invoice.coin,) if invoice.coin else invoice.coins,
                lifetime=invoice.lifetime,
                order=invoice.order,
                email=invoice.email,
                description=invoice.description,
                rest_of=RestOf(invoice.id, invoice.uuid),
            )
        )


def _missing(invoice: Invoice) -> Decimal | None:
    worth = fiat(invoice, invoice.paid)
    if worth is None or not 0 < worth < invoice.amount:
        return None
    return invoice.amount - worth
