"""An update over which the process died three times is set aside, and only that one."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.domain.attempts import MOST_DEATHS
from bot.sandbox.telegram import Sent, delay
from bot.sandbox.telegram.webhook import Patience
from bot.storage.attempts import AttemptStore
from bot.telegram.texts import health
from tests.flows.wording import EN, HOW_MUCH, plain
from tests.reliability.halts import Halt
from tests.reliability.process import ProcessWorld
from tests.reliability.test_intake_load import STUCK, stick
from tests.reliability.waiting import until
from tests.world import World

ASK = "bot.telegram.conversation:Conversation.ask"  # what `/invoice` alone leads to
TOLD = plain(health.to_sender(EN))
WARNED = plain(health.to_admin(EN))


async def aside(redis_url: str) -> list[int]:
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        return [one.update_id for one in await AttemptStore(redis).aside()]


async def begun(redis_url: str) -> dict[int, int]:
    """How many lives each update was being handled in."""
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        return {number: len(of) for number, of in (await AttemptStore(redis).begun()).items()}


async def dies(apart: ProcessWorld, times: int) -> None:
    for _ in range(times):
        apart.start_dying(Halt(ASK))
        await apart.died()


@pytest.mark.crash
async def test_it_is_set_aside_and_the_others_go_on(apart: ProcessWorld, redis_url: str) -> None:
    """They were in hand, too, each time but the last: so none of them is taken for it."""
    people = [apart.telegram.person(5000 + n, "Stranger") for n in range(8)]
    known = {person.id for person in people}
    apart.telegram.fail(
        "sendMessage", delay(0.2), times=1000, when=lambda sent: sent["chat_id"] in known
    )
    await apart.stop_bot()
    asked = [await person.send("/help") for person in people[:4]]
    poison = await apart.seller.send("/invoice")
    asked += [await person.send("/help") for person in people[4:]]
    for lives in range(MOST_DEATHS):
        apart.start_dying(Halt(ASK))
        await apart.died()
        # The first life notes nothing that takes a moment: what comes first may have ended it.
        assert (await begun(redis_url)).get(number(poison), 0) in (lives, lives + 1)

    await apart.start_bot()
    await apart.seller.read(TOLD, after=poison)
    await apart.admin.read(WARNED)
    for person, sent in zip(people, asked, strict=True):
        await person.read("seller", after=sent)
    assert await aside(redis_url) == [number(poison)]
    assert HOW_MUCH not in [one.text for one in apart.seller.messages()]
    await not_in_hand(redis_url, poison)


def number(sent: Sent) -> int:
    assert sent.update_id is not None
    return sent.update_id


@pytest.mark.crash
async def test_it_is_set_aside_when_a_webhook_brings_it(redis_url: str, tmp_path: Path) -> None:
    quick = Patience(second=0.1)
    async with ProcessWorld(redis_url, tmp_path, webhook=True, patience=quick) as apart:
        await apart.die_at(ASK)
        poison = await apart.seller.send("/invoice")
        await apart.died()
        for _ in range(MOST_DEATHS - 1):
            apart.start_dying(Halt(ASK))
            await apart.died()
        await apart.start_bot()
        await apart.seller.read(TOLD, after=poison, timeout=15)
        assert await aside(redis_url) == [number(poison)]
        await until(lambda: len(apart.telegram.world.updates) == 0)
        sent = await apart.seller.send("/help")
        await apart.seller.read("/invoice", after=sent)
        # Fed by an admin it is handled, though it was finished with before.
        await apart.admin.send("/health")
        shows = await apart.admin.read("ended me three times. It is kept")
        await apart.admin.tap(f"Try {number(poison)} again", message=shows.id)
        await apart.seller.read(HOW_MUCH, after=sent)
        await not_in_hand(redis_url, poison)


@pytest.mark.crash
async def test_two_deaths_are_forgiven(apart: ProcessWorld, redis_url: str) -> None:
    await apart.die_at(ASK)
    sent = await apart.seller.send("/invoice")
    await apart.died()
    await dies(apart, MOST_DEATHS - 2)
    await apart.start_bot()
    await apart.seller.read(HOW_MUCH, after=sent)
    await not_in_hand(redis_url, sent)
    assert await aside(redis_url) == []


async def not_in_hand(redis_url: str, sent: Sent) -> None:
    """Wait until it is struck off."""
    for _ in range(200):
        if number(sent) not in await begun(redis_url):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(await begun(redis_url))


async def test_an_end_in_order_is_no_death(
    world: World, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the update is in hand when it comes, and is cut off."""
    monkeypatch.setattr("bot.running.DRAIN", 0.1)  # seconds
    stick(world, world.stranger.id, STUCK, times=MOST_DEATHS + 1)
    sent = await world.stranger.send("/help")
    for lives in range(1, MOST_DEATHS + 2):
        await until(lambda lives=lives: len(stuck(world)) == lives)  # type: ignore[misc]
        await world.stop_bot()
        assert await begun(redis_url) == {}
        await world.start_bot()
    await world.stranger.read("seller", after=sent)
    assert await aside(redis_url) == []


def stuck(world: World) -> list[Any]:
    """The answers that were tried; each is seen when it arrives."""
    calls = world.telegram.called("sendMessage")
    return [call for call in calls if call.params.get("chat_id") == world.stranger.id]
