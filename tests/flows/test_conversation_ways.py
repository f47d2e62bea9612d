"""From `/invoice` to the card: by taps, by typing, by both."""

import pytest

from bot.sandbox.telegram import Person
from tests.flows.driving import Made, create, data_of, say, settled, shown, tap
from tests.flows.wording import (
    HOW_MUCH,
    WHICH_COIN,
    WHICH_CURRENCY,
    coins,
    is_summary,
    which_network,
)
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_by_taps_alone(house: World, seller: Person) -> None:
    await say(seller, "/invoice 120 EUR")
    made = Made(house)
    asked = await tap(seller, "New invoice")
    assert HOW_MUCH in asked.text
    asked = await tap(seller, asked.labels[0])
    assert "120.00\xa0EUR" in asked.text
    assert WHICH_COIN in asked.text
    asked = await tap(seller, "USDT")
    assert which_network("USDT") in asked.text
    summary = await tap(seller, "TRON")
    assert is_summary(summary)
    assert coins("USDT_TRC20") in summary.text
    await create(seller)
    assert made.one["amount"] == 120
    assert made.one["add_fields"] == {"cryptocurrency": "USDT_TRC20"}


async def test_by_typing_alone(house: World, seller: Person) -> None:
    made = Made(house)
    for text, shows in (
        ("/invoice", HOW_MUCH),
        ("49,90", WHICH_CURRENCY),
        ("euro", WHICH_COIN),
        ("usdt", which_network("USDT")),
        ("ton", coins("USDT_TON")),
    ):
        asked = await say(seller, text)
        assert shows in asked.text
    assert is_summary(asked)
    assert made.bodies == []
    await create(seller)
    assert str(made.one["amount"]) == "49.90"
    assert made.one["add_fields"] == {"cryptocurrency": "USDT_TON"}


async def test_by_both(house: World, seller: Person) -> None:
    made = Made(house)
    await say(seller, "/invoice")
    await say(seller, "7")
    await tap(seller, "GBP £")
    summary = await say(seller, "btc")
    assert is_summary(summary)
    summary = await say(seller, "24h #A-17 two T-shirts")
    for words in ("two T-shirts", "#A-17", coins("BTC"), "7.00\xa0GBP"):
        assert words in summary.text
    card = await create(seller)
    assert "two T-shirts" in card.text
    assert made.one["order_id"].startswith("A-17~")
    assert made.one["add_fields"]["time_to_pay"] == {"hours": 24, "minutes": 0}


async def test_the_whole_line_may_be_typed_at_the_first_question(
    house: World, seller: Person
) -> None:
    await say(seller, "/invoice")
    summary = await say(seller, "50 EUR usdt trc20 lunch")
    assert is_summary(summary)
    assert coins("USDT_TRC20") in summary.text


async def test_a_new_amount_may_be_typed_at_a_later_question(house: World, seller: Person) -> None:
    await say(seller, "/invoice")
    await say(seller, "50 EUR")
    asked = await say(seller, "60 USD")
    assert "60.00\xa0USD" in asked.text
    assert WHICH_COIN in asked.text


@pytest.mark.parametrize("words", ["any", "buyer chooses"])
async def test_the_coin_may_be_left_to_the_buyer_in_words(
    house: World, seller: Person, words: str
) -> None:
    await say(seller, "/invoice")
    await say(seller, "50 EUR")
    summary = await say(seller, words)
    assert is_summary(summary)
    assert coins() in summary.text


async def test_several_coins_may_be_typed(house: World, seller: Person) -> None:
    await say(seller, "/invoice")
    await say(seller, "50 EUR")
    summary = await say(seller, "btc, eth")
    assert coins("BTC", "ETH") in summary.text


async def test_an_asset_on_one_network_needs_no_second_question(
    house: World, seller: Person
) -> None:
    await say(seller, "/invoice")
    await say(seller, "50 EUR")
    assert is_summary(await tap(seller, "BTC"))


async def test_defaults_and_recent_amounts_are_buttons(house: World, seller: Person) -> None:
    await say(seller, "/settings")
    for button in ("Currency", "EUR", "Coin", "USDT", "TRON (TRC20)"):
        await tap(seller, button)
    for line in ("/invoice 11 EUR btc", "/invoice 89.90 USD btc"):
        await say(seller, line)
        await settled(house)
    asked = await say(seller, "/invoice")
    assert asked.labels[:2] == ["89.90\xa0USD", "11.00\xa0EUR"]
    # No price is in what buttons carry; ids there have neither an 8 nor a 9.
    assert not [
        value for value in (data_of(asked, label) for label in asked.labels) if "89" in value
    ]
    asked = await say(seller, "33")
    assert asked.labels[0].startswith("EUR")
    asked = await tap(seller, asked.labels[0])
    assert coins("USDT_TRC20").removesuffix(" only") in asked.labels[0]
    summary = await tap(seller, asked.labels[0])
    assert coins("USDT_TRC20") in summary.text


async def test_the_conversation_is_one_message(house: World, seller: Person) -> None:
    asked = await say(seller, "/invoice")
    count = len(shown(seller))
    for text in ("5", "EUR", "usdt", "trc20", "lunch"):
        assert (await say(seller, text)).id == asked.id
    assert len(shown(seller)) == count
    typed = [message.text for message in seller.messages() if not message.from_bot]
    assert typed == [typed[0], "/invoice"]
    card = await create(seller)
    assert card.id == asked.id
    assert len(shown(seller)) == count
