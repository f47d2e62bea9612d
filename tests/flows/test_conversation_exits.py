"""A way back and a way out at every step."""

from collections.abc import Sequence

import pytest

from bot.sandbox.telegram import Message, Person
from tests.flows.driving import Made, say, settled, shown, tap
from tests.flows.wording import (
    CANCELLED,
    HOW_LONG,
    HOW_MUCH,
    NOT_YOURS,
    NOTHING_TO_CANCEL,
    UNKNOWN,
    WHAT_FOR,
    WHICH_CHANGE,
    WHICH_COIN,
    WHICH_CURRENCY,
    is_summary,
)
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What is typed (plain) or tapped (in brackets) to come to a step.
STEPS: dict[str, Sequence[str]] = {
    "amount": (),
    "currency": ("5",),
    "coin": ("5 EUR",),
    "network": ("5 EUR", "[USDT]"),
    "summary": ("5 EUR", "[BTC]"),
    "change": ("5 EUR", "[BTC]", "[Change]"),
    "lifetime": ("5 EUR", "[BTC]", "[Change]", "[Time to pay]"),
    "details": ("5 EUR", "[BTC]", "[Change]", "[Description]"),
}


async def go_to(seller: Person, step: str) -> Message:
    message = await say(seller, "/invoice")
    for part in STEPS[step]:
        message = await (tap(seller, part[1:-1]) if part[0] == "[" else say(seller, part))
    return message


@pytest.mark.parametrize("step", STEPS)
async def test_cancel_is_a_button(house: World, seller: Person, step: str) -> None:
    made = Made(house)
    asked = await go_to(seller, step)
    ended = await tap(seller, "Cancel")
    assert (ended.id, ended.text, ended.buttons) == (asked.id, CANCELLED, ())
    await settled(house)
    assert made.bodies == []
    assert (await say(seller, "hello")).text == UNKNOWN


@pytest.mark.parametrize("step", STEPS)
async def test_cancel_is_a_command(house: World, seller: Person, step: str) -> None:
    made = Made(house)
    asked = await go_to(seller, step)
    ended = await say(seller, "/cancel")
    assert (ended.id, ended.text, ended.buttons) == (asked.id, CANCELLED, ())
    await settled(house)
    assert made.bodies == []
    assert (await say(seller, "/cancel")).text == NOTHING_TO_CANCEL


BACK = {
    "currency": HOW_MUCH,
    "coin": WHICH_CURRENCY,
    "network": WHICH_COIN,
    "summary": WHICH_COIN,
    "lifetime": WHICH_CHANGE,
    "details": WHICH_CHANGE,
}


@pytest.mark.parametrize("step", BACK)
async def test_back_is_the_question_before(house: World, seller: Person, step: str) -> None:
    asked = await go_to(seller, step)
    before = await tap(seller, "‹ Back")
    assert before.id == asked.id
    assert BACK[step] in before.text


async def test_back_from_change_is_the_summary(house: World, seller: Person) -> None:
    await go_to(seller, "change")
    assert is_summary(await tap(seller, "‹ Back"))


async def test_the_first_question_has_no_way_back(house: World, seller: Person) -> None:
    assert (await go_to(seller, "amount")).labels == ["Cancel"]


async def test_all_the_way_back_and_on_again(house: World, seller: Person) -> None:
    await go_to(seller, "network")
    for shows in (WHICH_COIN, WHICH_CURRENCY, HOW_MUCH):
        assert shows in (await tap(seller, "‹ Back")).text
    assert WHICH_COIN in (await say(seller, "6 USD")).text
    summary = await tap(seller, "Buyer chooses")
    assert "6.00\xa0USD" in summary.text


async def test_a_cancelled_conversation_says_so_on_old_buttons(
    house: World, seller: Person
) -> None:
    asked = await go_to(seller, "coin")
    await tap(seller, "Cancel")
    for row in asked.buttons:
        for button in row:
            tapped = await seller.tap_data(button.value, asked.id)
            assert (await seller.answered(tapped)).text == NOT_YOURS
    assert shown(seller)[-1].text == CANCELLED


async def test_questions_about_time_and_purpose_take_typed_answers(
    house: World, seller: Person
) -> None:
    assert HOW_LONG in (await go_to(seller, "lifetime")).text
    assert is_summary(await say(seller, "90 m"))
    await tap(seller, "Change")
    assert WHAT_FOR in (await tap(seller, "Description")).text
    assert "50 EUR of bread" in (await say(seller, "50 EUR of bread")).text
