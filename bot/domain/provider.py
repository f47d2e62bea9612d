"""What the services say to the payment provider and hear from it, free of its wire format."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class NewInvoice:
    """A request to create an invoice.

    `amount` is in major units of `currency` (ISO 4217) and is sent digit for digit. With one coin
    the payer gets its address at once; with several they choose among these; with none among all.
    """

    amount: Decimal
    currency: str
    order_id: str
    coins: tuple[str, ...] = ()
    lifetime: timedelta | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderInvoice:
    """An invoice as the provider tells it. Times are aware UTC, amounts in coin or fiat units.

    `amount_paid` is what the payer sent, `received` what the shop gets of it, `to_surcharge` what
    is still to be sent. `coin`, `address`, `amount_to_pay` and `to_surcharge` are None unless a
    coin is settled: without an address the provider's `currency` is a placeholder.
    """

    uuid: str
    status: str
    link: str
    order_id: str | None = None
    created: datetime | None = None
    expires: datetime | None = None
    address: str | None = None
    coin: str | None = None
    amount: Decimal | None = None
    amount_to_pay: Decimal | None = None
    amount_paid: Decimal | None = None
    to_surcharge: Decimal | None = None
    received: Decimal | None = None
    received_usd: Decimal | None = None
    amount_usd: Decimal | None = None
    amount_in_fiat: Decimal | None = None
    fiat_currency: str | None = None
    fee: Decimal | None = None
    service_fee: Decimal | None = None
    project: str | None = None
    test_mode: bool = False


@dataclass(frozen=True, slots=True)
class Postback:
    """A notification. `uuid` (with INV-) was signed; `order_id`, a place to look, was not."""

    uuid: str
    order_id: str


@dataclass(frozen=True, slots=True)
class Walk:
    """One reading of the provider's list for some UTC days, both ends included.

    `complete` means: the provider's own count was met by distinct uuids, so what is not in
    `invoices` did not exist there when the walk began.
    """

    start: date
    end: date
    invoices: tuple[ProviderInvoice, ...]
    complete: bool
