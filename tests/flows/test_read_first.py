"""Lines that are shown as a summary before anything is created."""

import pytest

from bot.sandbox.telegram import Person
from tests.flows.driving import Made, create, say, settled, tap
from tests.flows.wording import HOW_MUCH, coins, is_card, is_summary, which_network
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

READ_FIRST = {
    "/invoice 1 000,50 ₽": "1,000.50\xa0RUB",
    "/invoice 1 000 EUR": "1,000.00\xa0EUR",
    "/invoice 1,000 JPY": "1,000\xa0JPY",
    "/invoice 50 EUR ton of bricks": coins("TON"),
    "/invoice 50 EUR sol for lunch": coins("SOL"),
    "/invoice 50 EUR trump cap": coins("TRUMP_SOL"),
    "/invoice 50 EUR op notes": coins("OP_OPT"),
    "/invoice 50 EUR arb fees": coins("ARB_ARB"),
    "/invoice 50 EUR 20 USD": "20 USD",
    "/invoice 50 EUR doge": "doge",
    "/invoice 50 EUR XRP, please": "XRP, please",
    "/invoice 50 pounds": "50.00\xa0GBP",
    "50 EUR": "50.00\xa0EUR",
    "€50 lunch": "lunch",
}


@pytest.mark.parametrize("line", READ_FIRST)
async def test_it_is_read_first_and_created_by_a_tap(
    house: World, seller: Person, line: str
) -> None:
    made = Made(house)
    summary = await say(seller, line)
    assert READ_FIRST[line] in summary.text
    assert is_summary(summary)
    await settled(house)
    assert made.bodies == []

    await create(seller)
    await settled(house)
    assert len(made.bodies) == 1
    assert len(house.cards(seller)) == 1


async def test_a_missing_currency_is_only_suggested_by_the_installation(
    house: World, seller: Person
) -> None:
    made = Made(house)
    summary = await say(seller, "/invoice 50")
    assert "50.00\xa0USD" in summary.text
    assert made.bodies == []


async def test_a_missing_currency_is_the_chats_own(house: World, seller: Person) -> None:
    await say(seller, "/settings")
    await tap(seller, "Currency")
    await tap(seller, "GBP")
    made = Made(house)
    assert is_card(await say(seller, "/invoice 50"))
    assert made.one["currency"] == "GBP"


async def test_a_coin_without_its_network_is_asked_about(house: World, seller: Person) -> None:
    made = Made(house)
    question = await say(seller, "/invoice 50 EUR usdt")
    assert which_network("USDT") in question.text
    summary = await tap(seller, "TRON")
    assert coins("USDT_TRC20") in summary.text
    assert made.bodies == []


async def test_a_line_without_an_amount_asks_for_it(house: World, seller: Person) -> None:
    made = Made(house)
    question = await say(seller, "/invoice EUR for lunch")
    assert HOW_MUCH in question.text
    question = await say(seller, "12")
    assert "12.00\xa0EUR" in question.text
    assert made.bodies == []
