"""Reading the provider's list to its end, under both readings of `limit` and while it moves."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from bot.cryptocloud import CryptoCloud
from bot.domain.errors import ProviderRefused, ProviderUnauthorized, Unsure
from bot.domain.provider import NewInvoice, Walk
from bot.sandbox.cryptocloud import Fault, LimitMeans, LocalCryptoCloud, Path
from tests.cryptocloud.raw import SHOP

DAY = date(2026, 1, 27)


@pytest.fixture
def today() -> date:
    return datetime.now(UTC).date()


@pytest.mark.parametrize("reading", LimitMeans)
@pytest.mark.parametrize("rows", [0, 1, 99, 100, 101, 200, 350])
async def test_every_invoice_is_found(
    cloud: LocalCryptoCloud, client: CryptoCloud, today: date, reading: LimitMeans, rows: int
) -> None:
    cloud.habits.limit_means = reading
    cloud.desk.insert(rows)

    walked = await client.walk(today, today)

    assert walked.complete
    assert {one.uuid for one in walked.invoices} == {one.uuid for one in cloud.invoices}
    assert (walked.start, walked.end) == (today, today)


async def test_days_are_sent_as_documented(cloud: LocalCryptoCloud, client: CryptoCloud) -> None:
    await client.walk(date(2026, 1, 9), date(2026, 1, 10))

    (call,) = cloud.calls
    assert json.loads(call.raw) == {
        "start": "09.01.2026",
        "end": "10.01.2026",
        "offset": 0,
        "limit": 100,
    }


async def test_order_ids_are_told(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice, today: date
) -> None:
    made = await client.create(fifty)

    (found,) = (await client.walk(today, today)).invoices

    assert (found.order_id, found.uuid, found.link) == (fifty.order_id, made.uuid, made.link)


@pytest.mark.parametrize("reading", LimitMeans)
async def test_invoices_that_appear_meanwhile_hide_none_of_those_before(
    cloud: LocalCryptoCloud, client: CryptoCloud, today: date, reading: LimitMeans
) -> None:
    cloud.habits.limit_means = reading
    cloud.desk.insert(250)
    before = {one.uuid for one in cloud.invoices}
    cloud.habits.inserted_between_pages = 7

    walked = await client.walk(today, today)

    assert walked.complete
    assert before <= {one.uuid for one in walked.invoices}


async def test_an_invoice_that_the_list_does_not_show_yet_is_absent(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice, today: date
) -> None:
    cloud.habits.list_lag = timedelta(minutes=1)
    await client.create(fifty)

    assert await client.walk(today, today) == Walk(today, today, (), complete=True)


def _rows(first: int, last: int) -> list[object]:
    return [
        {"uuid": f"INV-{n:08}", "status": "created", "link": f"pay.example/{n}"}
        for n in range(first, last)
    ]


async def _walk(provider: Callable[[int, int], httpx.Response]) -> Walk:
    """Walk a list made up page by page, from `offset` and `limit`."""

    def handle(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        return provider(body["offset"], body["limit"])

    transport = httpx.MockTransport(handle)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1/v2") as http:
        return await CryptoCloud(http, SHOP).walk(DAY, DAY)


def _page(rows: list[object], count: object) -> httpx.Response:
    return httpx.Response(200, json={"status": "success", "result": rows, "all_count": count})


async def test_pages_smaller_than_asked_for() -> None:
    walked = await _walk(lambda offset, _: _page(_rows(offset, min(offset + 30, 70)), 70))

    assert walked.complete
    assert len(walked.invoices) == 70


async def test_rows_that_went_away_leave_it_incomplete() -> None:
    """Row 100 moved onto the first page after that was read."""
    walked = await _walk(
        lambda offset, _: _page(_rows(0, 100), 150) if offset == 0 else _page(_rows(101, 150), 149)
    )

    assert not walked.complete


async def test_a_row_that_came_does_not_make_up_for_one_that_went() -> None:
    """Row 100 slipped past as above, and row 250 came in behind."""
    pages = {0: (0, 100, 250), 100: (101, 201, 249), 200: (201, 251, 250)}

    def provider(offset: int, _: int) -> httpx.Response:
        first, last, count = pages[offset]
        return _page(_rows(first, last), count)

    walked = await _walk(provider)

    assert len(walked.invoices) == 250
    assert not walked.complete


async def test_a_row_that_came_does_not_make_up_for_one_that_cannot_be_read() -> None:
    walked = await _walk(
        lambda offset, _: (
            _page([*_rows(0, 99), {}], 101) if offset == 0 else _page(_rows(100, 102), 102)
        )
    )

    assert len(walked.invoices) == 101
    assert not walked.complete


async def test_a_row_told_twice_does_not_make_up_for_a_missing_one() -> None:
    walked = await _walk(
        lambda offset, _: _page(_rows(0, 100), 150) if offset == 0 else _page(_rows(99, 149), 150)
    )

    assert not walked.complete


async def test_a_list_that_ends_early_is_incomplete() -> None:
    walked = await _walk(lambda offset, limit: _page(_rows(0, 100) if offset == 0 else [], 150))

    assert not walked.complete
    assert len(walked.invoices) == 100


@pytest.mark.parametrize("count", [None, "3", True, -1, 2.5, 1e300, [3]])
async def test_without_a_count_it_is_incomplete(count: object) -> None:
    walked = await _walk(lambda *_: _page(_rows(0, 3), count))

    assert not walked.complete


async def test_more_rows_than_the_count_says_is_incomplete() -> None:
    walked = await _walk(lambda *_: _page(_rows(0, 3), 2))

    assert not walked.complete


async def test_a_row_that_cannot_be_read_leaves_it_incomplete() -> None:
    walked = await _walk(lambda *_: _page([*_rows(0, 3), {"uuid": None}], 4))

    assert not walked.complete
    assert len(walked.invoices) == 3


async def test_second_page_refused_in_both_readings_is_incomplete() -> None:
    walked = await _walk(
        lambda offset, _: _page(_rows(0, 100), 150) if offset == 0 else httpx.Response(400)
    )

    assert not walked.complete


async def test_a_list_that_never_ends_is_given_up() -> None:
    walked = await _walk(lambda offset, _: _page(_rows(offset, offset + 1), offset + 200))

    assert not walked.complete


async def test_refused_first_page_is_raised() -> None:
    with pytest.raises(ProviderRefused):
        await _walk(lambda *_: httpx.Response(400))


async def test_a_key_refused_midway_is_raised() -> None:
    with pytest.raises(ProviderUnauthorized):
        await _walk(
            lambda offset, _: _page(_rows(0, 100), 150) if offset == 0 else httpx.Response(401)
        )


async def test_a_page_that_fails_is_raised(
    cloud: LocalCryptoCloud, client: CryptoCloud, today: date
) -> None:
    cloud.desk.insert(150)
    cloud.faults.every(Path.LIST, 2, Fault.status(502))

    with pytest.raises(Unsure):
        await client.walk(today, today)
    assert (await client.info([cloud.invoices[0].uuid]))[0].amount_in_fiat == Decimal(1)
