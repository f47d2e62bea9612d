"""What an answer of the provider makes of an invoice. Nothing here talks to anybody.

Facts of the provider (its API notes): `created` leads to `paid`, `partial`, `overpaid` or
`canceled`; `partial` may be topped up until expiry; `canceled` is both expired and cancelled by the
merchant, and money that comes after it changes only what was received.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from bot.domain.amounts import MAX_DIGITS
from bot.domain.currencies import minor_units
from bot.domain.ids import short
from bot.domain.invoice import TRANSITIONS, Invoice, Stale, Status, Wish
from bot.domain.provider import ProviderInvoice
from bot.domain.revising import revised

log = logging.getLogger(__name__)

CLOCKS_DIFFER: Final = timedelta(minutes=1)  # between ours and the provider's

_ZERO: Final = Decimal(0)
_PAYMENTS: Final = {
    "partial": Status.PARTIAL,
    "paid": Status.PAID,
    "overpaid": Status.OVERPAID,
}
_ENDS: Final = frozenset({"canceled", "cancelled", "expired"})
_ENDED: Final = frozenset({Status.EXPIRED, Status.CANCELLED, Status.SHORT})


def progressed(invoice: Invoice, told: ProviderInvoice, now: datetime) -> Invoice:
    """The record after `told`, an answer about this very invoice.

    Never backwards: an answer that is older than what is known, or a status nobody here knows,
    leaves status and money as they are.
    """
    told, invoice = _of_one_coin(told, invoice)
    paid = _more(invoice.paid, _money(told))
    status = _status(invoice, told, paid, now)
    if status is not invoice.status and status not in TRANSITIONS[invoice.status]:
        log.warning("%s is %s, not %s", short(invoice.id), invoice.status, told.status)
        status = invoice.status
    known = told.status in ("created", *_PAYMENTS, *_ENDS)
    if not known and told.status != invoice.word:
        log.warning("%s has a status that is not known: %s", short(invoice.id), told.status)
    grown = (paid or _ZERO) > (invoice.paid or _ZERO)
    changed = status is not invoice.status
    after = revised(
        invoice,
        status=status,
        since=now if changed else invoice.since,
        paid=paid,
        received=_more(invoice.received, told.received) if paid else None,
        fees=_fees(told) if paid else invoice.fees,
        remaining=_remaining(told, paid) if status is Status.PARTIAL else invoice.remaining,
        coin=told.coin or invoice.coin,
        address=told.address or invoice.address,
        amount_to_pay=told.amount_to_pay or invoice.amount_to_pay,
        expires=told.expires or invoice.expires,
        word="" if known else told.status,
        # Money on what was closed here opens the question again.
        accepted=invoice.accepted and not grown,
    )
    if after == invoice:
        return invoice
    return revised(after, stale=_stale(invoice, after))


def _of_one_coin(told: ProviderInvoice, invoice: Invoice) -> tuple[ProviderInvoice, Invoice]:
    """Amounts of two coins are never mixed. Until there is money the payer may choose another one:
    then what was to be paid in the former is forgotten. Afterwards its coin stays."""
    if not told.coin or not invoice.coin or told.coin == invoice.coin:
        return told, invoice
    if invoice.paid:
        log.warning("%s is paid in %s, not %s", short(invoice.id), invoice.coin, told.coin)
        return _without_amounts(told), invoice
    return told, revised(invoice, address="", amount_to_pay=None, remaining=None)


def _without_amounts(told: ProviderInvoice) -> ProviderInvoice:
    return replace(
        told,
        coin=None,
        address=None,
        amount_to_pay=None,
        amount_paid=None,
        to_surcharge=None,
        received=None,
        fee=None,
        service_fee=None,
    )


def _status(invoice: Invoice, told: ProviderInvoice, paid: Decimal | None, now: datetime) -> Status:
    grown = (paid or _ZERO) > (invoice.paid or _ZERO)
    expires = told.expires or invoice.expires
    over = expires is not None and now >= expires + CLOCKS_DIFFER
    if invoice.status in _ENDED:
        late = grown or (told.status in _PAYMENTS and invoice.status is not Status.SHORT)
        won = told.status in ("paid", "overpaid")
        return Status.LATE if late or won else invoice.status
    if told.status == "partial":
        return Status.SHORT if over else Status.PARTIAL
    if told.status in _PAYMENTS:
        return _PAYMENTS[told.status]
    if told.status in _ENDS:
        return _ended(invoice, expires, grown=grown, now=now)
    return invoice.status


def _ended(invoice: Invoice, expires: datetime | None, *, grown: bool, now: datetime) -> Status:
    """The provider says `canceled`. Which end was that?"""
    if invoice.status is Status.PARTIAL:
        return Status.SHORT
    if invoice.status is not Status.CREATED:
        return invoice.status
    if grown:
        return Status.LATE
    ours = invoice.wish is Wish.CANCEL
    in_time = expires is None or now < expires - CLOCKS_DIFFER
    return Status.CANCELLED if ours or in_time else Status.EXPIRED


def _money(told: ProviderInvoice) -> Decimal | None:
    """What the payer sent; None while that is nothing."""
    return told.amount_paid or told.received or None


def _more(known: Decimal | None, told: Decimal | None) -> Decimal | None:
    """Never less than what is known: an answer may be older than another."""
    return max(known or _ZERO, told or _ZERO) or None


def _fees(told: ProviderInvoice) -> Decimal | None:
    if told.fee is None and told.service_fee is None:
        return None
    return (told.fee or _ZERO) + (told.service_fee or _ZERO)


def _remaining(told: ProviderInvoice, paid: Decimal | None) -> Decimal | None:
    """What is still to be sent: rather too much than too little, unknown rather than guessed."""
    if told.amount_to_pay is None:
        return told.to_surcharge or None
    left = told.amount_to_pay - (paid or _ZERO)
    return max(left, told.to_surcharge or _ZERO, _ZERO) or None


def _stale(before: Invoice, after: Invoice) -> Stale:
    """Which cards the change leaves behind."""
    if after.face is not before.face or after.paid != before.paid:
        return Stale.ALL if before.stale is Stale.ALL else Stale.OTHERS
    return Stale.ALL if _seen(after) != _seen(before) else before.stale


def _seen(invoice: Invoice) -> tuple[object, ...]:
    """What a card shows beside its face and the money."""
    return (
        invoice.coin,
        invoice.address,
        invoice.amount_to_pay,
        invoice.remaining,
        invoice.expires,
        invoice.word,
    )


def fiat(invoice: Invoice, amount: Decimal | None) -> Decimal | None:
    """About how much of the invoice's currency an `amount` of its coin is worth, by what the
    provider asked for it. Always to be shown with an ≈. None where that cannot be said."""
    if amount is None or not invoice.amount_to_pay:
        return None
    worth = invoice.amount * amount / invoice.amount_to_pay
    if worth.adjusted() >= MAX_DIGITS - minor_units(invoice.currency):
        return None
    return worth.quantize(Decimal(1).scaleb(-minor_units(invoice.currency))) or None
