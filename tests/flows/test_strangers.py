"""Everybody else gets a polite line and nothing else."""

import pytest
from limits import RateLimitItemPerMinute

from bot.sandbox.telegram import Person, refuse
from bot.storage import limits
from bot.telegram import lines
from tests.flows.driving import alert, say, settled, shown
from tests.flows.test_invites import WELCOME, follow, invite
from tests.flows.wording import (
    BAD_INVITE,
    NOT_ALLOWED,
    STRANGER,
    is_card,
    is_summary,
    stranger,
)
from tests.reliability.waiting import until
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


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """As many answers a minute."""
    monkeypatch.setattr(limits, "PATIENCE", 5.0)  # a busy machine must not open them
    for what in ("stranger", "stranger_here"):
        monkeypatch.setitem(limits.RATES, what, RateLimitItemPerMinute(3))
    return 3


async def test_every_message_gets_the_polite_line_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.RATES, "stranger", RateLimitItemPerMinute(len(COMMANDS)))
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
    for text in ("/start", "/start hello", "/help", "hello", "50 EUR", "/settings", "/nonsense"):
        await world.stranger.send(text, chat=group)
    await settled(world)
    assert shown(world.stranger, group) == []
    assert (await say(world.stranger, "/invoice 50 EUR", chat=group)).text == STRANGER
    await settled(world)
    assert world.created == []
    assert (await say(world.seller, "/start", chat=group)).text != STRANGER


async def test_a_flood_is_met_with_silence(world: World, few: int) -> None:
    link = await invite(world)
    for text in ("/start", "hello", "/help"):
        assert (await say(world.stranger, text)).text == STRANGER
    for text in ("/start", "hello", "/help", "/start i_x"):
        await world.stranger.send(text)
    await world.stranger.open(link)
    await settled(world)
    assert len(shown(world.stranger)) == few
    other = world.telegram.person(3004, "Stranger")
    assert (await say(other, "/start")).text == STRANGER
    for _ in range(few + 1):
        await say(world.seller, "/help")
    assert WELCOME in await follow(other, link), "nobody used it up"


async def test_guesses_at_invites_are_met_with_silence(world: World, few: int) -> None:
    for number in range(few + 2):
        await world.stranger.send(f"/start i_{number:016}")
    await settled(world)
    assert [message.text for message in shown(world.stranger)] == [BAD_INVITE] * few


async def test_a_group_of_strangers_is_met_with_silence(world: World, few: int) -> None:
    people = [world.telegram.person(3004 + n, "Stranger") for n in range(few + 2)]
    group = world.telegram.group(-100_9002, "Shop", [*people, world.seller])
    for person in people:
        await person.send("/invoice 50 EUR", chat=group)
    await settled(world)
    assert [message.text for message in shown(people[0], group)] == [STRANGER] * few
    assert is_card(await say(world.seller, "/invoice 50 EUR", chat=group))


async def test_being_told_to_wait_is_an_answer_too(
    world: World, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.RATES, "open", RateLimitItemPerMinute(1))
    for _ in range(few + 3):
        await world.stranger.send("/start " + "a" * 20)
    await settled(world)
    texts = [message.text for message in shown(world.stranger)]
    assert len(texts) == 1 + few
    assert all(text.startswith("That was often") for text in texts[1:])


async def test_three_groups_that_telegram_tells_to_wait_silence_nobody_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "ALL_AT_FIRST", 0.5)
    groups = [world.telegram.group(-100_9010 - n, "Own", [world.stranger]) for n in range(3)]
    ids = {group.id for group in groups}
    flood = refuse(429, "Too Many Requests: retry after 30", retry_after=30)
    world.telegram.fail("sendMessage", flood, times=3, when=lambda to: to["chat_id"] in ids)
    for group in groups:
        await world.stranger.send("/invoice 50 EUR", chat=group)
    await until(lambda: len([call for call in world.telegram.calls if call.status == 429]) == 3)
    sent = await world.seller.send("/invoice 50 EUR")
    assert is_card(await world.seller.read(is_card, after=sent, timeout=3))


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
