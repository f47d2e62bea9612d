"""The primary goes, and a sentinel makes the replica the primary: the bot goes on with that."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.storage.connection import connect
from tests.flows.afterlife import issued, says
from tests.flows.driving import say
from tests.reliability.test_storage_lost import NOTED
from tests.reliability.waiting import idle
from tests.storage.processes import until_async
from tests.stores.reading import records
from tests.stores.sentinel import Watched, watched
from tests.stores.server import Server
from tests.world import World

pytestmark = pytest.mark.crash


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Watched]:
    with watched(tmp_path) as running:
        yield running


@pytest.fixture
async def world(stores: Watched) -> AsyncIterator[World]:
    async with World(stores.url, postbacks=True) as running:
        yield running


async def gone(stores: Watched, end: Callable[[Server], None]) -> Server:
    """The primary, ended in one way or another after its replica had everything."""
    first = stores.primary()
    with first.client() as client:
        assert client.wait(1, 2000) == 1
    end(first)
    return first


async def taken_over(
    stores: Watched, world: World, end: Callable[[Server], None], within: float
) -> Server:
    """An invoice and a conversation go on; returns the server that was ended."""
    card, uuid = await issued(world)
    await say(world.seller, "/invoice")
    first = await gone(stores, end)
    died = time.monotonic()
    await world.seller.send("60")
    sent = await world.seller.send("EUR")
    await world.seller.read("Which coin", after=sent, timeout=within)
    logging.getLogger(__name__).info("away for %.1f s", time.monotonic() - died)
    assert stores.primary() is not first
    world.cloud.ledger.pay(uuid)
    await says(world, card, "· paid")
    await issued(world, "/invoice 7 EUR btc")
    await idle(stores.url)
    assert len(world.cloud.invoices) == len(await records(stores.url)) == 2
    assert len([one for one in world.seller.messages() if NOTED in one.text]) <= 1
    return first


async def test_the_replica_takes_over_from_one_that_died(stores: Watched, world: World) -> None:
    await taken_over(stores, world, Server.kill, 15)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "again"),
    [(Server.kill, Server.start), (Server.freeze, Server.thaw)],
    ids=["killed", "frozen"],
)
async def test_the_former_primary_comes_back_as_a_replica(
    stores: Watched,
    world: World,
    end: Callable[[Server], None],
    again: Callable[[Server], None],
) -> None:
    first = await taken_over(stores, world, end, 30)
    again(first)
    await until_async(lambda: stores.follows(first), 30)
    await issued(world, "/invoice 8 EUR btc")
    assert len(await records(stores.url)) == 3
    await gone(stores, Server.kill)
    await until_async(lambda: stores.primary() is first, 30)
    await issued(world, "/invoice 9 EUR btc")
    assert len(await records(stores.url)) == len(world.cloud.invoices) == 4


@pytest.mark.slow
async def test_it_waits_while_nobody_is_primary(stores: Watched, world: World) -> None:
    for server in stores.servers:
        server.kill()
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read(NOTED, after=sent, timeout=15)
    stores.servers[0].start()
    await world.seller.read("waiting for payment", after=sent, timeout=30)
    await idle(stores.url)
    assert len(world.cloud.invoices) == len(world.cards(world.seller)) == 1


@pytest.mark.slow
async def test_any_sentinel_will_do(stores: Watched) -> None:
    client = connect(stores.url.replace("sentinel://", "sentinel://127.0.0.1:1,"))
    async with asyncio.timeout(5):
        await client.set("key", "value")
    await client.aclose()
