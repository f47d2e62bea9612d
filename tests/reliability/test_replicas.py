"""Two bots on one store, behind one address: in effect they are one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.driving import shown
from tests.reliability.load import Load, all_there
from tests.reliability.replicas import ReplicaWorld, replicas
from tests.reliability.waiting import idle, until
from tests.web.deliveries import deliver, message

pytestmark = pytest.mark.crash


@pytest.fixture
async def world(redis_url: str, tmp_path: Path) -> AsyncIterator[ReplicaWorld]:
    async with replicas(redis_url, tmp_path) as running:
        yield running


async def at_both(world: ReplicaWorld, *updates: object) -> None:
    """Each update at each replica, all at once."""
    answers = await asyncio.gather(
        *(deliver(port, update) for update in updates for port in world.ports)
    )
    assert {status for status, _ in answers} == {200}


async def test_the_same_update_at_both_at_once(world: ReplicaWorld, redis_url: str) -> None:
    lines = [f"/invoice {n} EUR" for n in range(1, 11)]
    await at_both(
        world,
        *(
            message(world, line, number=800_000_000 + n, message_id=900 + n)
            for n, line in enumerate(lines)
        ),
    )
    await until(lambda: len(world.cards(world.seller)) == 10, 10)
    await idle(redis_url)
    assert len(world.living) == 10
    assert len(world.cards(world.seller)) == 10


async def test_a_step_of_the_conversation_at_both_at_once(
    world: ReplicaWorld, redis_url: str
) -> None:
    """Taken twice, the amount would be an answer to the next question, too."""
    await at_both(world, message(world, "/invoice", number=800_000_001))
    await at_both(world, message(world, "120", number=800_000_002, message_id=901))
    await at_both(world, message(world, "EUR", number=800_000_003, message_id=902))
    await until(lambda: "120.00" in shown(world.seller)[-1].text)
    assert "coin" in shown(world.seller)[-1].text.lower()
    assert world.created == []


async def test_what_one_person_sends_is_answered_in_order(world: ReplicaWorld) -> None:
    commands = ["/currencies", "/coins", "/help"] * 5
    before = len(shown(world.seller))
    for command in commands:
        await world.seller.send(command)
    await until(lambda: len(shown(world.seller)) == before + 15, 15)
    first_words = [one.text.split()[0] for one in shown(world.seller)[before:]]
    assert first_words == first_words[:3] * 5


async def test_a_rolling_restart_under_load(world: ReplicaWorld, redis_url: str) -> None:
    load = Load(world)
    for port in world.ports:
        before = load.total
        await world.stop_replica(port)
        await until(lambda before=before: load.total > before + 20, 15)  # type: ignore[misc]
        await world.start_replica(port)
    await load.stop()
    await until(lambda: all_there(world, load), 30)
    await idle(redis_url)
    assert len(world.telegram.world.updates) == 0
    assert len(world.living) == load.total
    assert len(world.telegram.called("setWebhook")) == 1


async def test_one_dies_and_the_other_goes_on(world: ReplicaWorld, redis_url: str) -> None:
    load = Load(world)
    await until(lambda: load.total > 20, 15)
    await world.kill_replica(world.ports[0])
    before = load.total
    await until(lambda: load.total > before + 20, 15)
    await load.stop()
    await until(lambda: len(world.telegram.world.updates) == 0, 30)
    await idle(redis_url, 20)
    assert len(world.living) == load.total
