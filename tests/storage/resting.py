"""An open invoice that nobody works on, and when."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.domain.invoice import Invoice, Status

AT = datetime(2026, 1, 27, 9, 0, tzinfo=UTC)
SOON = AT + timedelta(seconds=1)  # while the lease lasts
NEXT = AT + timedelta(hours=1)  # when its own schedule has it again
OWNER = "1:1"
OPEN = Invoice(
    id="a" * 20,
    status=Status.CREATED,
    amount=Decimal(50),
    currency="EUR",
    chat_id=1,
    seller_id=1,
    asked_at=AT,
    language="en",
    uuid="INV-TEST0001",
)
