"""What cannot be read: the answer repeats it, says why, and shows a line that one tap copies."""

import pytest

from bot.domain.problems import Problem
from bot.sandbox.telegram import Person
from tests.flows.driving import Made, say, settled
from tests.flows.wording import HOW_MUCH, UNKNOWN, WHICH_CURRENCY, is_card, refusal
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLE = "<code>/invoice 50 EUR</code>"

REFUSED = {
    "0 EUR": refusal(Problem.ZERO, "0"),
    "0.00 EUR": refusal(Problem.ZERO, "0.00"),
    "-5 EUR": refusal(Problem.NEGATIVE, "-5 EUR"),
    "−5 EUR": refusal(Problem.NEGATIVE, "−5 EUR"),
    "1e3 EUR": refusal(Problem.NOT_A_NUMBER, "1e3"),
    "10k EUR": refusal(Problem.NOT_A_NUMBER, "10k"),
    "NaN EUR": refusal(Problem.NOT_A_NUMBER, "NaN"),
    "50² EUR": refusal(Problem.NOT_A_NUMBER, "50²"),
    "٥٠ EUR": refusal(Problem.NOT_A_NUMBER, "٥٠"),
    "50.1234 EUR": refusal(Problem.TOO_MANY_DECIMALS, "50.1234", "EUR"),
    "50.5 JPY": refusal(Problem.TOO_MANY_DECIMALS, "50.5", "JPY"),
    "1234567890123456 EUR": refusal(Problem.TOO_MANY_DIGITS, "1234567890123456"),
    "50 NOK": refusal(Problem.UNKNOWN_CURRENCY, "NOK"),
    "50 BTC": refusal(Problem.AMOUNT_IN_COIN, "50 BTC"),
    "50 EUR USD": refusal(Problem.TWO_CURRENCIES, "50 EUR USD"),
    "50 EUR 99d": refusal(Problem.BAD_LIFETIME, "99d"),
    "50 EUR #Ж": refusal(Problem.BAD_ORDER, "#Ж"),
    "50 EUR buyer@shop": refusal(Problem.BAD_EMAIL, "buyer@shop"),
    "50 EUR usdc trc20": refusal(Problem.NO_SUCH_COIN, "usdc trc20"),
    "50 EUR " + "long " * 60: refusal(Problem.DESCRIPTION_TOO_LONG, "long " * 60),
}


@pytest.mark.parametrize("line", REFUSED)
async def test_the_answer_says_what_why_and_how(house: World, seller: Person, line: str) -> None:
    made = Made(house)
    answer = await say(seller, f"/invoice {line}")
    assert answer.text.startswith(REFUSED[line])
    assert EXAMPLE in answer.html
    await settled(house)
    assert made.bodies == []


async def test_the_example_works(house: World, seller: Person) -> None:
    made = Made(house)
    assert is_card(await say(seller, "/invoice 50 EUR"))
    assert made.one["amount"] == 50


async def test_what_was_typed_is_repeated_as_text(house: World, seller: Person) -> None:
    answer = await say(seller, "/invoice 50 EUR #<b>x</b>&amp;y")
    assert "#<b>x</b>&amp;y" in answer.text
    assert "bold" not in {entity["type"] for entity in answer.entities}


async def test_what_was_typed_is_repeated_in_one_short_line(house: World, seller: Person) -> None:
    answer = await say(seller, "/invoice 50 EUR #" + "x\u202ey" * 500)
    assert "\u202e" not in answer.text
    assert "xyxy" in answer.text
    assert "xy" * 40 not in answer.text


async def test_a_refused_answer_keeps_the_question(house: World, seller: Person) -> None:
    await say(seller, "/invoice")
    asked = await say(seller, "10k")
    assert refusal(Problem.NOT_A_NUMBER, "10k") in asked.text
    assert HOW_MUCH in asked.text
    assert WHICH_CURRENCY in (await say(seller, "10")).text


@pytest.mark.parametrize("words", ["hello", "/nonsense 50 EUR"])
async def test_small_talk_is_answered_with_an_example(
    house: World, seller: Person, words: str
) -> None:
    answer = await say(seller, words)
    assert answer.text == UNKNOWN
    assert EXAMPLE in answer.html
