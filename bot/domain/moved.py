"""Groups that became supergroups, which have other ids."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.invoice import Bucket, Invoice
from bot.domain.revising import revised


@dataclass(frozen=True, slots=True)
class Move:
    """The group `old` became the supergroup `new`; noted at `since`."""

    old: int
    new: int
    since: datetime


def moved(invoice: Invoice, chat_id: int) -> Invoice:
    """The invoice in its chat as it is now; the same object where nothing has changed.

    Messages stay behind and cannot be reached any more, so its next news makes a new card.
    """
    if chat_id == invoice.chat_id:
        return invoice
    return revised(
        invoice,
        chat_id=chat_id,
        thread_id=None,
        reply_to=None,
        cards=tuple(card for card in invoice.cards if card.chat_id != invoice.chat_id),
        indexed=Bucket.NONE,
    )
