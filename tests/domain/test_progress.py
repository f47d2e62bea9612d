"""What the provider's answers make of an invoice: never backwards, never guessed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.invoice import TRANSITIONS, Invoice, Stale, Status
from bot.domain.progress import fiat, progressed
from bot.domain.provider import ProviderInvoice

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
OPEN = Invoice(
    id="a" * 20,
    status=Status.CREATED,
    amount=Decimal(50),
    currency="EUR",
    chat_id=1,
    seller_id=1,
    asked_at=NOW - timedelta(hours=1),
    language="en",
    uuid="INV-TEST0001",
    link="https://example.com/pay",
    coin="USDT_TRC20",
    address="TADDRESS",
    amount_to_pay=Decimal(55),
    expires=NOW + timedelta(hours=1),
)
OVER = replace(OPEN, expires=NOW - timedelta(hours=1))
LIVE = [status for status in Status if status not in (Status.CREATING, Status.REFUSED)]
WORDS = ["created", "partial", "paid", "overpaid", "canceled", "on_hold"]


def told(status: str, paid: str | None = None) -> ProviderInvoice:
    money = None if paid is None else Decimal(paid)
    return ProviderInvoice(
        uuid=OPEN.uuid, status=status, link=OPEN.link, amount_paid=money, received=money
    )


@pytest.mark.parametrize(
    ("before", "answer", "after"),
    [
        (OPEN, told("created"), Status.CREATED),
        (OPEN, told("partial", "20"), Status.PARTIAL),
        (OPEN, told("paid", "55"), Status.PAID),
        (OPEN, told("overpaid", "60"), Status.OVERPAID),
        (OPEN, told("canceled"), Status.CANCELLED),
        (OPEN, told("on_hold"), Status.CREATED),
        (OVER, told("created"), Status.CREATED),
        (OVER, told("canceled"), Status.EXPIRED),
        (OVER, told("canceled", "55"), Status.LATE),
        (OVER, told("partial", "20"), Status.SHORT),
        (OVER, told("paid", "55"), Status.PAID),
        (replace(OPEN, hint="cancel.1"), told("canceled"), Status.CANCELLED),
        (replace(OPEN, status=Status.PARTIAL), told("canceled"), Status.SHORT),
        (replace(OPEN, status=Status.PARTIAL), told("created"), Status.PARTIAL),
        (replace(OPEN, status=Status.PARTIAL), told("paid", "55"), Status.PAID),
        (replace(OPEN, status=Status.EXPIRED), told("canceled"), Status.EXPIRED),
        (replace(OPEN, status=Status.EXPIRED), told("canceled", "5"), Status.LATE),
        (replace(OPEN, status=Status.CANCELLED), told("paid", "55"), Status.LATE),
        (replace(OPEN, status=Status.SHORT, paid=Decimal(20)), told("partial", "20"), Status.SHORT),
        (replace(OPEN, status=Status.SHORT, paid=Decimal(20)), told("partial", "30"), Status.LATE),
        (replace(OPEN, status=Status.PAID), told("canceled"), Status.PAID),
        (replace(OPEN, status=Status.PAID), told("overpaid", "60"), Status.OVERPAID),
    ],
)
def test_an_answer(before: Invoice, answer: ProviderInvoice, after: Status) -> None:
    assert progressed(before, answer, NOW).status is after


@given(
    st.sampled_from(LIVE),
    st.lists(st.tuples(st.sampled_from(WORDS), st.integers(0, 100)), max_size=8),
)
def test_never_backwards(first: Status, answers: list[tuple[str, int]]) -> None:
    invoice = replace(OPEN, status=first)
    for word, paid in answers:
        after = progressed(invoice, told(word, str(paid)), NOW)
        allowed = TRANSITIONS[invoice.status] | {invoice.status}
        assert after.status in allowed
        assert (after.paid or 0) >= (invoice.paid or 0)
        assert after == invoice or after.stale
        invoice = after


def test_a_status_nobody_knows_is_kept_as_it_is_and_goes_with_it() -> None:
    held = progressed(OPEN, told("on_hold"), NOW)
    assert (held.word, held.stale) == ("on_hold", Stale.ALL)
    assert progressed(held, told("created"), NOW).word == ""


def test_what_remains_is_rather_too_much_than_too_little() -> None:
    answer = replace(told("partial", "20"), amount_to_pay=Decimal(55), to_surcharge=Decimal(34))
    assert progressed(OPEN, answer, NOW).remaining == 35
    more = replace(answer, to_surcharge=Decimal("35.5"))
    assert progressed(OPEN, more, NOW).remaining == Decimal("35.5")
    assert progressed(OPEN, told("partial", "20"), NOW).remaining is None


def test_money_on_what_was_accepted_opens_the_question_again() -> None:
    closed = replace(OPEN, status=Status.SHORT, paid=Decimal(20), accepted=True)
    assert progressed(closed, told("partial", "20"), NOW).accepted
    reopened = progressed(closed, told("partial", "25"), NOW)
    assert (reopened.status, reopened.accepted) == (Status.LATE, False)


OTHER_COIN = ProviderInvoice(
    uuid=OPEN.uuid, status="created", link=OPEN.link, coin="BTC", address="bc1other"
)


def test_of_a_coin_that_is_chosen_anew_nothing_of_the_former_is_kept() -> None:
    """Its amount was offered for copying beside the new coin's address."""
    chosen = progressed(OPEN, OTHER_COIN, NOW)
    assert (chosen.coin, chosen.address, chosen.amount_to_pay) == ("BTC", "bc1other", None)
    told_all = replace(OTHER_COIN, amount_to_pay=Decimal("0.0005"))
    assert progressed(chosen, told_all, NOW).amount_to_pay == Decimal("0.0005")


def test_once_there_is_money_its_coin_stays() -> None:
    part = replace(OPEN, status=Status.PARTIAL, paid=Decimal(20))
    other = replace(OTHER_COIN, status="partial", amount_to_pay=Decimal(1), amount_paid=Decimal(30))
    after = progressed(part, other, NOW)
    assert (after.coin, after.address) == (OPEN.coin, OPEN.address)
    assert (after.amount_to_pay, after.paid) == (OPEN.amount_to_pay, Decimal(20))


def test_fiat_is_told_only_where_the_provider_says_what_is_to_be_paid() -> None:
    assert fiat(OPEN, Decimal(11)) == 10
    assert fiat(replace(OPEN, amount_to_pay=None), Decimal(11)) is None


def test_fiat_has_the_decimals_of_its_currency_and_can_be_shown() -> None:
    assert fiat(OPEN, Decimal(7)) == Decimal("6.36")
    assert fiat(OPEN, Decimal("0.001")) is None
    assert fiat(OPEN, Decimal(10) ** 20) is None
    assert fiat(replace(OPEN, currency="JPY"), Decimal(7)) == 6
