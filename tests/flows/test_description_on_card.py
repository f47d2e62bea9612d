"""What people type is shown as text: nothing in it may be markup, nor turn the card around."""

import pytest

from bot.sandbox.telegram import Person
from tests.flows.driving import Made, say
from tests.flows.wording import is_card
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOSTILE = [
    "<b>bold</b>",
    "<script>alert(1)</script>",
    '<a href="https://example.com">Pay here</a>',
    "&amp; &lt; &#60;",
    "</code></b>",
    "{amount} {0} {} %s %(x)s",
    "Cake 🎂 👩‍👩‍👧 שלום",
]


@pytest.mark.parametrize("description", HOSTILE)
async def test_markup_in_a_description_is_text(
    house: World, seller: Person, description: str
) -> None:
    card = await say(seller, f"/invoice 50 EUR — {description}")
    assert is_card(card)
    assert f" {description}\n" in card.text
    assert "text_link" not in {entity["type"] for entity in card.entities}
    assert len([entity for entity in card.entities if entity["type"] == "bold"]) == 1


async def test_nothing_turns_the_card_around(house: World, seller: Person) -> None:
    marks = "\u202e\u202d\u2066\u2067\u200f\u061c\u200b"
    made = Made(house)
    card = await say(seller, f"/invoice 50 EUR — a{marks}b")
    assert " ab\n" in card.text
    assert made.one["amount"] == 50


async def test_a_label_given_by_the_admin_is_text_too(house: World) -> None:
    person = house.telegram.person(4001, "Seller")
    await house.admit(person, "<i>A & B</i>")
    card = await say(person, "/invoice 50 EUR")
    assert "<i>A & B</i>, Sandbox shop" in card.text


async def test_the_name_of_the_seller_is_nowhere(house: World) -> None:
    person = house.telegram.person(4002, "Self-chosen name", username="self_chosen")
    await house.admit(person)
    card = await say(person, "/invoice 50 EUR")
    assert "elf-chosen" not in card.text
    assert "self_chosen" not in card.text
