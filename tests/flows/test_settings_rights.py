"""Who may change the settings of a chat: sellers, and in a group those who administer it."""

import pytest

from bot.sandbox.telegram import Person
from tests.flows.driving import alert, say, settled, shown, tap
from tests.flows.wording import (
    CASHIER,
    NOT_ALLOWED,
    NOT_YOURS,
    ONLY_GROUP_ADMINS,
    STRANGER,
    is_card,
    is_summary,
)
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

TAPS = ["s:currency:GBP", "s:coin:BTC", "s:lifetime:60", "s:language:ru", "s:menu:"]


async def test_a_seller_who_administers_the_group(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_8001, "Shop", [], admins=[seller])
    await say(seller, "/settings", chat=group)
    for button in ("Currency", "GBP"):
        await tap(seller, button, chat=group)
    assert is_card(await say(seller, "/invoice 50", chat=group))
    assert is_summary(await say(seller, "/invoice 50"))  # the private chat has its own


async def test_a_seller_who_does_not(house: World, seller: Person) -> None:
    owner = house.telegram.person(8101, "Seller")
    await house.admit(owner)
    group = house.telegram.group(-100_8002, "Shop", [seller], admins=[owner])
    assert (await say(seller, "/settings", chat=group)).text == ONLY_GROUP_ADMINS
    menu = await say(owner, "/settings", chat=group)
    for data in TAPS:
        assert await alert(seller, data, menu.id, chat=group) == ONLY_GROUP_ADMINS
    await settled(house)
    assert shown(owner, group)[-1].text == menu.text
    assert is_summary(await say(owner, "/invoice 50", chat=group))


async def test_a_group_admin_who_is_no_seller(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_8003, "Shop", [seller], admins=[house.stranger])
    before = len(shown(seller, group))
    await house.stranger.send("/settings", chat=group)
    await settled(house)
    assert len(shown(seller, group)) == before


async def test_an_admin_of_the_bot_in_any_group(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_8004, "Shop", [seller, house.admin])
    await say(house.admin, "/settings", chat=group)
    for button in ("Currency", "GBP"):
        await tap(house.admin, button, chat=group)
    assert is_card(await say(seller, "/invoice 50", chat=group))


async def test_a_cashier(house: World) -> None:
    cashier = house.telegram.person(8105, "Cashier")
    await house.admit(cashier, cashier=True)
    answer = await say(cashier, "/settings")
    assert (answer.text, answer.buttons) == (CASHIER, ())
    for data in TAPS:
        assert await alert(cashier, data, answer.id) == NOT_YOURS
    assert is_summary(await say(cashier, "/invoice 50"))


async def test_a_stranger(house: World) -> None:
    stranger = house.telegram.person(8106, "Stranger")
    answer = await say(stranger, "/settings")
    assert (answer.text, answer.buttons) == (STRANGER, ())
    for data in TAPS:
        assert await alert(stranger, data, answer.id) == NOT_ALLOWED
