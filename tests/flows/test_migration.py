"""A group becomes a supergroup and gets another id: everything of it goes along."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from bot.sandbox.telegram import Group, Message
from bot.sandbox.telegram.taps import send_taps
from bot.services import moving
from bot.storage import keys
from bot.storage.connection import connect
from bot.storage.index import BUCKETS
from bot.storage.moves import MoveStore
from tests.flows.driving import create, say, settled, shown, tap
from tests.flows.wording import HOW_MUCH, WHICH_COIN, is_card, is_summary
from tests.reliability.waiting import until
from tests.stores.reading import names
from tests.world import QUICK, World

PACE = replace(QUICK, look=timedelta(seconds=0.1))
OLD = -500
MIGRATED = "group chat was upgraded to a supergroup chat"


@pytest.fixture
async def world(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(moving, "SETTLED", timedelta(seconds=0.3))
    monkeypatch.setattr(moving, "LOOK", 0.1)
    async with World(redis_url, pace=PACE) as running:
        yield running
        for call in running.telegram.calls:  # what the tests are about
            call.injected |= MIGRATED in call.description


@pytest.fixture
def group(world: World) -> Group:
    return world.telegram.group(OLD, "Shop", [world.seller], admins=[world.seller])


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with connect(redis_url) as client:
        yield client


async def issue(world: World, group: Group, line: str) -> tuple[Message, str]:
    """The card, and the invoice's id at the provider."""
    known = {invoice.uuid for invoice in world.cloud.ledger.all()}
    card = await world.seller.read(
        is_card, chat=group, after=await world.seller.send(line, chat=group)
    )
    [uuid] = {invoice.uuid for invoice in world.cloud.ledger.all()} - known
    return card, uuid


async def moved(world: World, redis: Redis) -> None:
    """Wait until nothing is left under the old id but the note that it moved, and limits, which end
    within a minute."""

    async def left() -> list[str]:
        there = await names(redis, f"*{OLD}*")
        gone = (keys.moved(OLD), keys.turn(str(OLD)))  # or will be soon, by themselves
        return [name for name in there if name not in gone and keys.LIMITS not in name]

    for _ in range(500):
        if not await left() and not await cast("Any", redis.exists(keys.MOVING)):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(await left())


def news(world: World, group: Group, amount: str) -> list[Message]:
    """What the group was told about the payment of that amount, where it is now."""
    said = [message for message in shown(world.seller, group) if "paid" in message.text]
    return [message for message in said if amount in message.text]


async def test_everything_goes_along(world: World, group: Group, redis: Redis) -> None:
    menu = await say(world.seller, "/settings", chat=group)
    await tap(world.seller, "Currency", message=menu.id, chat=group)
    await tap(world.seller, "GBP", chat=group)
    _, unpaid = await issue(world, group, "/invoice 11 EUR #A-1")
    _, paid = await issue(world, group, "/invoice 22 EUR btc")
    world.cloud.ledger.pay(paid)
    await world.seller.read("was paid.", chat=group)
    assert HOW_MUCH in (await say(world.seller, "/invoice", chat=group)).text
    await settled(world)

    group.migrate()
    again = await world.seller.read(HOW_MUCH, chat=group)
    await moved(world, redis)
    assert [label for label in again.labels if "EUR" in label], "recent amounts are on the buttons"

    sent = await world.seller.send("33 gbp", chat=group, reply_to=again.id)
    asked = await world.seller.read(WHICH_COIN, chat=group, after=sent)
    assert is_summary(await tap(world.seller, "BTC", message=asked.id, chat=group))
    card = await create(world.seller, chat=group)
    assert card.chat_id == group.id

    assert "GBP" in (await say(world.seller, "/settings", chat=group)).text
    listed = await say(world.seller, "/invoices", chat=group)
    assert len([label for label in listed.labels if "11.00" in label or "22.00" in label]) == 2
    assert "#A-1" in (await say(world.seller, "/find #A-1", chat=group)).text
    world.cloud.ledger.pay(unpaid)
    await until(lambda: bool(news(world, group, "11.00")))
    await settled(world)
    assert len(world.created) == 3


async def test_the_news_finds_a_group_whose_move_nobody_told(
    world: World, group: Group, redis: Redis
) -> None:
    _, first = await issue(world, group, "/invoice 11 EUR")
    await settled(world)
    group.migrate()
    world.telegram.world.updates.drop()  # both service messages are lost
    world.cloud.ledger.pay(first)
    await until(lambda: bool(news(world, group, "11.00")))
    await moved(world, redis)
    assert len(news(world, group, "11.00")) == 1
    assert "11.00" in (await say(world.seller, "/invoices", chat=group)).labels[0]


async def test_a_button_that_stayed_behind_still_works(
    world: World, group: Group, redis: Redis
) -> None:
    asked = await say(world.seller, "/invoice 11", chat=group)
    left_behind = group.chat.messages[asked.id]
    [create_] = [one for row in asked.buttons for one in row if one.text == "Create"]
    await settled(world)
    group.migrate()
    await moved(world, redis)
    send_taps(world.telegram.world, world.seller.user, left_behind, create_, 2)
    card = await world.seller.read(is_card, chat=group)
    assert card.chat_id == group.id
    await settled(world)
    assert len(world.created) == 1


async def test_a_move_that_is_cut_off_goes_on_after_a_restart(
    world: World, group: Group, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [await issue(world, group, f"/invoice {number} EUR") for number in range(1, 21)]
    for _, uuid in made[::4]:
        world.cloud.ledger.pay(uuid)
    await settled(world)
    left = 2

    async def cut_off(store: MoveStore, old: int, ids: Iterable[str]) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise RuntimeError("the process dies here")
        await leave(store, old, ids)

    leave = MoveStore.leave
    monkeypatch.setattr(moving, "PAGE", 4)
    with monkeypatch.context() as patch:
        patch.setattr(MoveStore, "leave", cut_off)
        group.migrate()
        await until(lambda: left < 0)
        await world.stop_bot()
    assert await cast("Any", redis.hkeys(keys.MOVING)) == [str(OLD)]
    await world.start_bot()
    await moved(world, redis)
    there = [await cast("Any", redis.zcard(keys.listed(group.id, bucket))) for bucket in BUCKETS]
    assert sum(there) == 20
    assert await cast("Any", redis.zcard(keys.found(group.id))) == 40
    assert len(world.created) == 20


async def test_a_command_that_comes_late_from_the_old_id_is_answered_in_the_new_chat(
    world: World, group: Group, redis: Redis
) -> None:
    await say(world.seller, "/help", chat=group)
    await world.stop_bot()
    sent = await world.seller.send("/invoice 11 EUR btc", chat=group)
    group.migrate()
    await world.start_bot()
    card = await world.seller.read(is_card, chat=group)
    await moved(world, redis)
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id)
    await settled(world)
    assert len(world.created) == 1
    assert [message.id for message in shown(world.seller, group) if is_card(message)] == [card.id]
