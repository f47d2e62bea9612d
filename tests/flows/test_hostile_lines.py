"""Ten thousand lines of hostile input, through the command and through every question.

Each is answered; none breaks anything, creates an invoice or makes Telegram refuse the answer
(`World` holds that when it closes). `make full` sends the whole ten thousand everywhere.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence

import pytest
from limits import RateLimitItemPerMinute

from bot.sandbox.telegram import Message, Person, Sent
from bot.storage import limits
from tests.flows import wording
from tests.flows.driving import say, settled, shown, tap
from tests.flows.hostile import hostile_lines
from tests.flows.test_conversation_exits import STEPS, go_to
from tests.world import World

pytestmark = [
    pytest.mark.one_server,  # how a line is read is no matter of the store
    pytest.mark.no_cover,  # thousands of times the same, which tracing makes half as long again
]

TOTAL = 10_000
SELLERS = 8
AT_EACH_STEP = 600
IN_THE_COMMAND = TOTAL - AT_EACH_STEP * len(STEPS)

OPEN = {
    "amount": wording.HOW_MUCH,
    "currency": wording.WHICH_CURRENCY,
    "coin": wording.WHICH_COIN,
    "network": wording.which_network("USDT"),
    "change": wording.WHICH_CHANGE,
    "lifetime": wording.HOW_LONG,
    "details": wording.WHAT_FOR,
}


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.slow)], ids=["some", "all"])
def whole(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(autouse=True)
def _fast_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """No limit is met by lines that nobody types in such a hurry."""
    monkeypatch.setitem(limits.RATES, "create", RateLimitItemPerMinute(100_000))


async def sellers(world: World) -> Sequence[Person]:
    people = [world.telegram.person(9501 + number, "Seller") for number in range(SELLERS)]
    for person in people:
        await world.admit(person)
    return people


def unhandled(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


async def test_through_the_command(
    world: World, whole: bool, caplog: pytest.LogCaptureFixture
) -> None:
    people = await sellers(world)
    count = TOTAL if whole else IN_THE_COMMAND
    before = len(world.telegram.events)
    each = list(hostile_lines(0, count))
    for number, line in enumerate(each):
        await people[number % SELLERS].send(f"/invoice {line}")
    await settled(world, within=300)

    answered = dict.fromkeys((person.id for person in people), 0)
    for event in world.telegram.events[before:]:
        if event.by_bot and event.what == "sent":
            answered[event.chat_id] += 1
    asked = {person.id: len(each[number::SELLERS]) for number, person in enumerate(people)}
    assert answered == asked
    assert world.created == []
    assert unhandled(caplog) == []


@pytest.mark.parametrize("step", STEPS)
async def test_typed_at_a_question(
    world: World, step: str, whole: bool, caplog: pytest.LogCaptureFixture
) -> None:
    people = await sellers(world)
    source = hostile_lines(1 + list(STEPS).index(step), TOTAL if whole else AT_EACH_STEP)
    done = await asyncio.gather(*(_type_all(world, person, step, source) for person in people))
    await settled(world)

    assert sum(done) == (TOTAL if whole else AT_EACH_STEP)
    assert world.created == []
    assert unhandled(caplog) == []
    for person in people:
        await say(person, "/cancel")
        assert (await say(person, "/cancel")).text == wording.NOTHING_TO_CANCEL


async def _type_all(world: World, person: Person, step: str, source: Iterator[str]) -> int:
    """Type lines of the common `source` at a step, coming back to it whenever one led on."""
    done = 0
    for line in source:
        if not _stands_at(step, shown(person)[-1]):
            await _come_back(person, step)
        sent = await person.send(line)
        await _taken(world, person, sent)
        assert shown(person)[-1].buttons, f"{line!r} ended the conversation"
        done += 1
    return done


def _stands_at(step: str, message: Message) -> bool:
    return wording.is_summary(message) if step == "summary" else OPEN[step] in message.text


async def _come_back(person: Person, step: str) -> None:
    if wording.is_summary(shown(person)[-1]) and step in ("change", "lifetime", "details"):
        for way in STEPS[step][2:]:
            await tap(person, way[1:-1])
        return
    await go_to(person, step)


async def _taken(world: World, person: Person, sent: Sent) -> None:
    """Wait until a typed answer was read: it is deleted, and the question says what came of it."""
    async with asyncio.timeout(10):
        while sent.message_id in person.chat.messages:
            await world.telegram.world.changes.wait()
        job = world.app.jobs._known.get(sent.update_id or 0)
        if job is not None:
            await job.done.wait()
