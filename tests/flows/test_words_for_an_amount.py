"""Typed where an amount is asked for: nothing is taken without showing that it was."""

import pytest

from bot.domain.problems import Problem
from bot.sandbox.telegram import Person
from tests.flows.driving import say, tap
from tests.flows.wording import HOW_MUCH, refusal
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("words", ["fifty", "a cake for two", "USDX please"])
async def test_words_alone_are_no_amount(house: World, seller: Person, words: str) -> None:
    await say(seller, "/invoice")
    asked = await say(seller, words)
    assert refusal(Problem.NO_AMOUNT, words) in asked.text
    assert HOW_MUCH in asked.text
    assert words not in (await say(seller, "50 EUR btc")).text


async def test_words_for_a_new_amount_leave_the_old_one_open(house: World, seller: Person) -> None:
    await say(seller, "50 EUR btc T-shirts")
    await tap(seller, "Change")
    await tap(seller, "Amount")
    assert refusal(Problem.NO_AMOUNT, "fifty") in (await say(seller, "fifty")).text
    assert "For: T-shirts" in (await say(seller, "60")).text


async def test_a_currency_alone_is_taken_and_shown(house: World, seller: Person) -> None:
    await say(seller, "/invoice")
    asked = await say(seller, "euro")
    assert asked.text.splitlines() == ["New invoice · EUR", HOW_MUCH]
    assert "New invoice · 50.00\xa0EUR" in (await say(seller, "50")).text
