"""One chat that is stuck holds up nobody else, costs no calls, and loses nothing."""

import asyncio
import itertools
import time
from collections.abc import Callable

import pytest

from bot.sandbox.telegram import Call, delay
from tests.reliability.process import ProcessWorld
from tests.reliability.waiting import until
from tests.world import World

STUCK_ID = 4000
STUCK = 30.0  # seconds


def polls(world: World) -> list[Call]:
    return world.telegram.called("getUpdates")


def offset(call: Call) -> int:
    return int(call.params.get("offset") or 0)


def stick(world: World, chat_id: int, seconds: float, times: int = 1) -> None:
    """Answers to this chat take that long."""
    world.telegram.fail(
        "sendMessage", delay(seconds), times=times, when=lambda sent: sent["chat_id"] == chat_id
    )


async def test_300_chats_are_answered_behind_one_that_is_stuck(
    monkeypatch: pytest.MonkeyPatch,
    world: World,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setattr(
        "bot.running.DRAIN", 0.1
    )  # seconds: the end need not wait for the stuck one
    stuck = world.telegram.person(STUCK_ID, "Stranger")
    people = [world.telegram.person(5000 + n, "Stranger") for n in range(300)]
    stick(world, STUCK_ID, STUCK)
    first = await stuck.send("/help")
    await until(lambda: world.telegram.called("sendMessage")[-1].params.get("chat_id") == STUCK_ID)

    begun, polled = time.monotonic(), len(polls(world))
    sent = [await person.send("/help") for person in people]
    for person, one in zip(people, sent, strict=True):
        await person.read("seller", after=one)
    taken = time.monotonic() - begun
    assert taken < 10
    rate = (len(polls(world)) - polled) / max(taken, 1)
    record_testsuite_property(
        "behind a stuck chat", f"300 in {taken:.1f} s, {rate:.1f} getUpdates/s"
    )
    assert rate < 5
    # The stuck one is parked, so that what came behind it can be confirmed.
    last = sent[-1].update_id
    assert last is not None
    await until(lambda: offset(polls(world)[-1]) > last)
    await asyncio.sleep(0.5)  # on a slow machine others may have been parked for a moment, too
    assert set(await world.app.jobs._parking.parked()) == {first.update_id}


async def test_an_offset_that_does_not_move_is_not_asked_for_in_haste(world: World) -> None:
    for n in range(3):
        stuck = world.telegram.person(STUCK_ID + n, "Stranger")
        stick(world, stuck.id, 3)
        await stuck.send("/help")
        await asyncio.sleep(0.3)
    await asyncio.sleep(1)
    calls = polls(world)
    for before, after in itertools.pairwise(calls):
        if offset(before) == offset(after):
            assert after.at - before.at >= 0.5


async def test_each_chat_is_handled_in_order(world: World) -> None:
    asked = await world.seller.send("/invoice")
    lines = ("50", "EUR", "btc", "/cancel", "/currencies", "/coins")
    for line in lines:
        last = await world.seller.send(line)
    await world.seller.read("TRON", after=asked)
    texts = [message.text for message in world.seller.messages() if message.id > last.message_id]
    assert "EUR" in texts[-2]
    assert "TRON" in texts[-1]
    assert world.created == []


async def test_nothing_unfinished_is_confirmed(world: World) -> None:
    """Between two batches an update is either handled or parked, or the offset stays below it."""
    finished: set[int] = set()
    feed = world.app.jobs._feed

    async def watched(update: object) -> object:
        try:
            return await feed(update)  # type: ignore[arg-type]
        finally:
            finished.add(update.update_id)  # type: ignore[attr-defined]

    world.app.jobs._feed = watched
    known: list[int] = []
    for n in range(40):
        person = world.telegram.person(STUCK_ID + n, "Stranger")
        if n % 4 == 0:
            stick(world, person.id, 0.2 + n / 20)
        sent = await person.send("/help")
        assert sent.update_id is not None
        known.append(sent.update_id)
        if n % 10 == 9:
            await asyncio.sleep(0.2)

    seen = len(polls(world))
    for _ in range(40):
        await asyncio.sleep(0.05)
        parked = set(await world.app.jobs._parking.parked())
        confirmed = max(offset(call) for call in polls(world))
        assert {n for n in known if n < confirmed} <= finished | parked
    assert len(polls(world)) >= seen


@pytest.mark.crash
async def test_a_parked_update_is_handled_after_a_kill(apart: ProcessWorld) -> None:
    stick(apart, apart.stranger.id, STUCK)
    sent = await apart.stranger.send("/help")
    assert sent.update_id is not None
    await until(lambda: offset(polls(apart)[-1]) > (sent.update_id or 0))
    await apart.kill()
    asked = len(apart.telegram.called("sendMessage"))
    await apart.start_bot()
    await until(lambda: len(apart.telegram.called("sendMessage")) > asked, 10)
    await apart.stranger.read("seller", after=sent)
