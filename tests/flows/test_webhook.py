"""The bot where Telegram delivers updates instead of being asked for them."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.telegram import Patience, delay
from tests.flows.driving import create, say, settled, shown, tap
from tests.flows.wording import is_card
from tests.reliability.waiting import until
from tests.web.deliveries import deliver, message
from tests.world import World


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, webhook=True, patience=Patience(second=0.05)) as running:
        yield running


async def test_one_line(world: World) -> None:
    assert is_card(await say(world.seller, "/invoice 50 EUR"))
    await settled(world)
    assert len(world.created) == 1
    assert world.telegram.called("getUpdates") == []


async def test_a_conversation(world: World) -> None:
    await say(world.seller, "/invoice")
    await say(world.seller, "120")
    await tap(world.seller, "EUR")
    await tap(world.seller, "Buyer chooses")
    await create(world.seller)
    await settled(world)
    assert len(world.created) == 1


async def test_the_same_update_many_times_at_once(world: World) -> None:
    update = message(world, "/invoice 50 EUR", number=800_000_001)
    world.cloud.faults.next(Path.CREATE, Fault.slow(0.5))
    answers = await asyncio.gather(*(deliver(world, update) for _ in range(20)))
    assert {status for status, _ in answers} == {200}
    await world.seller.read(is_card)
    await settled(world)
    assert (await deliver(world, update))[0] == 200
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1


async def test_a_repetition_is_answered_when_the_first_is_handled_and_does_nothing(
    world: World,
) -> None:
    world.telegram.fail("sendMessage", delay(0.4))
    update = message(world, "/currencies", number=800_000_001)
    begun = asyncio.get_running_loop().time()
    answers = await asyncio.gather(deliver(world, update), deliver(world, update))
    assert [status for status, _ in answers] == [200, 200]
    assert asyncio.get_running_loop().time() - begun >= 0.4
    assert (await deliver(world, update))[0] == 200
    assert len([one for one in shown(world.seller) if "TRY" in one.text]) == 1


async def test_many_chats_at_once(world: World) -> None:
    people = [world.telegram.person(6000 + n, "Stranger") for n in range(60)]
    world.telegram.fail("sendMessage", delay(0.3), times=60)
    begun = asyncio.get_running_loop().time()
    sent = [await person.send("/help") for person in people]
    for person, one in zip(people, sent, strict=True):
        await person.read("seller", after=one)
    assert asyncio.get_running_loop().time() - begun < 60 * 0.3 / 4


async def test_each_chat_in_order_whoever_delivers(world: World) -> None:
    """Telegram sends a chat's messages one by one; its taps and its messages come side by side."""
    world.telegram.fail("sendMessage", delay(0.3), times=1)
    lines = ("/currencies", "/coins", "/help")
    updates = [
        message(world, line, number=800_000_001 + n, message_id=900 + n)
        for n, line in enumerate(lines)
    ]
    before = len(shown(world.seller))
    answers = []
    async with asyncio.TaskGroup() as group:
        for update in updates:
            answers.append(group.create_task(deliver(world, update)))
            await asyncio.sleep(0.05)
    assert {answer.result()[0] for answer in answers} == {200}
    texts = [one.text for one in shown(world.seller)][before:]
    assert ["TRY" in texts[0], "TRON" in texts[1], "/invoice" in texts[2]] == [True] * 3


async def test_two_hundred_means_handled(world: World) -> None:
    """Until its effect is stored Telegram must keep the update."""
    world.telegram.fail("sendMessage", delay(0.5))
    sent = await world.seller.send("/help")
    await asyncio.sleep(0.2)
    assert len(world.telegram.world.updates) == 1
    await world.seller.read("/invoice", after=sent)
    await until(lambda: len(world.telegram.world.updates) == 0)


async def test_what_takes_too_long_comes_again_and_is_done_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.webhook.PATIENCE", 0.2)
    world.telegram.fail("sendMessage", delay(1))
    sent = await world.seller.send("/currencies")
    assert sent.update_id is not None
    update = world.telegram.world.updates._given[sent.update_id]
    status, headers = await deliver(world, update)
    assert (status, int(headers["Retry-After"]) > 0) == (503, True)
    await world.seller.read("TRY", after=sent)
    await settled(world)
    assert world.telegram.world.webhook.last_error_message.endswith("503 Service Unavailable")
    assert len([one for one in shown(world.seller) if "TRY" in one.text]) == 1


async def test_after_a_restart_it_is_delivered_what_came_meanwhile(world: World) -> None:
    await world.stop_bot()
    sent = await world.seller.send("/invoice 50 EUR")
    await until(lambda: "refused" in world.telegram.world.webhook.last_error_message)
    await world.start_bot()
    await world.seller.read(is_card, after=sent)
    await settled(world)
    assert len(world.created) == 1
    assert len(world.telegram.called("setWebhook")) == 1


async def test_the_same_update_again_after_a_restart(world: World) -> None:
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read(is_card, after=sent)
    await settled(world)
    await world.stop_bot()
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id, times=2)
    await world.start_bot()
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1
