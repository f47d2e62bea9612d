"""Nodes of a cluster go: with a replica the bot goes on, without one it waits for them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.storage import keys
from tests.flows.afterlife import issued, says
from tests.flows.driving import say
from tests.reliability.test_storage_lost import NOTED
from tests.reliability.waiting import idle
from tests.storage.processes import until_async
from tests.stores.cluster import Nodes, cluster
from tests.stores.reading import records
from tests.stores.server import Server
from tests.world import QUICK, World

pytestmark = pytest.mark.crash

# Soon the whole cluster is down, and a postback may be refused, to come again after 30 s.
LOOKING = replace(QUICK, look=timedelta(seconds=1))


@pytest.fixture
async def with_replicas(tmp_path: Path) -> AsyncIterator[Nodes]:
    with cluster(tmp_path, replicas=3) as running:
        yield running


def primary_of(nodes: Nodes, key: str) -> Server:
    with nodes.nodes[0].client() as client:
        slot: Any = client.execute_command("CLUSTER KEYSLOT", key)
    return nodes.owner(int(slot))


@pytest.mark.slow
async def test_a_node_without_replica_is_waited_for(nodes: Nodes) -> None:
    await asyncio.to_thread(nodes.flush)
    async with World(nodes.url, postbacks=True, pace=LOOKING) as world:
        card, uuid = await issued(world)
        node = primary_of(nodes, keys.SELLERS)
        node.kill()
        try:
            sent = await world.seller.send("/invoice 7 EUR btc")
            await world.seller.read(NOTED, after=sent, timeout=15)
            world.cloud.ledger.pay(uuid)
        finally:
            node.start()
            await asyncio.to_thread(node.wait)
        await world.seller.read("waiting for payment", after=sent, timeout=20)
        await says(world, card, "· paid")
        await idle(nodes.url)
        assert len(world.cloud.invoices) == len(await records(nodes.url)) == 2
    await until_async(nodes.settled)


@pytest.mark.slow
@pytest.mark.parametrize("end", [Server.kill, Server.freeze], ids=["killed", "frozen"])
async def test_replicas_take_over_one_node_after_the_other(
    with_replicas: Nodes, end: Callable[[Server], None]
) -> None:
    nodes = with_replicas
    async with World(nodes.url, postbacks=True, pace=LOOKING) as world:
        made = [await issued(world, f"/invoice {number} EUR btc") for number in (1, 2, 3)]
        for number, (card, uuid) in enumerate(made):
            await say(world.seller, "/invoice")
            node = nodes.nodes[number]
            with node.client() as client:
                assert client.wait(1, 2000) == 1
            end(node)
            await world.seller.send("60")
            sent = await world.seller.send("EUR")
            await world.seller.read("Which coin", after=sent, timeout=40)
            world.cloud.ledger.pay(uuid)
            await says(world, card, "· paid")
            if end is Server.freeze:
                node.thaw()
            else:
                node.start()
            await until_async(lambda: nodes.settled(nodes.nodes[3:]), 30)
        await issued(world, "/invoice 4 EUR btc")
        await idle(nodes.url)
        assert len(world.cloud.invoices) == len(await records(nodes.url)) == 4


@pytest.mark.slow
async def test_an_ordered_failover_is_hardly_noticed(with_replicas: Nodes) -> None:
    nodes = with_replicas
    async with World(nodes.url) as world:
        for number in range(12):
            if number % 4 == 3:
                replica = nodes.nodes[3 + number // 4]
                nodes.tell(replica, "CLUSTER FAILOVER")
            await issued(world, f"/invoice {number + 1} EUR btc")
        await idle(nodes.url)
        assert len(world.cloud.invoices) == len(await records(nodes.url)) == 12
        assert not [one for one in world.seller.messages() if NOTED in one.text]
