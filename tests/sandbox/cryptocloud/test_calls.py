"""Info, list and cancel at the local provider."""

from datetime import timedelta

import pytest

from bot.sandbox.cryptocloud import FeePayer, LimitMeans, LocalCryptoCloud
from tests.sandbox.cryptocloud.conftest import Ask, Clock

CREATE, INFO = "/invoice/create", "/invoice/merchant/info"
LIST, CANCEL = "/invoice/merchant/list", "/invoice/merchant/canceled"
TODAY = {"start": "27.01.2026", "end": "27.01.2026"}


async def test_info_takes_ids_in_both_forms_and_leaves_out_unknown_ones(
    cloud: LocalCryptoCloud, ask: Ask
) -> None:
    cloud.desk.insert(2)
    first, second = cloud.invoices

    reply = await ask(INFO, uuids=[first.uuid, second.id, "INV-NOBODY00"])

    assert [row["uuid"] for row in reply.rows] == [first.uuid, second.uuid]


async def test_info_says_what_is_to_be_paid_once_a_coin_is_settled(
    cloud: LocalCryptoCloud, ask: Ask
) -> None:
    await ask(CREATE, add_fields={"cryptocurrency": "USDT_TRC20"}, amount=9)

    (row,) = (await ask(INFO, uuids=[cloud.invoices[0].uuid])).rows

    assert row["amount"] == 10.0
    assert row["amount_to_pay"] == 10.05  # the client bears the transfer fee
    assert row["to_surcharge"] == 10.05


async def test_info_without_a_coin_does_not_say_what_is_to_be_paid(
    cloud: LocalCryptoCloud, ask: Ask
) -> None:
    await ask(CREATE)

    (row,) = (await ask(INFO, uuids=[cloud.invoices[0].uuid])).rows

    assert "amount_to_pay" not in row


async def test_fees_may_be_borne_the_other_way_round(clock: Clock) -> None:
    cloud = LocalCryptoCloud(
        clock=clock, transfer_fee_by=FeePayer.MERCHANT, service_fee_by=FeePayer.CLIENT
    )
    cloud.desk.insert(1)
    (invoice,) = cloud.invoices

    assert invoice.due == invoice.amount + invoice.service_fee


@pytest.mark.parametrize("uuids", [None, "INV-A", [5], ["INV-A"] * 101])
async def test_info_refuses_what_it_cannot_take(ask: Ask, uuids: object) -> None:
    reply = await ask(INFO, uuids=uuids)

    assert reply.status == 400
    assert "uuids" in reply.result


async def test_list_is_newest_first_with_ten_by_default(
    cloud: LocalCryptoCloud, ask: Ask, clock: Clock
) -> None:
    for _ in range(12):
        cloud.desk.insert(1)
        clock.move(timedelta(seconds=1))

    reply = await ask(LIST, **TODAY)

    assert [row["uuid"] for row in reply.rows] == [one.uuid for one in cloud.invoices[:1:-1]]
    assert reply.document["all_count"] == 12


async def test_list_keeps_to_utc_days(cloud: LocalCryptoCloud, ask: Ask, clock: Clock) -> None:
    """Under the time zone of the tests the 28th begins five hours before."""
    clock.move(timedelta(hours=11))
    cloud.desk.insert(1)
    clock.move(timedelta(hours=1))
    cloud.desk.insert(2)

    assert (await ask(LIST, **TODAY)).document["all_count"] == 1
    assert (await ask(LIST, start="28.01.2026", end="28.01.2026")).document["all_count"] == 2
    assert (await ask(LIST, start="27.01.2026", end="28.01.2026")).document["all_count"] == 3


@pytest.mark.parametrize(
    ("reading", "offset", "limit", "rows"),
    [
        (LimitMeans.PAGE_SIZE, 0, 100, 100),
        (LimitMeans.PAGE_SIZE, 100, 100, 50),
        (LimitMeans.PAGE_SIZE, 140, 5, 5),
        (LimitMeans.LAST_RECORD, 0, 100, 100),
        (LimitMeans.LAST_RECORD, 100, 100, 0),
        (LimitMeans.LAST_RECORD, 100, 200, 50),
        (LimitMeans.LAST_RECORD, 0, 1000, 100),
    ],
)
async def test_list_under_both_readings_of_limit(
    cloud: LocalCryptoCloud, ask: Ask, reading: LimitMeans, offset: int, limit: int, rows: int
) -> None:
    cloud.habits.limit_means = reading
    cloud.desk.insert(150)

    reply = await ask(LIST, **TODAY, offset=offset, limit=limit)

    assert len(reply.rows) == rows
    assert reply.document["all_count"] == 150


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"start": "2026-01-27"}, "start"),
        ({"end": None}, "end"),
        ({"offset": -1}, "offset"),
        ({"limit": "ten"}, "limit"),
        ({"limit": 101}, "limit"),
    ],
)
async def test_list_refuses_what_it_cannot_take(
    ask: Ask, body: dict[str, object], field: str
) -> None:
    reply = await ask(LIST, **{**TODAY, **body})

    assert reply.status == 400
    assert reply.result.keys() == {field}


async def test_list_lags_behind(cloud: LocalCryptoCloud, ask: Ask, clock: Clock) -> None:
    cloud.habits.list_lag = timedelta(seconds=20)
    cloud.desk.insert(1)

    clock.move(timedelta(seconds=19))
    assert (await ask(LIST, **TODAY)).document["all_count"] == 0
    clock.move(timedelta(seconds=1))
    assert (await ask(LIST, **TODAY)).document["all_count"] == 1


async def test_list_shifts_between_pages(cloud: LocalCryptoCloud, ask: Ask) -> None:
    cloud.habits.inserted_between_pages = 3
    cloud.desk.insert(20)

    first = await ask(LIST, **TODAY)
    second = await ask(LIST, **TODAY, offset=10)

    assert [row["uuid"] for row in second.rows[:3]] == [row["uuid"] for row in first.rows[-3:]]
    assert (first.document["all_count"], second.document["all_count"]) == (20, 23)


async def test_cancel_only_what_is_created(cloud: LocalCryptoCloud, ask: Ask) -> None:
    cloud.desk.insert(1)
    (invoice,) = cloud.invoices

    done = await ask(CANCEL, uuid=invoice.uuid)
    again = await ask(CANCEL, uuid=invoice.uuid)

    assert (done.status, done.document) == (200, {"status": "success", "result": ["ok"]})
    assert (again.status, again.document) == (400, {"validate_error": "Invoice is not created"})


@pytest.mark.parametrize("uuid", [None, 5, "INV-NOBODY00"])
async def test_cancel_of_an_unknown_invoice(ask: Ask, uuid: object) -> None:
    assert (await ask(CANCEL, uuid=uuid)).status == 400


async def test_address_may_come_late(cloud: LocalCryptoCloud, ask: Ask, clock: Clock) -> None:
    cloud.habits.address_lag = timedelta(seconds=5)
    made = await ask(CREATE, add_fields={"cryptocurrency": "BTC"})

    clock.move(timedelta(seconds=5))
    (row,) = (await ask(INFO, uuids=[made.result["uuid"]])).rows

    assert made.result["address"] == ""
    assert row["address"] == cloud.invoices[0].address != ""
