"""An invoice comes back from Redis as it went in, in a record that stays small."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.domain.cards import Card
from bot.domain.ids import is_id
from bot.domain.invoice import Bucket, Face, Invoice, RestOf, Stale, Status
from bot.storage import keys
from bot.storage.invoices import InvoiceStore
from bot.storage.records import FIELDS, changes, dump, load

IDS = st.from_regex(re.compile(r"[a-z2-7]{20}"), fullmatch=True)
MOMENTS = st.integers(0, 4_000_000_000_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))
WORDS = st.text(st.characters(codec="utf-8", exclude_characters=","), min_size=1, max_size=40)
AMOUNTS = st.decimals("0.00000001", "999999999999999", allow_nan=False, places=8)
NUMBERS = st.integers(1, 2**52)
CARDS = st.builds(Card, st.integers(-(2**52), 2**52), NUMBERS)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


INVOICES = st.builds(
    Invoice,
    id=IDS,
    status=st.sampled_from(Status),
    amount=AMOUNTS,
    currency=WORDS,
    chat_id=st.integers(-(2**52), -1) | NUMBERS,
    seller_id=NUMBERS,
    asked_at=MOMENTS,
    language=WORDS,
    thread_id=maybe(NUMBERS),
    reply_to=maybe(NUMBERS),
    coins=st.lists(WORDS, max_size=3).map(tuple),
    lifetime=maybe(st.integers(1, 43200).map(lambda minutes: timedelta(minutes=minutes))),
    order=maybe(WORDS),
    email=maybe(WORDS),
    description=st.text(st.characters(codec="utf-8")),
    issuer=st.text(st.characters(codec="utf-8")),
    attempt_at=maybe(MOMENTS),
    attempt_ended=maybe(MOMENTS),
    absent_since=maybe(MOMENTS),
    waiting=st.booleans(),
    retry_at=maybe(MOMENTS),
    refusal=st.text(st.characters(codec="utf-8")),
    uuid=WORDS,
    link=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1),
    address=WORDS,
    coin=WORDS,
    amount_to_pay=maybe(AMOUNTS),
    detailed=st.booleans(),
    expires=maybe(MOMENTS),
    project=st.text(st.characters(codec="utf-8")),
    test_mode=st.booleans(),
    twins_until=maybe(MOMENTS),
    paid=maybe(AMOUNTS),
    received=maybe(AMOUNTS),
    fees=maybe(AMOUNTS),
    remaining=maybe(AMOUNTS),
    since=maybe(MOMENTS),
    word=WORDS,
    accepted=st.booleans(),
    rest=WORDS,
    rest_of=maybe(st.builds(RestOf, st.just("a" * 20), st.just("INV-OLD12345"))),
    cashier=st.booleans(),
    hint=WORDS,
    remind=maybe(st.integers(1, 10**4).map(lambda minutes: timedelta(minutes=minutes))),
    reminded=st.booleans(),
    told=maybe(AMOUNTS),
    stale=st.sampled_from(Stale),
    indexed=st.sampled_from(Bucket),
    announced=st.sampled_from(Face),
    showing=st.integers(0, 2),
    repeated=st.booleans(),
    cards=st.lists(CARDS, max_size=3).map(tuple),
)

AT = datetime(2026, 1, 27, 9, 3, 58, 958000, UTC)
FULL = Invoice(
    id="abcdefghijklmnopqrst",
    status=Status.CREATED,
    amount=Decimal("123456789012.34"),
    currency="EUR",
    chat_id=-1001234567890,
    seller_id=7_000_000_001,
    asked_at=AT,
    language="ru",
    thread_id=123456,
    reply_to=1234567,
    coins=("USDT_TRC20", "USDT_ERC20", "BTC"),
    lifetime=timedelta(days=30),
    order="A" * 32,
    email="somebody.with.a.long.name@example.com",
    description="Ж" * 120,
    issuer="Ж" * 48,
    attempt_at=AT,
    attempt_ended=AT,
    absent_since=AT,
    waiting=True,
    retry_at=AT,
    refusal="provider:" + "x" * 200,
    uuid="INV-89UX09KA",
    link="https://pay.example.com/89UX09KA",
    address="0xb07427fc721C23674c48233ffE93D3846ee58B63",
    coin="USDT_TRC20",
    amount_to_pay=Decimal("1234567.123456"),
    detailed=True,
    expires=AT,
    project="Ж" * 100,
    test_mode=True,
    twins_until=AT,
    paid=Decimal("1234567.123456"),
    received=Decimal("1234000.123456"),
    fees=Decimal("567.000000"),
    remaining=Decimal("0.123456"),
    since=AT,
    word="on_hold",
    accepted=True,
    rest="INV-NEW12345",
    cashier=True,
    rest_of=RestOf("a" * 20, "INV-OLD12345"),
    hint="cancel.0a1b2c",
    remind=timedelta(hours=1),
    reminded=True,
    told=Decimal("1234567.123456"),
    stale=Stale.ALL,
    indexed=Bucket.PAID,
    announced=Face.CREATED,
    showing=2,
    repeated=True,
    cards=(Card(-1001234567890, 1234567), Card(7_000_000_001, 7654321)),
)


@given(INVOICES)
def test_every_field_comes_back(invoice: Invoice) -> None:
    assert is_id(invoice.id)
    back = load(invoice.id, dump(invoice))
    assert back == invoice
    assert back.amount.as_tuple() == invoice.amount.as_tuple(), "digit for digit"


@given(INVOICES, INVOICES, st.sets(st.sampled_from(sorted(FIELDS)), max_size=3))
def test_what_is_written_of_a_change_makes_the_whole_of_it(
    old: Invoice, other: Invoice, names: set[str]
) -> None:
    """Some fields say that they are the same as another, which may be all that changes."""
    new = replace(old, **{name: getattr(other, name) for name in names})
    changed, gone = changes(old, new)
    assert {n: v for n, v in {**dump(old), **changed}.items() if n not in gone} == dump(new)


@given(INVOICES, INVOICES)
def test_changes_make_one_into_the_other(old: Invoice, new: Invoice) -> None:
    changed, gone = changes(old, new)
    stored = dump(old) | changed
    for name in gone:
        del stored[name]
    assert stored == dump(new)


def test_the_full_record_has_every_field() -> None:
    assert len(dump(FULL)) == len(fields(Invoice)) - 1


async def test_a_full_record_stays_a_listpack(
    redis: Redis, record_testsuite_property: Callable[[str, object], None]
) -> None:
    store = InvoiceStore(redis, boot="0123abcd")
    await store.write_intent(FULL, "0123abcd:1234567", AT)
    key = keys.record(FULL.id)
    assert await redis.object("ENCODING", key) == "listpack"
    used = await cast("Any", redis.memory_usage(key))
    record_testsuite_property("bytes of a full record", used)
    assert used < 2000


async def test_a_flag_taken_back_leaves_the_record(redis: Redis) -> None:
    store = InvoiceStore(redis, boot="1")
    old = replace(FULL, status=Status.CREATING)
    await store.write_intent(old, "1:1", AT)
    new = replace(old, waiting=False, attempt_at=None, showing=0, cards=())
    assert await store.commit(old, new, "1:1")
    assert await store.get(FULL.id) == new
