"""The schedule: what is due, for whom, and what a lost reply or a lost race leaves of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from redis.asyncio import Redis

from bot.domain.invoice import Invoice, Status
from bot.storage import keys
from bot.storage.invoices import LEASE, InvoiceStore
from bot.storage.records import to_ms

AT = datetime(2026, 1, 27, 9, 0, tzinfo=UTC)
LATER = AT + LEASE


def invoice(first: str = "a") -> Invoice:
    return Invoice(
        id=first * 20,
        status=Status.CREATING,
        amount=Decimal(50),
        currency="EUR",
        chat_id=1,
        seller_id=1,
        asked_at=AT,
        language="en",
    )


@pytest.fixture
def store(redis: Redis) -> InvoiceStore:
    return InvoiceStore(redis, boot="1")


async def test_an_intent_is_due_when_its_lease_ends(store: InvoiceStore) -> None:
    await store.write_intent(invoice(), "1:1", AT)
    early = LATER - timedelta(milliseconds=1)
    assert await store.take_due("1:2", early, before=early, most=8) == []
    assert await store.take_due("1:3", LATER, before=LATER, most=8) == [invoice()]


async def test_what_is_given_back_for_good_is_never_due(store: InvoiceStore) -> None:
    await store.write_intent(invoice(), "1:1", AT)
    assert await store.release(invoice(), invoice(), "1:1", None)
    much_later = AT + timedelta(days=1000)
    assert await store.take_due("1:2", much_later, before=much_later, most=8) == []
    assert await store.lease(invoice().id, "1:3", AT) == invoice(), "it can be asked for by id"


async def test_what_is_given_back_can_be_taken_at_once(store: InvoiceStore) -> None:
    await store.write_intent(invoice(), "1:1", AT)
    assert await store.lease(invoice().id, "1:2", AT) is None
    await store.release(invoice(), invoice(), "1:1", AT)
    assert await store.take_due("1:3", AT, before=AT, most=8) == [invoice()]


async def test_all_shards_are_looked_at_and_none_is_emptied_at_once(store: InvoiceStore) -> None:
    firsts = "abcdefghijklmnopqrstuvwxyz234567"
    for first in firsts:
        await store.write_intent(invoice(first), "1:1", AT)
    taken = await store.take_due("1:2", LATER, before=LATER, most=1)
    assert len(taken) == len(keys.SHARDS) == 16
    rest = await store.take_due("1:3", LATER, before=LATER, most=1)
    assert {one.id[0] for one in taken + rest} == set(firsts)


async def test_a_status_that_moved_meanwhile_is_not_overwritten(store: InvoiceStore) -> None:
    await store.write_intent(invoice(), "1:1", AT)
    created = replace(invoice(), status=Status.CREATED, uuid="INV-1")
    await store.commit(invoice(), created, "1:1")
    assert not await store.commit(invoice(), replace(invoice(), status=Status.REFUSED), "1:1")
    assert await store.get(invoice().id) == created


async def test_a_due_entry_without_a_record_is_put_off(store: InvoiceStore, redis: Redis) -> None:
    """While a slot of a cluster moves, the record may only be somewhere else."""
    await store.write_intent(invoice(), "1:1", AT)
    await redis.delete(keys.record(invoice().id))
    assert await store.take_due("1:2", LATER, before=LATER, most=8) == []
    due = await redis.zscore(keys.due(keys.shard(invoice().id)), invoice().id)
    assert due == to_ms(LATER + LEASE)


async def test_due_work_whose_reply_was_lost_is_handed_out_again(store: InvoiceStore) -> None:
    await store.write_intent(invoice(), "1:1", AT)
    first = await store.take_due("1:2", LATER, before=LATER, most=8)
    again = await store.take_due("1:2", LATER, before=LATER, most=8)
    assert first == again == [invoice()]
    assert await store.take_due("1:3", LATER, before=LATER, most=8) == []


async def test_records_have_no_lifetime(store: InvoiceStore, redis: Redis) -> None:
    await store.write_intent(invoice(), "1:1", AT)
    assert await redis.ttl(keys.record(invoice().id)) == -1
    assert await redis.ttl(keys.due(keys.shard(invoice().id))) == -1
