"""The settings of a chat: each is set, applied to the next invoice, and unset again."""

import pytest

from bot.sandbox.telegram import Message, Person
from tests.flows.driving import Made, alert, say, settled, shown, tap
from tests.flows.wording import NOT_YOURS, RU, coins, is_card, is_summary
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

MENU = ["Currency", "Coin", "Time to pay", "Reminder", "Language", "Done"]


async def choose(seller: Person, *buttons: str) -> Message:
    message = await say(seller, "/settings")
    for button in buttons:
        message = await tap(seller, button, message=message.id)
    return message


async def test_all_is_one_message(house: World, seller: Person) -> None:
    menu = await say(seller, "/settings")
    assert menu.labels == MENU
    for page in MENU[:-1]:
        assert (await tap(seller, page)).id == menu.id
        back = await tap(seller, "‹ Back")
        assert (back.id, back.labels) == (menu.id, MENU)
    done = await tap(seller, "Done")
    assert (done.id, done.buttons) == (menu.id, ())


async def test_the_currency(house: World, seller: Person) -> None:
    made = Made(house)
    menu = await choose(seller, "Currency", "GBP")
    assert menu.labels == MENU
    assert "GBP" in menu.text
    assert is_card(await say(seller, "/invoice 50"))
    assert made.one["currency"] == "GBP"
    menu = await choose(seller, "Currency", "Reset")
    assert "GBP" not in menu.text
    assert is_summary(await say(seller, "/invoice 50"))


async def test_the_coin(house: World, seller: Person) -> None:
    made = Made(house)
    menu = await choose(seller, "Coin", "USDT", "TRON (TRC20)")
    assert coins("USDT_TRC20") in menu.text
    assert coins("USDT_TRC20") in (await say(seller, "/invoice 50 EUR")).text
    assert coins("BTC") in (await say(seller, "/invoice 50 EUR btc")).text
    menu = await choose(seller, "Coin", "Buyer chooses")
    assert coins() in menu.text
    assert coins() in (await say(seller, "/invoice 51 EUR")).text
    given = [body.get("add_fields", {}).get("cryptocurrency") for body in made.bodies]
    assert given == ["USDT_TRC20", "BTC", None]


async def test_the_time_to_pay(house: World, seller: Person) -> None:
    made = Made(house)
    menu = await choose(seller, "Time to pay", "3 hours")
    assert "3 hours" in menu.text
    await say(seller, "/invoice 50 EUR")
    await say(seller, "/invoice 50 EUR 24h")
    menu = await choose(seller, "Time to pay", "Reset")
    assert "3 hours" not in menu.text
    await say(seller, "/invoice 51 EUR")
    given = [body.get("add_fields", {}).get("time_to_pay") for body in made.bodies]
    assert given == [{"hours": 3, "minutes": 0}, {"hours": 24, "minutes": 0}, None]


async def test_the_language(house: World, seller: Person) -> None:
    menu = await choose(seller, "Language", "Русский")
    assert menu.labels == [RU(label) for label in MENU]
    card = await say(seller, "/invoice 50 EUR")
    assert "50,00\xa0EUR" in card.text
    assert card.labels[0] == RU("Pay {amount}", amount="50,00\xa0EUR")
    assert (await say(seller, "/invoice")).labels[-1] == RU("Cancel")
    await say(seller, "/settings")
    await tap(seller, RU("Language"))
    menu = await tap(seller, "English")
    assert menu.labels == MENU
    assert "50.00\xa0EUR" in (await say(seller, "/invoice 50 EUR")).text


async def test_no_language_set_is_that_of_the_app(house: World) -> None:
    person = house.telegram.person(6101, "Seller", language_code="ru")
    start = await person.open(await invite(house))
    await person.read(lambda message: bool(message.buttons), after=start)
    assert "50,00\xa0EUR" in (await say(person, "/invoice 50 EUR")).text
    await say(person, "/settings")
    await tap(person, RU("Language"))
    await tap(person, "English")
    assert "51.00\xa0EUR" in (await say(person, "/invoice 51 EUR")).text


async def invite(house: World) -> str:
    shown_to_admin = await say(house.admin, "/invite Flower shop")
    link = (await house.admin.tap("Copy link", message=shown_to_admin.id)).copied
    assert link is not None
    return link


async def test_what_is_in_force_is_marked(house: World, seller: Person) -> None:
    await choose(seller, "Currency", "GBP")
    assert "✓ GBP" in (await choose(seller, "Currency")).labels
    await choose(seller, "Time to pay", "3 hours")
    assert "✓ 3 hours" in (await choose(seller, "Time to pay")).labels


async def test_a_repeated_tap_changes_nothing_more(house: World, seller: Person) -> None:
    page = await choose(seller, "Currency")
    (value,) = [b.value for row in page.buttons for b in row if b.text == "GBP"]
    for _ in range(3):
        await house.admin.answered(await seller.tap_data(value, page.id))
    await settled(house)
    assert "GBP" in shown(seller)[-1].text
    assert "✓ GBP" in (await choose(seller, "Currency")).labels


FORGED = [
    *("s:currency:XXX", "s:currency:eur", "s:currency:1", "s:coin:NOPE", "s:coin:USDT"),
    *("s:coin:BTC,ETH", "s:asset:NOPE", "s:asset:", "s:lifetime:0", "s:lifetime:99999999"),
    *("s:lifetime:-5", "s:lifetime:x", "s:lifetime:1e3", "s:lifetime:²", "s:language:xx"),
    *("s:language:EN", "s:menu:x", "s:close:x", "s:nope:", "s:nope:x", "s::", "s:seller:1"),
    "s:lifetime:" + "9" * 50,
]


@pytest.mark.parametrize("data", FORGED)
async def test_a_forged_value_is_refused(
    house: World, seller: Person, data: str, caplog: pytest.LogCaptureFixture
) -> None:
    await choose(seller, "Currency", "GBP")
    menu = await choose(seller, "Time to pay", "3 hours")
    assert await alert(seller, data, menu.id) == NOT_YOURS
    await settled(house)
    assert (await say(seller, "/settings")).text == menu.text
    assert not caplog.records
