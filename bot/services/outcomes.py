"""What becomes of a record when its creation has ended."""

from datetime import datetime
from typing import Final

from bot.domain.invoice import Invoice, Status
from bot.domain.provider import ProviderInvoice
from bot.domain.revising import revised

LONGEST_WORDS: Final = 200  # bytes of the provider's words that are kept: records stay small


def bounded(words: str) -> str:
    """As much as is kept, cut at a whole character."""
    return words.encode()[:LONGEST_WORDS].decode(errors="ignore")


def refused(invoice: Invoice, why: str) -> Invoice:
    """The invoice that will not be; `why` is a kind, and behind a colon the provider's words."""
    return revised(
        invoice,
        status=Status.REFUSED,
        refusal=why,
        attempt_at=None,
        attempt_ended=None,
        waiting=False,
        retry_at=None,
    )


def created(
    invoice: Invoice, made: ProviderInvoice, at: datetime, twins_until: datetime | None = None
) -> Invoice:
    """The invoice with what the provider tells of it, learned `at`."""
    return revised(
        invoice,
        status=Status.CREATED,
        uuid=made.uuid,
        link=made.link,
        address=made.address or "",
        coin=made.coin or "",
        amount_to_pay=made.amount_to_pay,
        since=at,
        expires=made.expires,
        project=bounded(made.project or ""),
        test_mode=made.test_mode,
        attempt_at=None,
        attempt_ended=None,
        absent_since=None,
        waiting=False,
        twins_until=twins_until or invoice.twins_until,
    )
