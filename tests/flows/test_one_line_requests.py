"""Every kind of line that product.md shows, as the provider hears it and as the card says it."""

from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from bot.sandbox.telegram import Person
from tests.flows.driving import Made, say, settled
from tests.flows.wording import coins, is_card
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIFTY = {"amount": 50, "currency": "EUR"}
DAY = {"time_to_pay": {"hours": 24, "minutes": 0}}

LINES: dict[str, tuple[dict[str, Any], str]] = {
    "50 EUR": (FIFTY, coins()),
    "50eur": (FIFTY, "50.00\xa0EUR"),
    "EUR 50": (FIFTY, "50.00\xa0EUR"),
    "€50": (FIFTY, "50.00\xa0EUR"),
    "49.90 EUR": ({"amount": Decimal("49.90"), "currency": "EUR"}, "49.90\xa0EUR"),
    "500 JPY": ({"amount": 500, "currency": "JPY"}, "500\xa0JPY"),
    "50 EUR usdt trc20": (
        FIFTY | {"add_fields": {"cryptocurrency": "USDT_TRC20"}},
        coins("USDT_TRC20"),
    ),
    "50 EUR ton": (FIFTY | {"add_fields": {"cryptocurrency": "TON"}}, coins("TON")),
    "50 EUR BTC,ETH": (
        FIFTY | {"add_fields": {"available_currencies": ["BTC", "ETH"]}},
        coins("BTC", "ETH"),
    ),
    "50 EUR 24h": (FIFTY | {"add_fields": DAY}, "UTC"),
    "50 EUR 90m": (
        FIFTY | {"add_fields": {"time_to_pay": {"hours": 1, "minutes": 30}}},
        "UTC",
    ),
    "50 EUR #A-17": (FIFTY, "#A-17"),
    "50 EUR buyer@mail.com": (FIFTY | {"email": "buyer@mail.com"}, "50.00\xa0EUR"),
    "50 EUR 2 T-shirts": (FIFTY, "2 T-shirts"),
    "50 EUR — usdt trc20": (FIFTY, "usdt trc20"),
    "50 EUR\nusdt trc20": (FIFTY, "usdt trc20"),
    "50 EUR usdt trc20 24h #A-17 buyer@mail.com two T-shirts": (
        FIFTY | {"add_fields": {"cryptocurrency": "USDT_TRC20"} | DAY, "email": "buyer@mail.com"},
        "two T-shirts",
    ),
}


@pytest.mark.parametrize("line", LINES)
async def test_a_clear_line_is_created_at_once(house: World, seller: Person, line: str) -> None:
    made = Made(house)
    card = await say(seller, f"/invoice {line}")
    await settled(house)

    assert is_card(card)
    body, words = LINES[line]
    called = made.one
    called.pop("shop_id")
    called.pop("order_id")
    assert called == body
    assert words in card.text
    assert len(house.cards(seller)) == 1


@pytest.mark.parametrize("command", ["/invoice@local_invoice_bot 50 EUR", "/invoice\n50 EUR"])
async def test_the_command_may_be_addressed_or_end_its_line(
    house: World, seller: Person, command: str
) -> None:
    made = Made(house)
    assert is_card(await say(seller, command))
    assert made.one["amount"] == 50


async def test_the_order_number_stands_before_our_id(house: World, seller: Person) -> None:
    made = Made(house)
    await say(seller, "/invoice 50 EUR #A-17")
    order, _, number = made.one["order_id"].partition("~")
    assert order == "A-17"
    assert len(number) == 20


async def test_the_buyers_e_mail_is_not_on_the_card(house: World, seller: Person) -> None:
    card = await say(seller, "/invoice 50 EUR buyer@mail.com")
    assert "buyer@mail.com" not in card.text


async def test_with_a_coin_the_card_has_the_address_and_what_is_to_be_sent(
    house: World, seller: Person
) -> None:
    card = await say(seller, "/invoice 50 EUR usdt trc20")
    invoice = house.cloud.invoices[-1]
    assert f"<code>{invoice.address}</code>" in card.html
    assert f"<code>{invoice.due.normalize():f}</code>" in card.html


async def test_the_card_passes_the_link_on(house: World, seller: Person) -> None:
    card = await say(seller, "/invoice 50 EUR")
    link = card.buttons[0][0].value
    assert (await seller.tap("Copy link", message=card.id)).copied == link
    share = (await seller.tap("Send to buyer", message=card.id)).url
    assert share is not None
    opens = quote(
        f"https://t.me/local_invoice_bot?start={house.cloud.invoices[-1].order.order_id}", safe=""
    )
    assert share.startswith(f"https://t.me/share/url?url={opens}&")
