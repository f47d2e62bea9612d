"""How an invoice moves at the local provider."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.sandbox.cryptocloud import Invoice, LocalCryptoCloud, NotOpenError, Status
from tests.sandbox.cryptocloud.conftest import Clock


@pytest.fixture
def invoice(cloud: LocalCryptoCloud) -> Invoice:
    cloud.desk.insert(1)
    return cloud.invoices[0]


@pytest.mark.parametrize(
    ("share", "status"),
    [("0.5", Status.PARTIAL), ("1", Status.PAID), ("1.2", Status.OVERPAID)],
)
def test_paid_in_part_in_full_and_over(
    cloud: LocalCryptoCloud, invoice: Invoice, share: str, status: Status
) -> None:
    cloud.ledger.pay(invoice.uuid, Decimal(share))

    assert invoice.status == status
    assert invoice.received == invoice.due * Decimal(share)
    assert invoice.address != ""


def test_the_rest_may_be_sent_before_it_expires(cloud: LocalCryptoCloud, invoice: Invoice) -> None:
    cloud.ledger.pay(invoice.uuid, Decimal("0.5"))
    cloud.ledger.pay(invoice.uuid)

    assert invoice.status is Status.PAID
    assert len(invoice.payments) == 2


def test_the_rest_after_it_expired_is_booked_only(
    cloud: LocalCryptoCloud, invoice: Invoice, clock: Clock
) -> None:
    cloud.ledger.pay(invoice.uuid, Decimal("0.5"))
    clock.move(timedelta(hours=24))
    cloud.ledger.pay(invoice.uuid)

    assert invoice.status is Status.PARTIAL
    assert invoice.received == invoice.due


def test_time_cancels_what_nobody_paid(
    cloud: LocalCryptoCloud, invoice: Invoice, clock: Clock
) -> None:
    seen = []
    for step in (timedelta(hours=24) - timedelta(microseconds=1), timedelta(microseconds=1)):
        clock.move(step)
        seen.append(cloud.invoices[0].status)

    assert seen == [Status.CREATED, Status.CANCELED]


def test_it_can_be_made_to_expire(cloud: LocalCryptoCloud, invoice: Invoice, clock: Clock) -> None:
    cloud.ledger.expire(invoice.uuid)

    assert invoice.status is Status.CANCELED
    assert invoice.expires == clock()


@pytest.mark.parametrize("end", ["expire", "cancel"])
def test_money_after_the_end_is_booked_only(
    cloud: LocalCryptoCloud, invoice: Invoice, end: str
) -> None:
    getattr(cloud.ledger, end)(invoice.uuid)
    cloud.ledger.pay(invoice.uuid)

    assert invoice.status is Status.CANCELED
    assert invoice.received == invoice.due


def test_what_was_paid_cannot_be_cancelled(cloud: LocalCryptoCloud, invoice: Invoice) -> None:
    cloud.ledger.pay(invoice.uuid)

    with pytest.raises(NotOpenError):
        cloud.ledger.cancel(invoice.uuid)


def test_the_payer_chooses_a_coin_once(cloud: LocalCryptoCloud, invoice: Invoice) -> None:
    cloud.ledger.choose(invoice.uuid, "BTC")

    assert invoice.amount == Decimal("0.00001")
    with pytest.raises(NotOpenError):
        cloud.ledger.choose(invoice.uuid, "ETH")


def test_nothing_cannot_be_sent(cloud: LocalCryptoCloud, invoice: Invoice) -> None:
    with pytest.raises(ValueError, match="nobody sends"):
        cloud.ledger.receive(invoice.uuid, Decimal(0))


def test_an_unknown_invoice_is_an_error_of_the_test(cloud: LocalCryptoCloud) -> None:
    with pytest.raises(KeyError):
        cloud.ledger.pay("INV-NOBODY00")
