"""Money is never guessed: what can be read in two ways is asked with a button for each."""

from decimal import Decimal

import pytest

from bot.sandbox.telegram import Person
from tests.flows.driving import Made, create, data_of, say, settled, tap
from tests.flows.wording import OUTDATED, WHICH_MEANT, is_card, is_summary
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("button", "amount"), [("1,000.00\xa0EUR", Decimal(1000)), ("1.00\xa0EUR", Decimal(1))]
)
async def test_an_ambiguous_amount_has_a_button_for_each_reading(
    house: World, seller: Person, button: str, amount: Decimal
) -> None:
    made = Made(house)
    question = await say(seller, "/invoice 1,000 EUR")
    assert question.labels == ["1,000.00\xa0EUR", "1.00\xa0EUR", "Cancel"]
    summary = await tap(seller, button)
    assert made.bodies == []
    assert button in summary.text
    await create(seller)
    assert made.one["amount"] == amount


async def test_no_button_carries_a_price(house: World, seller: Person) -> None:
    await say(seller, "/invoice 77.31 EUR")
    for line in ("/invoice 1,000 EUR", "/invoice"):
        question = await say(seller, line)
        values = [button.value for row in question.buttons for button in row]
        assert values
        assert not [value for value in values if "1000" in value or "77.31" in value]


async def test_both_readings_tapped_make_one_invoice(house: World, seller: Person) -> None:
    made = Made(house)
    question = await say(seller, "/invoice 1,000 EUR")
    grouped, plain = question.labels[:2]
    first = await seller.tap_data(data_of(question, grouped), question.id)
    second = await seller.tap_data(data_of(question, plain), question.id)
    await seller.answered(first)
    assert (await seller.answered(second)).text == OUTDATED
    create = await seller.tap("Create", times=3)
    await seller.answered(create)
    await seller.read(is_card)
    await settled(house)
    assert made.one["amount"] == 1000


async def test_a_reading_tapped_twice_is_one_step(house: World, seller: Person) -> None:
    made = Made(house)
    question = await say(seller, "/invoice 1,000 EUR")
    tapped = await seller.tap(question.labels[1], times=2)
    await seller.answered(tapped)
    await seller.read(is_summary, after=tapped)
    await settled(house)
    assert made.bodies == []


async def test_a_dollar_is_asked_where_it_is_not_the_chats_own(
    house: World, seller: Person
) -> None:
    await say(seller, "/settings")
    await tap(seller, "Currency")
    await tap(seller, "CAD")
    made = Made(house)
    question = await say(seller, "/invoice $50")
    assert WHICH_MEANT in question.text
    assert {label.split()[0] for label in question.labels} >= {"USD", "CAD", "AUD", "HKD", "SGD"}
    assert question.labels[0].startswith("CAD")
    await tap(seller, "CAD")
    await create(seller)
    assert made.one["currency"] == "CAD"


async def test_a_dollar_is_read_first_even_where_it_is_the_usual(
    house: World, seller: Person
) -> None:
    made = Made(house)
    summary = await say(seller, "/invoice $50")
    assert "50.00\xa0USD" in summary.text
    assert made.bodies == []


async def test_yen_or_yuan_is_asked(house: World, seller: Person) -> None:
    made = Made(house)
    question = await say(seller, "/invoice ¥500")
    assert [label.split()[0] for label in question.labels[:2]] == ["JPY", "CNY"]
    summary = await tap(seller, question.labels[1])
    assert "500.00\xa0CNY" in summary.text
    assert made.bodies == []


async def test_the_typed_answer_to_an_ambiguous_amount_counts(house: World, seller: Person) -> None:
    await say(seller, "/invoice 1,000 EUR")
    summary = await say(seller, "1000")
    assert "1,000.00\xa0EUR" in summary.text
