"""What a group sets for itself: who may create invoices there, and who may say so."""

import pytest
from limits import RateLimitItemPerMinute

from bot.sandbox.telegram import Group, Message, Person
from bot.sandbox.telegram.faults import refuse
from bot.storage import limits
from bot.telegram.texts import settings
from tests.flows.driving import Made, alert, create, data_of, say, settled, shown, tap
from tests.flows.wording import EN, HOW_MUCH, STRANGER, is_card, is_summary, plain
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

BARRED = plain(settings.admins_invoice(EN))
MASKED = plain(settings.masked(EN))
MENU = [
    *("Currency", "Coin", "Time to pay", "Reminder", "Language", "Who may invoice", "Alerts"),
    "Done",
]
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group"}


async def set_up(person: Person, group: Group, *buttons: str) -> Message:
    menu = await say(person, "/settings", chat=group)
    for button in buttons:
        menu = await tap(person, button, message=menu.id, chat=group)
    return menu


@pytest.fixture
def runner(house: World) -> Person:
    """A seller who runs groups."""
    return house.seller


async def test_a_group_has_more_to_set_than_a_private_chat(
    house: World, seller: Person, runner: Person
) -> None:
    group = house.telegram.group(-100_8301, "Shop", [], admins=[runner])
    menu = await set_up(runner, group)
    assert menu.labels == MENU
    assert "Invoices by: every seller" in menu.text
    assert "Alerts: where the invoice was asked for" in menu.text
    for page in ("Who may invoice", "Alerts"):
        await tap(runner, page, message=menu.id, chat=group)
        assert (await tap(runner, "‹ Back", message=menu.id, chat=group)).labels == MENU
    assert (await say(seller, "/settings")).labels == [
        label for label in MENU if label not in ("Who may invoice", "Alerts")
    ]
    for data in ("s:issuers:admins", "s:issuers:", "s:alerts:private", "s:alerts:"):
        private = shown(seller)[-1]
        assert "no longer applies" in await alert(seller, data, private.id)


async def test_the_rule_narrows_the_sellers(house: World, seller: Person, runner: Person) -> None:
    group = house.telegram.group(-100_8302, "Shop", [seller, house.admin], admins=[runner])
    made = Made(house)
    menu = await set_up(runner, group, "Who may invoice", "Admins of the group")
    assert "Invoices by: sellers who are admins of this group" in menu.text
    for line in ("/invoice 50 EUR", "/invoice"):
        assert (await say(seller, line, chat=group)).text == BARRED
    await settled(house)
    assert made.bodies == []
    assert is_card(await say(runner, "/invoice 51 EUR", chat=group))
    assert is_card(await say(house.admin, "/invoice 52 EUR", chat=group))
    assert is_card(await say(seller, "/invoice 53 EUR"))  # in private no group has a say
    await set_up(runner, group, "Who may invoice", "Every seller")
    assert is_card(await say(seller, "/invoice 54 EUR", chat=group))
    assert [body["amount"] for body in made.bodies] == [51, 52, 53, 54]


async def test_it_admits_nobody(house: World, runner: Person) -> None:
    stranger = house.telegram.person(8303, "Stranger")
    group = house.telegram.group(-100_8303, "Shop", [], admins=[runner, stranger])
    await set_up(runner, group, "Who may invoice", "Admins of the group")
    assert (await say(stranger, "/invoice 50 EUR", chat=group)).text == STRANGER


async def test_it_holds_for_what_was_begun_before(
    house: World, seller: Person, runner: Person
) -> None:
    group = house.telegram.group(-100_8304, "Shop", [seller], admins=[runner])
    made = Made(house)
    summary = await say(seller, "/invoice $50", chat=group)
    assert is_summary(summary)
    await set_up(runner, group, "Who may invoice", "Admins of the group")
    said = await alert(seller, data_of(summary, "Create"), summary.id, chat=group)
    assert said == BARRED
    reply = await seller.send("60 EUR", chat=group, reply_to=summary.id)
    await seller.read(BARRED, chat=group, after=reply)
    await settled(house)
    assert made.bodies == []


