"""Invoices at rest: every field comes back, records stay small, leases keep others out."""

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.domain.cards import Card
from bot.domain.invoice import Face, Invoice, Status
from bot.storage import keys
from bot.storage.invoices import InvoiceStore
from bot.storage.records import dump, load

NOW = datetime(2026, 1, 27, 9, 3, 58, 958000, tzinfo=UTC)
ID = "a2bcdefghij3klmnop4q"

SMALL = Invoice(
    id=ID,
    status=Status.CREATING,
    amount=Decimal("50.00"),
    currency="EUR",
    chat_id=-1001234567890,
    seller_id=7,
    asked_at=NOW,
    language="en",
)
FULL = replace(
    SMALL,
    status=Status.CREATED,
    thread_id=12,
    reply_to=34,
    coins=("USDT_TRC20",),
    lifetime=timedelta(days=1),
    order="A-17",
    email="buyer@example.com",
    description="ы" * 120,
    issuer="Flower shop",
    uuid="INV-89UX09KA",
    link="https://pay.cryptocloud.plus/89UX09KA",
    address="0xb07427fc721C23674c48233ffE93D3846ee58B63",
    coin="USDT_TRC20",
    amount_to_pay=Decimal("55.60555556"),
    detailed=True,
    expires=NOW + timedelta(days=1),
    project="Sandbox shop",
    test_mode=True,
    announced=Face.CREATED,
    cards=(Card(-1001234567890, 99), Card(7, 100)),
)


@pytest.fixture
def store(redis: Redis) -> InvoiceStore:
    return InvoiceStore(redis, boot="boot1")


moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - made aware here
    lambda naive: naive.replace(tzinfo=UTC, microsecond=naive.microsecond // 1000 * 1000)
)
words = st.text(string.printable + "ыжЁ漢🧾", max_size=60)
numbers = st.integers(-(2**52), 2**52)
amounts = st.decimals("0.01", "999999999999", places=2)
cards = st.lists(st.builds(Card, numbers, numbers), max_size=3).map(tuple)


@given(
    st.builds(
        Invoice,
        id=st.just(ID),
        status=st.sampled_from(Status),
        amount=amounts,
        currency=st.just("EUR"),
        chat_id=numbers.filter(bool),
        seller_id=numbers.filter(bool),
        asked_at=moments,
        language=st.sampled_from(["en", "ru"]),
        thread_id=st.none() | st.integers(1, 2**31),
        lifetime=st.none() | st.integers(1, 43200).map(lambda minutes: timedelta(minutes=minutes)),
        coins=st.lists(st.sampled_from(["BTC", "USDT_TRC20"]), max_size=3).map(tuple),
        description=words,
        issuer=words,
        refusal=words,
        attempt_at=st.none() | moments,
        attempt_ended=st.none() | moments,
        absent_since=st.none() | moments,
        waiting=st.booleans(),
        amount_to_pay=st.none() | amounts,
        expires=st.none() | moments,
        twins_until=st.none() | moments,
        announced=st.sampled_from(Face),
        showing=st.integers(0, 2),
        cards=cards,
    )
)
def test_every_field_comes_back(invoice: Invoice) -> None:
    assert load(ID, dump(invoice)) == invoice


async def test_a_full_record_stays_a_listpack_and_small(redis: Redis, store: InvoiceStore) -> None:
    assert await store.write_intent(FULL, "boot1:1", NOW)
    key = keys.record(ID)
    assert await redis.object("encoding", key) == "listpack"
    size = await redis.memory_usage(key)
    print(f"a record with every field and 240 bytes of description: {size} bytes")  # noqa: T201 - a figure
    assert size is not None
    assert size <= 1024
    stored = await store.get(ID)
    assert stored == FULL


async def test_a_usual_record_takes_few_bytes(redis: Redis, store: InvoiceStore) -> None:
    usual = replace(FULL, description="T-shirts", thread_id=None, reply_to=None, email=None)
    await store.write_intent(usual, "boot1:1", NOW)
    size = await redis.memory_usage(keys.record(ID))
    print(f"a usual record: {size} bytes")  # noqa: T201 - a figure
    assert size is not None
    assert size <= 640


