"""The invoices of a period, however many."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.invoice import Bucket, Status
from bot.storage import keys
from bot.storage.connection import connect
from bot.storage.index import IndexStore
from bot.storage.periods import PAGE, PeriodStore
from bot.storage.records import dump
from tests.storage.test_history_scale import FEW, START, fill, invoice


async def test_each_is_given_once_in_order_and_pages_stay_small(redis_url: str) -> None:
    count = 5 * PAGE + 7
    await fill(redis_url, FEW, count)
    redis = connect(redis_url)
    pages = [page async for page in PeriodStore(redis).between(FEW, START, START + timedelta(9))]
    assert [one.id for page in pages for one in page] == [invoice(FEW, n).id for n in range(count)]
    assert max(map(len, pages)) <= 3 * PAGE
    await redis.aclose()


async def test_the_period_begins_with_its_first_moment_and_ends_before_its_last(
    redis_url: str,
) -> None:
    await fill(redis_url, FEW, 10)
    redis = connect(redis_url)
    begin, end = invoice(FEW, 3).asked_at, invoice(FEW, 6).asked_at
    found = [one.id async for page in PeriodStore(redis).between(FEW, begin, end) for one in page]
    assert found == [invoice(FEW, n).id for n in (3, 4, 5)]
    await redis.aclose()


async def test_more_than_a_page_of_one_millisecond(redis_url: str) -> None:
    count = 2 * PAGE + 3
    redis = connect(redis_url)
    index = IndexStore(redis)
    for number in range(count):
        one = replace(
            invoice(FEW, number), asked_at=START, status=Status.CREATED, indexed=Bucket.NONE
        )
        await redis.hset(keys.record(one.id), mapping=dump(one))  # type: ignore[misc]
        await index.place(one)
    await redis.hset(keys.record(invoice(FEW, 0).id), "am", "unreadable")  # type: ignore[misc]
    end = START + timedelta(1)
    found = [one.id async for page in PeriodStore(redis).between(FEW, START, end) for one in page]
    assert sorted(found) == sorted(invoice(FEW, n).id for n in range(1, count))
    await redis.aclose()


async def test_one_that_moves_between_lists_meanwhile_is_given_once(redis_url: str) -> None:
    count = 4 * PAGE
    await fill(redis_url, FEW, count)
    redis = connect(redis_url)
    index = IndexStore(redis)
    found = []
    async for page in PeriodStore(redis).between(FEW, START, START + timedelta(9)):
        found += [one.id for one in page]
        for number in range(3, count, 4):  # all that were open are paid now
            await index.place(replace(invoice(FEW, number), status=Status.PAID))
    assert found == [invoice(FEW, n).id for n in range(count)]
    await redis.aclose()
