"""No more calls to the provider at once than are good for it; who waits has not called yet."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.telegram import delay
from bot.services import guard
from bot.storage import invoices
from bot.storage.records import FIELDS
from tests.flows.driving import settled
from tests.flows.wording import is_card
from tests.reliability.waiting import until
from tests.stores.reading import records
from tests.world import QUICK, World

ATTEMPT, ID = FIELDS["attempt_at"].name, FIELDS["uuid"].name
OWNER = "lo"  # of the lease, beside the fields of the invoice


@pytest.fixture
async def world(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(guard, "MOST", 2)
    async with World(redis_url) as running:
        yield running


async def test_who_waits_for_a_place_has_not_called_yet(world: World, redis_url: str) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.slow(0.5), times=2)
    people = [world.seller] + [world.telegram.person(5001 + n, "Seller") for n in range(4)]
    for person in people[1:]:
        await world.admit(person)
    for person in people:
        await person.send("/invoice 5 EUR btc")
    for _ in range(500):
        if len(world.created) == 2 and len(await attempted(redis_url)) == 5:
            break
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    assert len(world.created) == 2
    assert sorted(await attempted(redis_url)) == [False, False, False, True, True]
    for person in people:
        await person.read(is_card)
    await settled(world)
    assert len(world.created) == 5
    assert world.cloud.called(Path.LIST) == [], "nothing had to be looked for"


async def test_looks_wait_too_and_places_come_back(world: World) -> None:
    for number in range(1, 7):  # more than there are places, one after another
        sent = await world.seller.send(f"/invoice {number} EUR btc")
        await world.seller.read(is_card, after=sent)
    world.cloud.faults.next(Path.CREATE, Fault.cut_after_commit(), times=2)
    for number in range(7, 9):
        await world.seller.send(f"/invoice {number} EUR btc")
    await settled(world)
    await until(lambda: len(world.cards(world.seller)) == 8)
    assert not world.app.reconciler._plan._creation._guard.full


async def test_a_place_that_comes_while_the_sign_of_life_is_on_its_way_is_not_lost_with_the_lease(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST", 1)
    monkeypatch.setattr(invoices, "LEASE", timedelta(seconds=0.5))
    pace = replace(QUICK, renew=timedelta(seconds=0.1), lease_lost=timedelta(seconds=0.4))
    async with World(redis_url, pace=pace) as world:
        other = world.telegram.person(5001, "Seller")
        await world.admit(other)
        await settled(world)
        world.telegram.fail("sendChatAction", delay(1.5), when=lambda to: to["chat_id"] == other.id)
        world.cloud.faults.next(Path.CREATE, Fault.slow(0.6))
        sent = await world.seller.send("/invoice 5 EUR btc")
        await until(lambda: len(world.created) == 1)
        await other.send("/invoice 6 EUR btc")
        await world.seller.read(is_card, after=sent)  # its place is the other's from now on
        places = world.app.reconciler._plan._creation._guard
        assert places.full
        (waiting,) = [name for name, there in (await records(redis_url)).items() if ID not in there]
        await cast("Any", world.app.redis.hset(waiting, OWNER, "somebody else"))
        await until(lambda: not places.full)
        await other.read(is_card)
        assert len(world.created) == 2


async def attempted(redis_url: str) -> list[bool]:
    """Of each invoice, whether the record says that the provider was called."""
    return [ATTEMPT in record for record in (await records(redis_url)).values()]