async def test_an_intent_is_written_once(store: InvoiceStore) -> None:
    assert await store.write_intent(SMALL, "boot1:1", NOW)
    assert await store.write_intent(SMALL, "boot1:1", NOW), "sent again after a lost reply"
    other = replace(SMALL, amount=Decimal(99))
    assert not await store.write_intent(other, "boot1:2", NOW)
    stored = await store.get(ID)
    assert stored == SMALL


async def test_a_lease_keeps_others_out_until_it_ends(store: InvoiceStore) -> None:
    await store.write_intent(SMALL, "boot1:1", NOW)
    assert await store.lease(ID, "boot1:2", NOW + timedelta(seconds=3)) is None
    assert await store.lease(ID, "boot1:2", NOW + timedelta(seconds=5)) == SMALL
    assert not await store.renew(ID, "boot1:1", NOW)
    assert not await store.commit(SMALL, replace(SMALL, waiting=True), "boot1:1")
    stored = await store.get(ID)
    assert stored == SMALL


async def test_an_unknown_invoice_cannot_be_leased(store: InvoiceStore) -> None:
    assert await store.lease(ID, "boot1:1", NOW) is None
    assert await store.get(ID) is None


async def test_a_lease_of_a_former_boot_is_void_where_we_are_alone(redis: Redis) -> None:
    before = InvoiceStore(redis, boot="boot1", alone=True)
    await before.write_intent(SMALL, "boot1:1", NOW)
    after = InvoiceStore(redis, boot="boot2", alone=True)
    assert await after.lease(ID, "boot2:1", NOW) == SMALL
    shared = InvoiceStore(redis, boot="boot3")
    assert await shared.lease(ID, "boot3:1", NOW) is None


async def test_commit_sets_changes_and_deletes(store: InvoiceStore) -> None:
    waiting = replace(SMALL, waiting=True, attempt_at=NOW)
    await store.write_intent(waiting, "boot1:1", NOW)
    created = replace(waiting, status=Status.CREATED, waiting=False, attempt_at=None, uuid="INV-1")
    assert await store.commit(waiting, created, "boot1:1")
    assert await store.commit(waiting, created, "boot1:1"), "sent again after a lost reply"
    assert await store.get(ID) == created


async def test_a_status_never_goes_back(store: InvoiceStore) -> None:
    await store.write_intent(FULL, "boot1:1", NOW)
    with pytest.raises(ValueError, match="must not become"):
        await store.commit(FULL, replace(FULL, status=Status.CREATING), "boot1:1")


async def test_due_work_is_taken_once_and_comes_back(store: InvoiceStore) -> None:
    later = NOW + timedelta(seconds=30)
    await store.write_intent(SMALL, "boot1:1", NOW)
    assert await store.release(SMALL, SMALL, "boot1:1", later)
    assert await store.take_due("boot1:2", NOW, before=NOW, most=8) == []
    assert await store.take_due("boot1:3", later, before=later, most=8) == [SMALL]
    assert await store.take_due("boot1:4", later, before=later, most=8) == []
    dead = later + timedelta(seconds=5)
    assert await store.take_due("boot1:5", dead, before=dead, most=8) == [SMALL]
    assert await store.release(SMALL, SMALL, "boot1:5", None)
    for_ever = dead + timedelta(days=999)
    assert await store.take_due("boot1:6", for_ever, before=for_ever, most=8) == []


async def test_a_record_that_cannot_be_read_does_not_hold_up_the_others(
    redis: Redis, store: InvoiceStore, caplog: pytest.LogCaptureFixture
) -> None:
    broken = "a" + ID[1:][::-1]
    for one in (ID, broken):
        await store.write_intent(replace(SMALL, id=one), "boot1:1", NOW)
    await redis.hset(keys.record(broken), "am", "many")  # type: ignore[misc]  # redis-py's stubs
    dead = NOW + timedelta(seconds=5)
    assert await store.take_due("boot1:2", dead, before=dead, most=8) == [SMALL]
    assert "cannot be read" in caplog.text
