"""The invoices of the local provider and how each may move.

    created -> paid | partial | overpaid | canceled        partial -> paid | overpaid

Money that comes after the end is booked and changes nothing else, as at the real provider.
"""

import hashlib
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_UP, Decimal
from enum import StrEnum

from bot.sandbox.cryptocloud.rates import COIN_STEP, COINS, PER_DOLLAR, PLACEHOLDER, Coin

Clock = Callable[[], datetime]

_ALPHABET = string.ascii_uppercase + string.digits
_SERVICE_FEE = Decimal("0.019")  # of the amount, as in the example on the provider's page
_TRANSFER_FEE_USD = Decimal("0.05")


class Status(StrEnum):
    """The provider's words."""

    CREATED = "created"
    PAID = "paid"
    PARTIAL = "partial"
    OVERPAID = "overpaid"
    CANCELED = "canceled"


class FeePayer(StrEnum):
    """Who bears a fee."""

    CLIENT = "client"
    MERCHANT = "merchant"


class NotOpenError(Exception):
    """The invoice is not in a state that allows this."""


@dataclass(frozen=True, slots=True)
class Order:
    """A create request that passed the checks. `amount` is in major units of `currency`."""

    amount: Decimal
    currency: str
    lifetime: timedelta
    order_id: str | None = None
    email: str | None = None
    coin: Coin | None = None
    offered: tuple[str, ...] = ()


@dataclass(slots=True)
class Invoice:
    """One invoice. Coin amounts are in units of `coin`, or of the placeholder without one."""

    id: str
    order: Order
    created: datetime
    expires: datetime
    transfer_fee_by: FeePayer
    service_fee_by: FeePayer
    coin: Coin | None
    status: Status = Status.CREATED
    received: Decimal = Decimal(0)
    payments: list[Decimal] = field(default_factory=list)

    @property
    def uuid(self) -> str:
        """The id as most answers carry it."""
        return f"INV-{self.id}"

    @property
    def priced_in(self) -> Coin:
        """The settled coin, or the placeholder the provider shows instead."""
        return self.coin or PLACEHOLDER

    @property
    def address(self) -> str:
        """Where to pay, empty without a coin. It cannot be taken for one that holds money."""
        if self.coin is None:
            return ""
        seed = f"{self.id} {self.coin.network}".encode()
        return f"SANDBOX{hashlib.sha256(seed).hexdigest()[:32]}"

    @property
    def amount_usd(self) -> Decimal:
        """The price in US dollars, not rounded."""
        return self.order.amount / PER_DOLLAR[self.order.currency]

    @property
    def amount(self) -> Decimal:
        """The price in the coin."""
        return self.priced_in.worth(self.amount_usd)

    @property
    def transfer_fee(self) -> Decimal:
        """What moving the coin costs, in the coin."""
        return self.priced_in.worth(_TRANSFER_FEE_USD)

    @property
    def service_fee(self) -> Decimal:
        """The provider's own share, in the coin."""
        return (self.amount * _SERVICE_FEE).quantize(COIN_STEP, rounding=ROUND_UP)

    @property
    def due(self) -> Decimal:
        """What the payer has to send in all: the amount and the fees that are theirs."""
        due = self.amount
        if self.transfer_fee_by is FeePayer.CLIENT:
            due += self.transfer_fee
        if self.service_fee_by is FeePayer.CLIENT:
            due += self.service_fee
        return due


class Ledger:
    """All invoices of one shop. Whatever is read has expired first if its time is over."""

    def __init__(
        self,
        clock: Clock,
        transfer_fee_by: FeePayer,
        service_fee_by: FeePayer,
        confirmed: Callable[[Invoice], None] = lambda _: None,
    ) -> None:
        """`confirmed` is called with every invoice that has become paid or overpaid."""
        self._clock = clock
        self._confirmed = confirmed
        self._transfer_fee_by = transfer_fee_by
        self._service_fee_by = service_fee_by
        self._invoices: dict[str, Invoice] = {}

    def add(self, order: Order) -> Invoice:
        """A new invoice. The same `order_id` again makes a second one: the real one does so too."""
        now = self._clock()
        invoice = Invoice(
            id="".join(secrets.choice(_ALPHABET) for _ in range(8)),
            order=order,
            created=now,
            expires=now + order.lifetime,
            transfer_fee_by=self._transfer_fee_by,
            service_fee_by=self._service_fee_by,
            coin=order.coin,
        )
        self._invoices[invoice.id] = invoice
        return invoice

    def all(self) -> list[Invoice]:
        """Oldest first."""
        return [self._aged(invoice) for invoice in self._invoices.values()]

    def find(self, uuid: str) -> Invoice | None:
        """By its id, with or without the prefix."""
        invoice = self._invoices.get(uuid.removeprefix("INV-"))
        return None if invoice is None else self._aged(invoice)

    def get(self, uuid: str) -> Invoice:
        """As `find`; raises KeyError."""
        invoice = self.find(uuid)
        if invoice is None:
            raise KeyError(uuid)
        return invoice

    def listed(self, start: date, end: date, lag: timedelta) -> list[Invoice]:
        """Newest first: those created on these UTC days at least `lag` ago."""
        limit = self._clock() - lag
        return [
            invoice
            for invoice in reversed(self.all())
            if start <= invoice.created.date() <= end and invoice.created <= limit
        ]

    def choose(self, uuid: str, coin: str) -> Invoice:
        """What the payer's choice on the pay page does. Raises NotOpenError when it is settled."""
        invoice = self.get(uuid)
        if invoice.status is not Status.CREATED or invoice.coin is not None:
            raise NotOpenError(invoice.uuid)
        invoice.coin = COINS[coin]
        return invoice

    def receive(self, uuid: str, amount: Decimal) -> Invoice:
        """Book `amount` of the coin; without a coin, of the placeholder, which is then settled."""
        if amount <= 0:
            raise ValueError(f"nobody sends {amount}")
        invoice = self.get(uuid)
        invoice.coin = invoice.priced_in
        invoice.payments.append(amount)
        invoice.received += amount
        open_ = invoice.status is Status.CREATED or (
            invoice.status is Status.PARTIAL and self._clock() < invoice.expires
        )
        if open_:
            invoice.status = _after_payment(invoice.received, invoice.due)
            if invoice.status is not Status.PARTIAL:
                self._confirmed(invoice)
        return invoice

    def pay(self, uuid: str, share: Decimal = Decimal(1)) -> Invoice:
        """Send what brings the received sum to `share` of what is due: 1 pays, 0.5 part, 2 over."""
        invoice = self.get(uuid)
        wanted = (invoice.due * share).quantize(COIN_STEP, rounding=ROUND_UP)
        return self.receive(uuid, wanted - invoice.received)

    def expire(self, uuid: str) -> Invoice:
        """End its time now; what was paid in part stays partial."""
        invoice = self.get(uuid)
        invoice.expires = min(invoice.expires, self._clock())
        return self._aged(invoice)

    def cancel(self, uuid: str) -> Invoice:
        """By the merchant; only from `created`, else NotOpenError."""
        invoice = self.get(uuid)
        if invoice.status is not Status.CREATED:
            raise NotOpenError(invoice.uuid)
        invoice.status = Status.CANCELED
        return invoice

    def _aged(self, invoice: Invoice) -> Invoice:
        if invoice.status is Status.CREATED and self._clock() >= invoice.expires:
            invoice.status = Status.CANCELED
        return invoice


def _after_payment(received: Decimal, due: Decimal) -> Status:
    if received < due:
        return Status.PARTIAL
    return Status.OVERPAID if received > due else Status.PAID
