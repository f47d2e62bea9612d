"""Everybody else gets a polite line and nothing else."""

import pytest

from bot.sandbox.telegram import Person
from tests.flows.driving import alert, say, settled, shown
from tests.flows.wording import NOT_ALLOWED, STRANGER, is_card, is_summary, stranger
from tests.world import World

COMMANDS = [
    "/start",
    "/start hello",
    "/help",
    "/invoice",
    "/invoice 50 EUR",
    "/cancel",
    "/settings",
    "/currencies",
    "/coins",
    "/sellers",
    "/invite Flower shop",
    "/invite_cashier Flower shop",
    "/status",
    "/invoices",
    "/find 50 EUR",
    "/stats",
    "/export",
    "/nonsense",
    "50 EUR",
    "hello",
]

TAPS = [
    "n",
    "d:aaaaaaaaaaaaaaaaaaaa:1:create:",
    "s:menu:",
    "s:currency:EUR",
    "w:list:0",
    "w:open:2002",
    "w:remove:2002",
    "w:seller:3003",
    "nonsense",
]


async def test_every_message_gets_the_polite_line_and_nothing_else(world: World) -> None:
    for text in COMMANDS:
        answer = await say(world.stranger, text)
        assert (text, answer.text, answer.buttons) == (text, STRANGER, ())
    await settled(world)
    assert len(shown(world.stranger)) == len(COMMANDS)
    assert world.created == []


async def test_every_tap_is_refused(world: World) -> None:
    answer = await say(world.stranger, "/start")
    for data in TAPS:
        assert await alert(world.stranger, data, answer.id) == NOT_ALLOWED
    await settled(world)
    assert [message.text for message in shown(world.stranger)] == [STRANGER]
    assert is_card(await say(world.seller, "/invoice 50 EUR"))  # and nobody was removed


async def test_an_edited_message_is_not_answered(world: World) -> None:
    sent = await world.stranger.send("/invoice 50 EUR")
    await world.stranger.read(STRANGER, after=sent)
    await world.stranger.edit(sent.message_id, "/invoice 60 EUR")
    await settled(world)
    assert len(shown(world.stranger)) == 1


@pytest.mark.parametrize("contact", ["@the_admin", "https://example.com/sell?a=1&b=2"])
async def test_the_line_names_whom_to_ask(redis_url: str, contact: str) -> None:
    async with World(redis_url, contact=contact) as world:
        answer = await say(world.stranger, "/start")
        assert answer.text == stranger(contact)
        assert contact in answer.text


async def test_a_group_is_not_lectured(world: World) -> None:
    group = world.telegram.group(-100_9001, "Shop", [world.seller, world.stranger])
    for text in ("hello", "50 EUR", "/settings", "/sellers", "/nonsense"):
        await world.stranger.send(text, chat=group)
    await settled(world)
    assert shown(world.stranger, group) == []
    assert (await say(world.stranger, "/invoice 50 EUR", chat=group)).text == STRANGER
    await settled(world)
    assert world.created == []


async def test_anyone_may_sell_where_the_admin_opened_it(redis_url: str) -> None:
    async with World(redis_url, seller_access="anyone") as world:
        assert is_card(await say(world.stranger, "/invoice 50 EUR"))
        assert is_summary(await say(world.stranger, "60 EUR"))
        assert (await say(world.stranger, "/settings")).buttons
        await settled(world)
        assert len(world.created) == 1
        card = world.cards(world.stranger)[0]
        assert "Stranger" not in card.text  # nobody gave them a label
        await _has_no_admin_rights(world, world.stranger)


async def _has_no_admin_rights(world: World, person: Person) -> None:
    for text in ("/sellers", "/invite Somebody", "/invite_cashier Somebody"):
        answer = await say(person, text)
        assert answer.buttons == ()
        assert "t.me" not in answer.text
