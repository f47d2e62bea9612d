"""Buttons of another time, place or person: each is answered, none creates."""

import pytest

from bot.sandbox.telegram import Message, Person
from tests.flows.driving import Made, alert, create, data_of, say, settled, shown, tap
from tests.flows.wording import (
    CREATED_ALREADY,
    CREATING,
    HOW_MUCH,
    NOT_ALLOWED,
    NOT_YOURS,
    OUTDATED,
    WHICH_COIN,
    WHICH_CURRENCY,
    is_card,
    is_summary,
)
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


def values(message: Message) -> list[str]:
    return [button.value for row in message.buttons for button in row]


async def test_an_older_revision_shows_how_it_stands(house: World, seller: Person) -> None:
    await say(seller, "/invoice")
    earlier = await say(seller, "5")
    now = await say(seller, "EUR")
    assert WHICH_CURRENCY in earlier.text
    for value in values(earlier):
        assert await alert(seller, value, earlier.id) == OUTDATED
    await settled(house)
    assert WHICH_COIN in next(m for m in shown(seller) if m.id == now.id).text


async def test_a_new_conversation_takes_the_place_of_the_open_one(
    house: World, seller: Person
) -> None:
    made = Made(house)
    old = await say(seller, "50 EUR")
    new = await say(seller, "/invoice")
    await settled(house)
    assert old.id not in {message.id for message in shown(seller)}
    # A second device may still show it.
    for value in values(old):
        assert await alert(seller, value, new.id) == NOT_YOURS
    await settled(house)
    assert made.bodies == []
    assert HOW_MUCH in shown(seller)[-1].text


async def test_an_ended_conversation(house: World, seller: Person) -> None:
    made = Made(house)
    summary = await say(seller, "50 EUR")
    await tap(seller, "Cancel")
    for value in values(summary):
        assert await alert(seller, value, summary.id) == NOT_YOURS
    await settled(house)
    assert made.bodies == []


async def test_a_summary_that_was_created_from(house: World, seller: Person) -> None:
    made = Made(house)
    summary = await say(seller, "50 EUR")
    card = await create(seller)
    for value in values(summary):
        assert await alert(seller, value, card.id) in (CREATING, CREATED_ALREADY)
    await settled(house)
    assert len(made.bodies) == 1
    assert is_card(shown(seller)[-1])


async def test_a_summary_that_was_created_from_before_another_conversation(
    house: World, seller: Person
) -> None:
    made = Made(house)
    summary = await say(seller, "50 EUR")
    card = await create(seller)
    await say(seller, "/invoice")
    for value in values(summary):
        assert await alert(seller, value, card.id) == CREATED_ALREADY
    await settled(house)
    assert len(made.bodies) == 1


async def test_another_sellers_button_in_a_group(house: World, seller: Person) -> None:
    other = house.telegram.person(6001, "Seller")
    await house.admit(other)
    group = house.telegram.group(-100_6001, "Shop", [seller, other])
    made = Made(house)
    asked = await say(seller, "/invoice 1,000 EUR", chat=group)
    for value in values(asked):
        assert await alert(other, value, asked.id, chat=group) == NOT_YOURS
    await settled(house)
    assert made.bodies == []
    assert shown(seller, group)[-1].text == asked.text


async def test_a_strangers_tap_in_a_group(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_6002, "Shop", [seller, house.stranger])
    made = Made(house)
    asked = await say(seller, "/invoice $50", chat=group)
    for value in values(asked):
        assert await alert(house.stranger, value, asked.id, chat=group) == NOT_ALLOWED
    await settled(house)
    assert made.bodies == []


async def test_a_button_of_another_chat(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_6003, "Shop", [seller])
    made = Made(house)
    in_group = await say(seller, "/invoice $50", chat=group)
    in_private = await say(seller, "60 EUR")
    create_there = data_of(in_group, "Create")
    create_here = data_of(in_private, "Create")
    assert await alert(seller, create_there, in_private.id) == NOT_YOURS
    assert await alert(seller, create_here, in_group.id, chat=group) == NOT_YOURS
    await settled(house)
    assert made.bodies == []
    assert is_summary(shown(seller)[-1])


async def test_the_menu_button_of_an_old_greeting_begins_anew(house: World, seller: Person) -> None:
    first = await tap(seller, "New invoice")
    second = await tap(seller, "New invoice")
    assert HOW_MUCH in second.text
    await settled(house)
    assert first.id not in {message.id for message in shown(seller)}
