"""*Change* on a summary: each field anew, all others kept."""

import pytest

from bot.sandbox.telegram import Person
from tests.flows.driving import Made, create, say, tap
from tests.flows.wording import HOW_MUCH, WHICH_COIN, coins, is_summary
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINE = "50 EUR usdt trc20 24h #A-17 lunch"

# What leads to a new value, what the summary then says, and what it said before.
CHANGES = {
    "amount": (("[Amount]", "60"), "60.00\xa0EUR", "50.00"),
    "currency": (("[Currency]", "[GBP £]"), "50.00\xa0GBP", "EUR"),
    "currency typed": (("[Currency]", "pounds"), "50.00\xa0GBP", "EUR"),
    "coin": (("[Coin]", "[BTC]"), coins("BTC"), coins("USDT_TRC20")),
    "buyer chooses": (("[Coin]", "[Buyer chooses]"), coins(), coins("USDT_TRC20")),
    "network": (("[Coin]", "[USDT]", "[Solana]"), coins("USDT_SOL"), coins("USDT_TRC20")),
    "lifetime": (("[Time to pay]", "[3 hours]"), "3 hours", "1 day"),
    "lifetime typed": (("[Time to pay]", "90m"), "1 hour 30 minutes", "1 day"),
    "description": (("[Description]", "dinner"), "dinner", "lunch"),
    "no description": (("[Description]", "[Remove description]"), "#A-17", "lunch"),
    "typed at once": (("3h dinner",), "dinner", "lunch"),
    "order": (("#B-18",), "#B-18", "#A-17"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_field_changes_and_the_others_stay(
    house: World, seller: Person, change: str
) -> None:
    made = Made(house)
    before = await say(seller, LINE)
    message = await tap(seller, "Change")
    ways, now, then = CHANGES[change]
    for part in ways:
        message = await (tap(seller, part[1:-1]) if part[0] == "[" else say(seller, part))
    assert is_summary(message)
    assert message.id == before.id
    assert now in message.text
    assert then not in message.text
    kept = [line for line in before.text.splitlines() if line in message.text.splitlines()]
    assert len(kept) >= len(before.text.splitlines()) - 2
    await create(seller)
    assert len(made.bodies) == 1


async def test_all_currencies_are_offered_when_one_is_to_be_changed(
    house: World, seller: Person
) -> None:
    await say(seller, "50 EUR")
    await tap(seller, "Change")
    asked = await tap(seller, "Currency")
    assert len(asked.labels) == 25 + len(["‹ Back", "Cancel"])


async def test_an_amount_that_the_new_currency_cannot_have_is_asked_anew(
    house: World, seller: Person
) -> None:
    await say(seller, "49.90 EUR btc")
    await tap(seller, "Change")
    await tap(seller, "Currency")
    assert HOW_MUCH in (await say(seller, "JPY")).text
    summary = await say(seller, "5000")
    assert "5,000\xa0JPY" in summary.text
    assert coins("BTC") in summary.text


async def test_an_asset_typed_at_the_summary_asks_for_its_network(
    house: World, seller: Person
) -> None:
    await say(seller, "50 EUR btc")
    asked = await say(seller, "usdt")
    assert "Solana" in asked.labels
    assert WHICH_COIN in (await tap(seller, "‹ Back")).text


async def test_a_new_line_typed_at_the_summary_changes_what_it_names(
    house: World, seller: Person
) -> None:
    await say(seller, LINE)
    summary = await say(seller, "60 USD")
    assert "60.00\xa0USD" in summary.text
    assert coins("USDT_TRC20") in summary.text


async def test_the_description_may_be_as_long_as_a_card_has_room(
    house: World, seller: Person
) -> None:
    await say(seller, "50 EUR")
    await tap(seller, "Change")
    await tap(seller, "Description")
    refused = await say(seller, "x" * 241)
    assert not is_summary(refused)
    summary = await say(seller, "x" * 240)
    assert is_summary(summary)
    assert "x" * 240 in (await create(seller)).text
