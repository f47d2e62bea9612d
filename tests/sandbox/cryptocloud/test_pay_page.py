"""The pay page: what it shows of an invoice, and how each button moves it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.sandbox.cryptocloud import Invoice, LocalCryptoCloud, Status
from bot.sandbox.cryptocloud.ledger import Order
from bot.sandbox.cryptocloud.rates import COINS
from tests.sandbox.cryptocloud.conftest import Clock


@pytest.fixture
def invoice(cloud: LocalCryptoCloud) -> Invoice:
    order = Order(Decimal(50), "EUR", timedelta(hours=24), coin=COINS["USDT_TRC20"])
    return cloud.ledger.add(order)


@pytest.fixture
def open_invoice(cloud: LocalCryptoCloud) -> Invoice:
    return cloud.ledger.add(Order(Decimal(50), "EUR", timedelta(hours=24)))


class Payer:
    """Asks as the page's script does."""

    def __init__(self, web: ClientSession, cloud: LocalCryptoCloud) -> None:
        self._web = web
        self.origin = cloud.url.removesuffix("/v2")

    async def look(self, invoice: Invoice) -> Any:
        async with self._web.get(f"{self.origin}/pay/{invoice.id}/state") as response:
            assert response.status == 200
            return await response.json()

    async def post(self, invoice: Invoice, path: str, **body: str) -> tuple[int, Any]:
        url = f"{self.origin}/pay/{invoice.id}/{path}"
        headers = {"Origin": self.origin}
        async with self._web.post(url, json=body, headers=headers) as response:
            is_json = response.content_type == "application/json"
            return response.status, await (response.json() if is_json else response.text())


@pytest.fixture
def payer(web: ClientSession, cloud: LocalCryptoCloud) -> Payer:
    return Payer(web, cloud)


async def test_it_is_what_the_pay_link_opens(
    cloud: LocalCryptoCloud, web: ClientSession, invoice: Invoice, payer: Payer
) -> None:
    async with web.get(f"{payer.origin}/pay/{invoice.id}") as response:
        assert response.status == 200
        assert response.content_type == "text/html"
        assert "Sandbox" in await response.text()
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


async def test_an_invoice_that_is_not_known_has_a_page_that_says_so(
    web: ClientSession, payer: Payer
) -> None:
    async with web.get(f"{payer.origin}/pay/UNKNOWN1") as response:
        assert response.status == 404
        assert "No such invoice" in await response.text()


async def test_it_shows_amount_coin_address_and_time(
    invoice: Invoice, payer: Payer, clock: Clock
) -> None:
    shown = await payer.look(invoice)
    assert (shown["amount"], shown["currency"]) == ("50", "EUR")
    assert shown["coin"]["id"] == "USDT_TRC20"
    assert Decimal(shown["due"]) == invoice.due
    assert shown["address"] == invoice.address != ""
    assert shown["expires"] - shown["now"] == 24 * 3600
    assert shown["offered"] == []


async def test_the_code_is_a_picture_of_the_address(
    web: ClientSession, invoice: Invoice, payer: Payer
) -> None:
    async with web.get(f"{payer.origin}/pay/{invoice.id}/qr.svg") as response:
        assert response.content_type == "image/svg+xml"
        assert (await response.read()).startswith(b"<?xml")


async def test_a_coin_is_chosen_first(
    web: ClientSession, open_invoice: Invoice, payer: Payer
) -> None:
    shown = await payer.look(open_invoice)
    assert (shown["coin"], shown["address"], shown["possible"]) == (None, "", ["cancel"])
    assert len(shown["offered"]) == len(COINS)
    async with web.get(f"{payer.origin}/pay/{open_invoice.id}/qr.svg") as response:
        assert response.status == 404
    status, shown = await payer.post(open_invoice, "coin", coin="BTC")
    assert (status, shown["coin"]["id"]) == (200, "BTC")
    assert shown["address"]


async def test_only_what_the_seller_offered_can_be_chosen(
    cloud: LocalCryptoCloud, payer: Payer
) -> None:
    order = Order(Decimal(5), "USD", timedelta(hours=1), offered=("BTC", "LTC"))
    invoice = cloud.ledger.add(order)
    assert [coin["id"] for coin in (await payer.look(invoice))["offered"]] == ["BTC", "LTC"]
    assert (await payer.post(invoice, "coin", coin="TRX"))[0] == 422
    assert invoice.coin is None


@pytest.mark.parametrize(
    ("deed", "status", "share"),
    [
        ("full", Status.PAID, "1"),
        ("part", Status.PARTIAL, "0.5"),
        ("more", Status.OVERPAID, "1.25"),
        ("late", Status.CANCELED, "1"),
        ("cancel", Status.CANCELED, "0"),
    ],
)
async def test_every_button_moves_the_invoice(
    invoice: Invoice, payer: Payer, deed: str, status: Status, share: str
) -> None:
    answered, shown = await payer.post(invoice, "act", deed=deed)
    assert (answered, shown["status"]) == (200, status.value)
    assert invoice.status is status
    assert abs(invoice.received - invoice.due * Decimal(share)) <= Decimal("0.00000001")


@pytest.mark.parametrize(
    ("deeds", "left"),
    [
        ((), ["full", "part", "more", "late", "cancel"]),
        (("part",), ["full", "more", "late"]),
        (("part", "full"), []),
        (("part", "late"), []),
        (("cancel",), ["late"]),
        (("cancel", "late"), []),
        (("more",), []),
    ],
)
async def test_only_what_is_still_possible_is_offered(
    invoice: Invoice, payer: Payer, deeds: tuple[str, ...], left: list[str]
) -> None:
    for deed in deeds:
        assert (await payer.post(invoice, "act", deed=deed))[0] == 200
    assert (await payer.look(invoice))["possible"] == left
    for deed in {"full", "part", "more", "late", "cancel"} - set(left):
        assert (await payer.post(invoice, "act", deed=deed))[0] == 409


async def test_time_ends_an_invoice_that_is_looked_at(
    invoice: Invoice, payer: Payer, clock: Clock
) -> None:
    clock.move(timedelta(hours=24))
    shown = await payer.look(invoice)
    assert (shown["status"], shown["possible"]) == ("canceled", ["late"])


@pytest.mark.parametrize("origin", [None, "https://other.example"])
async def test_other_sites_cannot_pay(
    web: ClientSession, invoice: Invoice, payer: Payer, origin: str | None
) -> None:
    url = f"{payer.origin}/pay/{invoice.id}/act"
    headers = {} if origin is None else {"Origin": origin}
    async with web.post(url, json={"deed": "full"}, headers=headers) as response:
        assert response.status == 403
    assert invoice.status is Status.CREATED
