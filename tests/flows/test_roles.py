"""Admins change roles and remove people, at once; nobody else does."""

from tests.flows.driving import Made, alert, create, data_of, say, settled, shown, tap
from tests.flows.wording import (
    ADMINS_ONLY,
    CASHIER,
    HOW_MUCH,
    NOT_ALLOWED,
    NOT_YOURS,
    SELLER_GONE,
    STRANGER,
    is_card,
)
from tests.world import ADMIN_ID, SELLER_ID, STRANGER_ID, World

TAPS = [f"w:{do}:{SELLER_ID}" for do in ("open", "seller", "cashier", "remove")] + ["w:list:0"]


async def remove_seller(world: World) -> None:
    await say(world.admin, "/sellers")
    await tap(world.admin, "Flower shop")
    await tap(world.admin, "Remove")


async def test_removal_takes_effect_at_once(world: World) -> None:
    await remove_seller(world)
    assert (await say(world.seller, "/invoice 50 EUR")).text == STRANGER
    assert world.created == []


async def test_removal_takes_effect_in_an_open_conversation(world: World) -> None:
    summary = await say(world.seller, "50 EUR")
    await remove_seller(world)
    assert await alert(world.seller, data_of(summary, "Create"), summary.id) == NOT_ALLOWED
    assert (await say(world.seller, "60 EUR")).text == STRANGER
    await settled(world)
    assert world.created == []


async def test_the_cards_of_a_removed_seller_stay(world: World) -> None:
    card = await say(world.seller, "/invoice 50 EUR")
    await remove_seller(world)
    await settled(world)
    assert card in world.cards(world.seller)


async def test_a_removal_tapped_twice(world: World) -> None:
    await say(world.admin, "/sellers")
    page = await tap(world.admin, "Flower shop")
    value = data_of(page, "Remove")
    assert await alert(world.admin, value, page.id) != SELLER_GONE
    for again in (value, value.replace("remove", "seller"), value.replace("remove", "open")):
        assert await alert(world.admin, again, page.id) == SELLER_GONE
    assert (await say(world.seller, "/invoice 50 EUR")).text == STRANGER


async def test_a_role_is_changed_and_changed_back(world: World) -> None:
    await say(world.admin, "/sellers")
    await tap(world.admin, "Flower shop")
    await tap(world.admin, "Make a cashier")
    assert (await say(world.seller, "/settings")).text == CASHIER
    assert is_card(await say(world.seller, "/invoice 50 EUR"))
    await tap(world.admin, "Make a seller")
    assert (await say(world.seller, "/settings")).buttons


async def test_a_role_set_twice_is_the_same_role(world: World) -> None:
    await say(world.admin, "/sellers")
    page = await tap(world.admin, "Flower shop")
    value = data_of(page, "Make a cashier")
    for _ in range(3):
        await world.admin.answered(await world.admin.tap_data(value, page.id))
    await settled(world)
    assert (await say(world.seller, "/settings")).text == CASHIER


async def test_a_cashier_creates_in_every_way(world: World) -> None:
    cashier = world.telegram.person(3005, "Cashier")
    await world.admit(cashier, "Till 1", cashier=True)
    made = Made(world)
    assert "Till 1" in (await say(cashier, "/invoice 50 EUR")).text
    assert HOW_MUCH in (await say(cashier, "/invoice")).text
    await say(cashier, "60 EUR btc")
    await create(cashier)
    assert len(made.bodies) == 2


async def test_sellers_and_cashiers_have_no_say(world: World) -> None:
    cashier = world.telegram.person(3005, "Cashier")
    await world.admit(cashier, "Till 1", cashier=True)
    for person in (world.seller, cashier):
        for command in ("/sellers", "/invite Somebody", "/invite_cashier Somebody"):
            answer = await say(person, command)
            assert (answer.text, answer.buttons) == (ADMINS_ONLY, ())
        for data in TAPS:
            assert await alert(person, data, answer.id) == NOT_YOURS
    assert (await say(world.admin, "/sellers")).labels == ["Flower shop", "Till 1"]
    assert (await say(world.seller, "/settings")).buttons


async def test_forged_taps_of_an_admin_are_answered(world: World) -> None:
    page = await say(world.admin, "/sellers")
    for data in (
        f"w:seller:{STRANGER_ID}",
        f"w:open:{ADMIN_ID}",
        "w:remove:-1",
        "w:open:" + "9" * 40,
    ):
        assert await alert(world.admin, data, page.id) == SELLER_GONE
    await world.admin.answered(await world.admin.tap_data(f"w:nope:{SELLER_ID}", page.id))
    await settled(world)
    assert (await say(world.admin, "/sellers")).labels == ["Flower shop"]
    assert (await say(world.stranger, "/invoice 50 EUR")).text == STRANGER


async def test_lists_of_people_stay_out_of_groups(world: World) -> None:
    group = world.telegram.group(-100_9201, "Shop", [world.admin, world.seller])
    for command in ("/sellers", "/invite Somebody"):
        await world.admin.send(command, chat=group)
    await settled(world)
    assert shown(world.admin, group) == []


async def test_an_admin_is_a_seller_too(world: World) -> None:
    assert is_card(await say(world.admin, "/invoice 50 EUR"))
