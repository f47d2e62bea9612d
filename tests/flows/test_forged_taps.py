"""Button data is what anybody can send: none of it breaks, creates or is left spinning."""

import logging

import pytest

from bot.sandbox.telegram import Message, Person
from bot.sandbox.telegram.state import Callback
from tests.flows.driving import Made, alert, data_of, say, settled, shown, tap
from tests.flows.test_conversation_exits import STEPS, go_to
from tests.flows.wording import CANCELLED, NOT_YOURS, OUTDATED, is_summary
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOREIGN = [
    "",
    ":",
    "d",
    "d:",
    "d:::",
    "d:a:b:c:d",
    "d:aaaaaaaaaaaaaaaaaaaa:1:create:",
    "d:aaaaaaaaaaaaaaaaaaaa:99999999999999999999:create:",
    "d:AAAAAAAAAAAAAAAAAAAA:1:create:",
    "d::1:create:",
    "d:\u0000:1:create:",
    "d:ключ:1:create:",
    "d:%s{0}:1:create:",
    "n:x",
    "s",
    "w:open:abc",
    "x" * 64,
    "é" * 32,
    "🎂" * 16,
]

# What a button of a step might carry if it were somebody's own idea.
DOINGS = [
    *("reading:0", "reading:7", "reading:-9", "reading:x", "reading:٣", "offer:0", "offer:x"),
    *("offer:999", "currency:XXX", "currency:", "currency:eur", "asset:NOPE", "asset:"),
    *("coins:NOPE", "coins:USDT_NOPE", "usual:x", "edit:creating", "edit:network", "edit:nope"),
    *("edit:", "life:0", "life:-5", "life:x", "life:99999999999999999", "life:1e3", "erase:x"),
    *("nope:", ":", "create:x", "change:x", "back:x"),
]


@pytest.mark.parametrize("data", FOREIGN)
async def test_data_that_no_button_of_ours_has(house: World, seller: Person, data: str) -> None:
    made = Made(house)
    summary = await say(seller, "50 EUR")
    assert await alert(seller, data, summary.id) == NOT_YOURS
    await settled(house)
    assert made.bodies == []
    assert is_summary(shown(seller)[-1])


def forged(message: Message, doing: str) -> str:
    """`doing` under the id and revision of the conversation itself."""
    prefix, number, revision, *_ = data_of(message, "Cancel").split(":")
    return f"{prefix}:{number}:{revision}:{doing}"


@pytest.mark.parametrize("step", STEPS)
async def test_made_up_answers_to_the_open_question(
    house: World, seller: Person, step: str, caplog: pytest.LogCaptureFixture
) -> None:
    made = Made(house)
    message = await go_to(seller, step)
    for doing in DOINGS:
        if is_summary(message) and doing.startswith("create"):
            continue  # there it is a real one
        tapped = await seller.tap_data(forged(message, doing), message.id)
        await seller.answered(tapped)
        await settled(house)
        message = shown(seller)[-1]
        if not message.buttons:
            pytest.fail(f"{doing} ended the conversation with {message.text!r}")
    assert made.bodies == []
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert (await tap(seller, "Cancel")).text == CANCELLED


@pytest.mark.parametrize("ways", ["change back", "edit:lifetime back back", "edit:coin back back"])
async def test_a_forged_way_to_a_summary_that_is_not_due(
    house: World, seller: Person, ways: str, caplog: pytest.LogCaptureFixture
) -> None:
    made = Made(house)
    message = await say(seller, "/invoice")
    for doing in ways.split():
        tapped = await seller.tap_data(forged(message, f"{doing}:"[:60]), message.id)
        await seller.answered(tapped)
        await settled(house)
        message = shown(seller)[-1]
        assert not is_summary(message)
    await alert(seller, forged(message, "create:"), message.id)
    await settled(house)
    assert made.bodies == []
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_revision_that_is_not_yet(house: World, seller: Person) -> None:
    made = Made(house)
    summary = await say(seller, "50 EUR")
    prefix, number, revision, *_ = data_of(summary, "Create").split(":")
    later = f"{prefix}:{number}:{int(revision) + 1}:create:"
    assert await alert(seller, later, summary.id) == OUTDATED
    await settled(house)
    assert made.bodies == []


@pytest.mark.parametrize("data", ["s:currency:EUR", "n", "d:aaaaaaaaaaaaaaaaaaaa:1:create:"])
async def test_a_tap_on_a_message_that_telegram_no_longer_hands_out(
    house: World, seller: Person, data: str
) -> None:
    waiting = Callback("1", seller.id, house.telegram.world.clock())
    house.telegram.world.callbacks[waiting.id] = waiting
    house.telegram.push(
        {
            "callback_query": {
                "id": waiting.id,
                "from": seller.user.as_api(),
                "message": {"chat": seller.chat.as_api(), "message_id": 1, "date": 0},
                "chat_instance": "1",
                "data": data,
            }
        }
    )
    await settled(house)
    assert waiting.answer is not None
