"""A page and a search cost the same however many invoices there are, and each takes little room."""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain import ids
from bot.domain.cards import Card
from bot.domain.history import PAGE
from bot.domain.invoice import Bucket, Face, Invoice, Status
from bot.storage import keys
from bot.storage.connection import connect
from bot.storage.index import IndexStore
from bot.storage.records import dump

pytestmark = pytest.mark.no_cover  # a load: tracing would make it another one

SMALL, ROUNDS, AT_ONCE = 100, 150, 400
FEW, MANY = 7_000_000_001, 7_000_000_002
STATES = (Status.PAID, Status.PAID, Status.EXPIRED, Status.CREATED)
RARE = Decimal("77.77")  # one invoice has it, so that both searches read one record
START = datetime(2026, 1, 1, tzinfo=UTC)


def invoice(owner: int, number: int) -> Invoice:
    """As most are: in a private chat, a coin chosen, three of four finished."""
    status = STATES[number % len(STATES)]
    paid = Decimal("55.60555556") if status is Status.PAID else None
    asked = START + timedelta(seconds=30 * number)
    text = f"{owner % 10}{number:07d}"
    made = Invoice(
        id=ids.invoice_id(b"k" * 32, owner, number),
        status=status,
        amount=RARE if number == PAGE else Decimal(10 + number % 500),
        currency=("EUR", "USD", "UAH")[number % 3],
        chat_id=owner,
        seller_id=owner,
        asked_at=asked,
        language="en",
        coins=("USDT_TRC20",),
        issuer="Flower shop",
        uuid=f"INV-{text}",
        link=f"https://pay.cryptocloud.plus/{text}",
        address="TQrZ8tKfjpras2wcN3yFQ1DmVkWq5zXy7A",
        coin="USDT_TRC20",
        amount_to_pay=Decimal("55.60555556"),
        expires=asked + timedelta(days=1),
        project="Flowers",
        since=asked + timedelta(minutes=5),
        paid=paid,
        received=paid and paid - 1,
        fees=paid and Decimal(1),
        told=paid,
        announced=Face(status),
        cards=(Card(owner, number + 10),),
    )
    return replace(made, indexed=made.bucket)


async def fill(url: str, owner: int, count: int) -> tuple[float, float]:
    """Write so many; bytes a record, and bytes of all its indexes together."""
    redis = connect(url)
    index = IndexStore(redis)
    before = (await redis.info("memory"))["used_memory"]
    for first in range(0, count, AT_ONCE):
        async with redis.pipeline(transaction=False) as pipe:
            for number in range(first, min(first + AT_ONCE, count)):
                one = invoice(owner, number)
                pipe.hset(keys.record(one.id), mapping=dump(one) | {"lo": "d98793cd:25"})
            await pipe.execute()
    written = (await redis.info("memory"))["used_memory"]
    for first in range(0, count, AT_ONCE):
        some = range(first, min(first + AT_ONCE, count))
        new = [replace(invoice(owner, number), indexed=Bucket.NONE) for number in some]
        await asyncio.gather(*(index.place(one) for one in new))
    after = (await redis.info("memory"))["used_memory"]
    await redis.aclose()
    return (written - before) / count, (after - written) / count


async def median_ratios(url: str, small: int, large: int) -> dict[str, float]:
    """How much longer each takes with `large` invoices than with `small`, in one run, by turns."""
    redis = connect(url)
    index = IndexStore(redis)
    ways: dict[str, Callable[[int, Invoice], Awaitable[object]]] = {
        "first page": lambda owner, _: index.page(owner, Bucket.NONE),
        "filtered": lambda owner, _: index.page(owner, Bucket.PAID),
        "by id": lambda owner, one: index.find(owner, uuid=one.uuid.removeprefix("INV-")),
        "by amount": lambda owner, one: index.find_amount(owner, one.amount, one.currency),
    }
    dice = random.Random(7)
    took: dict[tuple[str, int], list[float]] = {(w, o): [] for w in ways for o in (FEW, MANY)}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            for owner, count in ((FEW, small), (MANY, large)):
                one = invoice(owner, PAGE if name == "by amount" else dice.randrange(count))
                began = time.perf_counter()
                await way(owner, one)
                took[name, owner].append(time.perf_counter() - began)
    await redis.aclose()
    return {
        name: statistics.median(took[name, MANY]) / statistics.median(took[name, FEW])
        for name in ways
    }


async def compare(url: str, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    await fill(url, FEW, SMALL)
    record, indexes = await fill(url, MANY, count)
    ratios = await median_ratios(url, SMALL, count)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{count:,} invoices: {record:.0f} bytes a record, {indexes:.0f} its indexes\n"
        )
        sys.stdout.write(", ".join(f"{name} x{ratio:.2f}" for name, ratio in ratios.items()) + "\n")
    assert record <= 420
    assert record + indexes <= 850
    assert max(ratios.values()) < 1.5


@pytest.mark.one_server  # whose time is taken
async def test_20_000_invoices_cost_as_much_as_100(
    redis_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await compare(redis_url, 20_000, capsys)


@pytest.mark.slow
@pytest.mark.one_server  # likewise
async def test_1_000_000_invoices_cost_as_much_as_100(
    redis_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await compare(redis_url, 1_000_000, capsys)


async def test_all_pages_together_hold_every_invoice_once(redis_url: str) -> None:
    count = 5 * PAGE + 3
    await fill(redis_url, FEW, count)
    redis = connect(redis_url)
    index = IndexStore(redis)
    page = await index.page(FEW, Bucket.NONE)
    seen = list(page.invoices)
    forward = [page]
    while page.older is not None:
        page = await index.page(FEW, Bucket.NONE, page.older)
        seen += page.invoices
        forward.append(page)
    assert [one.id for one in seen] == [invoice(FEW, n).id for n in reversed(range(count))]
    while page.newer is not None:
        page = await index.page(FEW, Bucket.NONE, page.newer)
        forward.pop()
        assert page.invoices == forward[-1].invoices
    assert len(forward) == 1
    await redis.aclose()


async def test_many_asked_for_in_one_millisecond_are_all_listed(redis_url: str) -> None:
    redis = connect(redis_url)
    index = IndexStore(redis)
    same = [replace(invoice(FEW, n), asked_at=START, indexed=Bucket.NONE) for n in range(PAGE + 7)]
    for one in same:
        await redis.hset(keys.record(one.id), mapping=dump(one))  # type: ignore[misc]
        await index.place(one)
    first = await index.page(FEW, Bucket.NONE)
    assert first.older is not None
    second = await index.page(FEW, Bucket.NONE, first.older)
    assert {one.id for one in (*first.invoices, *second.invoices)} == {one.id for one in same}
    await redis.aclose()


async def test_an_entry_without_a_record_is_skipped(redis_url: str) -> None:
    await fill(redis_url, FEW, 3)
    redis = connect(redis_url)
    await redis.delete(keys.record(invoice(FEW, 1).id))
    page = await IndexStore(redis).page(FEW, Bucket.NONE)
    assert [one.id for one in page.invoices] == [invoice(FEW, n).id for n in (2, 0)]
    await redis.aclose()