async def test_a_cashier_who_administers_the_group_may(house: World, runner: Person) -> None:
    cashier = house.telegram.person(8305, "Cashier")
    await house.admit(cashier, "Till 1", cashier=True)
    group = house.telegram.group(-100_8305, "Shop", [], admins=[runner, cashier])
    await set_up(runner, group, "Who may invoice", "Admins of the group")
    assert HOW_MUCH in (await say(cashier, "/invoice", chat=group)).text


async def test_who_stops_being_an_admin_may_no_more(
    house: World, seller: Person, runner: Person
) -> None:
    group = house.telegram.group(-100_8306, "Shop", [], admins=[runner, seller])
    await set_up(runner, group, "Who may invoice", "Admins of the group")
    await say(seller, "/invoice $50", chat=group)
    group.chat.admins.discard(seller.id)
    (summary,) = [one for one in shown(seller, group) if is_summary(one)]
    assert await alert(seller, data_of(summary, "Create"), summary.id, chat=group) == BARRED
    group.chat.admins.add(seller.id)
    assert is_card(await create(seller, chat=group))


async def test_a_list_of_admins_that_is_not_told_lets_nobody(
    house: World, seller: Person, runner: Person
) -> None:
    group = house.telegram.group(-100_8307, "Shop", [], admins=[runner])
    await set_up(runner, group, "Who may invoice", "Admins of the group")
    house.telegram.fail("getChatAdministrators", refuse(400, "Bad Request: CHAT_ADMIN_REQUIRED"))
    assert (await say(runner, "/invoice 50 EUR", chat=group)).text == BARRED
    house.telegram.calls.clear()  # the refusal was the point
    assert is_card(await say(runner, "/invoice 50 EUR", chat=group))


@pytest.mark.parametrize("sender", ["the group", "a channel"])
async def test_an_anonymous_admin_reads_why(
    house: World, runner: Person, sender: str, caplog: pytest.LogCaptureFixture
) -> None:
    group = house.telegram.group(-100_8308 - (sender == "the group"), "Shop", [runner])
    made = Made(house)
    for line in ("/invoice 50 EUR", "/settings", "/invoices"):
        before = len(shown(runner, group))
        push(house, group, line, channel=sender == "a channel")
        await settled(house)
        assert [one.text for one in shown(runner, group)[before:]] == [MASKED]
    push(house, group, "hello everybody", channel=sender == "a channel")
    push(house, group, "/invoice 50 EUR", channel=True, copied=True)
    push(house, group, "/invoice 50 EUR", channel=sender == "a channel", edited=True)
    await settled(house)
    assert len(shown(runner, group)) == 3
    assert made.bodies == []
    assert not caplog.records


async def test_a_flood_of_those_whom_nobody_knows_is_met_with_silence(
    house: World, runner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PATIENCE", 5.0)  # a busy machine must not open them
    monkeypatch.setitem(limits.RATES, "stranger_here", RateLimitItemPerMinute(2))
    group = house.telegram.group(-100_8320, "Shop", [], admins=[runner])
    for _ in range(4):
        push(house, group, "/invoice 50 EUR", channel=False)
    await settled(house)
    assert [one.text for one in shown(runner, group)] == [MASKED] * 2


def push(
    house: World,
    group: Group,
    text: str,
    *,
    channel: bool,
    copied: bool = False,
    edited: bool = False,
) -> None:
    """What Telegram sends of somebody who remains anonymous, or of what a channel posts."""
    by = {"id": -100_9999, "type": "channel", "title": "News"} if channel else group.chat.as_api()
    message = {
        "message_id": house.telegram.world.next_message_id(group.chat),
        "from": {**ANONYMOUS, "id": 136817688} if channel else ANONYMOUS,
        "sender_chat": by,
        "chat": group.chat.as_api(),
        "date": house.telegram.world.now(),
        "text": text,
        "entities": [{"type": "bot_command", "offset": 0, "length": len(text.partition(" ")[0])}],
    }
    if copied:
        message |= {"from": {**ANONYMOUS, "id": 777000, "is_bot": False}}
        message |= {"is_automatic_forward": True}
    kind = "edited_message" if edited else "message"
    house.telegram.push({kind: message | ({"edit_date": message["date"]} if edited else {})})
