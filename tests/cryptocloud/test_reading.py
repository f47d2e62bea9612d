"""Single fields of an invoice, in the forms the provider has been seen to write them."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.cryptocloud import CryptoCloud
from bot.domain.errors import Unsure
from bot.domain.provider import NewInvoice, ProviderInvoice
from bot.sandbox.cryptocloud import LocalCryptoCloud
from tests.cryptocloud.raw import answering, page

RESULT = json.loads(page("created_with_coin"))["result"]


async def _read(**fields: object) -> ProviderInvoice:
    document = {"status": "success", "result": RESULT | fields}
    async with answering(json.dumps(document).encode()) as client:
        return await client.create(NewInvoice(Decimal(1), "USD", "1"))


@pytest.mark.parametrize("uuid", ["89UX09KA", "INV-89UX09KA"])
async def test_ids_come_in_one_form(uuid: str) -> None:
    assert (await _read(uuid=uuid)).uuid == "INV-89UX09KA"


@pytest.mark.parametrize(
    ("link", "read"),
    [
        ("pay.cryptocloud.plus/89UX09KA", "https://pay.cryptocloud.plus/89UX09KA"),
        ("//pay.trybit.com/89UX09KA", "https://pay.trybit.com/89UX09KA"),
        ("https://pay.trybit.com/89UX09KA", "https://pay.trybit.com/89UX09KA"),
        ("http://127.0.0.1:8123/pay/89UX09KA", "http://127.0.0.1:8123/pay/89UX09KA"),
        ("https://a.example/x?lang=ru&y=%20#z", "https://a.example/x?lang=ru&y=%20#z"),
    ],
)
async def test_links_that_can_be_opened(link: str, read: str) -> None:
    assert (await _read(link=link)).link == read


@pytest.mark.parametrize(
    "link",
    [
        "",
        "success",
        "https://",
        "https:///path",
        "javascript:alert(1)",
        "ftp://pay.example/1",
        "tg://resolve?domain=x",
        "https://pay.example/a b",
        "https://pay.example/\n",
        "https://pay.example/\u202e",
        "https://pay.example/\x00",
        "https://pay.example\\@evil.example/",
        "https://pay.example@evil.example/",
        "https://pay.example:99999/",
        "https://[::1/",
        'https://pay.example/">x',
        "https://-/",
        "https://pay.example/" + "a" * 2000,
        7,
        None,
        ["https://pay.example/1"],
    ],
)
async def test_links_that_cannot_become_a_button(link: object) -> None:
    with pytest.raises(Unsure, match="unusable link"):
        await _read(link=link)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-27 09:03:58.958133", datetime(2026, 1, 27, 9, 3, 58, 958000, UTC)),
        ("2026-01-27 09:03:58", datetime(2026, 1, 27, 9, 3, 58, 0, UTC)),
        ("2026-01-27T09:03:58Z", datetime(2026, 1, 27, 9, 3, 58, 0, UTC)),
        ("2026-01-27 12:03:58+03:00", datetime(2026, 1, 27, 9, 3, 58, 0, UTC)),
        ("27.01.2026", None),
        ("", None),
        (1769504638, None),
        (None, None),
    ],
)
async def test_dates_become_aware_utc(text: object, moment: datetime | None) -> None:
    invoice = await _read(expiry_date=text)

    assert invoice.expires == moment
    assert moment is None or (invoice.expires is not None and invoice.expires.tzinfo is UTC)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1.10", "1.10"),
        ("1.499999996212864e-06", "0.000001499999996212864"),
        ("0.1234567890123456789", "0.1234567890123456789"),
        ("54", "54"),
        ('"54.5"', "54.5"),
        ("0", "0"),
        ("-1", None),
        ("1e400", None),
        ("NaN", None),
        ("true", None),
        ('"a lot"', None),
        ("[1]", None),
        ("null", None),
    ],
)
async def test_numbers_keep_every_digit(written: str, number: str | None) -> None:
    body = page("created_with_coin").replace(
        b'"amount": 0.034187', b'"amount": ' + written.encode()
    )
    async with answering(body) as client:
        amount = (await client.create(NewInvoice(Decimal(1), "USD", "1"))).amount

    assert (None if amount is None else f"{amount:f}") == number


@pytest.mark.parametrize("currency", [None, "ETH", {}, {"code": 5, "fullcode": None}])
async def test_coin_that_is_not_named(currency: object) -> None:
    assert (await _read(currency=currency)).coin is None


async def test_coin_without_its_full_code() -> None:
    assert (await _read(currency={"code": "ETH"})).coin == "ETH"


@pytest.mark.parametrize("address", ["", None, 5, "two words", "0xabc\u202edef"])
async def test_address_that_is_none(address: object) -> None:
    invoice = await _read(address=address, amount_to_pay=5)

    assert (invoice.address, invoice.coin, invoice.amount_to_pay) == (None, None, None)


async def test_info_as_documented() -> None:
    async with answering(page("info")) as client:
        (invoice,) = await client.info(["89UX09KC"])

    assert invoice.uuid == "INV-89UX09KC"
    assert invoice.status == "partial"
    assert invoice.order_id == "A-17~0123456789abcdefghij"
    assert invoice.amount_to_pay == Decimal("51.4")
    assert invoice.amount_paid == Decimal(20)
    assert invoice.received == Decimal(20)
    assert invoice.received_usd == Decimal("19.99")
    assert invoice.link == ""


async def test_info_asks_once_for_a_hundred(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    made = [await client.create(fifty) for _ in range(3)]

    asked = [one.uuid.removeprefix("INV-") for one in made] + [f"UNKNOWN{n}" for n in range(97)]
    found = await client.info(asked)

    assert [one.uuid for one in found] == [one.uuid for one in made]
    assert cloud.calls[-1].field("uuids") == [f"INV-{uuid.removeprefix('INV-')}" for uuid in asked]


async def test_info_of_more_than_a_hundred_is_not_sent(
    cloud: LocalCryptoCloud, client: CryptoCloud
) -> None:
    with pytest.raises(ValueError, match="101"):
        await client.info(["89UX09KA"] * 101)

    assert cloud.calls == []


async def test_info_of_nothing_is_not_sent(cloud: LocalCryptoCloud, client: CryptoCloud) -> None:
    assert await client.info([]) == []
    assert cloud.calls == []


async def test_info_leaves_out_a_row_it_cannot_read(caplog: pytest.LogCaptureFixture) -> None:
    document = {"status": "success", "result": [{"status": "paid"}, None, RESULT]}
    async with answering(json.dumps(document).encode()) as client:
        (invoice,) = await client.info(["89UX09KA"])

    assert invoice.uuid == "INV-89UX09KA"
    assert "a row has an unusable uuid" in caplog.text


async def test_info_that_is_no_list_is_unsure() -> None:
    async with answering(page("created_with_coin")) as client:
        with pytest.raises(Unsure, match="no list"):
            await client.info(["89UX09KA"])


@pytest.mark.parametrize("result", ["ok", ["ok"]])
async def test_both_forms_of_a_done_cancellation(result: object) -> None:
    async with answering(json.dumps({"status": "success", "result": result}).encode()) as client:
        await client.cancel("INV-89UX09KA")


@pytest.mark.parametrize("prefix", ["", "INV-"])
async def test_cancel(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice, prefix: str
) -> None:
    made = await client.create(fifty)

    await client.cancel(prefix + made.uuid.removeprefix("INV-"))

    assert cloud.calls[-1].field("uuid") == made.uuid
    assert cloud.invoices[0].status == "canceled"
