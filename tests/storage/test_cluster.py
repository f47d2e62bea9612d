"""The client of a cluster: each command where its key is, through everything that moves."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.crc import key_slot
from redis.exceptions import ClusterCrossSlotError, ResponseError

from bot.domain.errors import StorageAway
from bot.storage import keys, scripts
from bot.storage.cluster import Cluster
from bot.storage.connection import connect, ping, translated
from bot.storage.durability import StoreUnfit, check_durability
from bot.storage.invoices import LEASE, InvoiceStore
from bot.storage.limits import Limits
from bot.storage.pool import PLACES
from tests.storage.test_invoices import ID, NOW, SMALL
from tests.stores.cluster import Nodes
from tests.stores.server import Server

KEYS = [f"key{number}" for number in range(60)]
HOLD = scripts.HOLD
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
async def cluster(nodes: Nodes) -> AsyncIterator[Cluster]:
    await asyncio.to_thread(nodes.flush)
    client = connect(nodes.url)
    assert isinstance(client, Cluster)
    await ping(client)
    yield client
    await client.aclose()


def other_than(nodes: Nodes, server: Server) -> Server:
    return next(node for node in nodes.nodes if node is not server)


async def test_a_pipeline_of_all_nodes_keeps_its_order(cluster: Cluster) -> None:
    async with cluster.pipeline(transaction=False) as pipe:
        for number, key in enumerate(KEYS):
            pipe.set(key, number)
            pipe.get(key)
        answers = await pipe.execute()
    assert answers == [part for n in range(len(KEYS)) for part in (True, str(n))]


async def test_an_error_in_a_pipeline_is_the_commands_own(cluster: Cluster) -> None:
    await cluster.set(KEYS[1], "text")
    async with cluster.pipeline(transaction=False) as pipe:
        pipe.set(KEYS[0], "1")
        pipe.hgetall(KEYS[1])
        pipe.set(KEYS[2], "1")
        first, failed, last = await pipe.execute(raise_on_error=False)
        assert (first, last) == (True, True)
        assert isinstance(failed, ResponseError)
        pipe.hgetall(KEYS[1])
        with pytest.raises(ResponseError, match="WRONGTYPE"):
            await pipe.execute()


async def test_scripts_run_in_pipelines_and_are_loaded_where_they_are_missing(
    cluster: Cluster, nodes: Nodes
) -> None:
    hold = cluster.register_script(HOLD)
    for _ in range(2):
        assert await hold(keys=["poller"], args=["me", 5000]) == 1
        async with cluster.pipeline(transaction=False) as pipe:
            for key in KEYS:
                await hold(keys=[key], args=["me", 5000], client=pipe)
            assert await pipe.execute() == [1] * len(KEYS)
        for node in nodes.nodes:
            nodes.tell(node, "SCRIPT FLUSH")


async def test_a_transaction_is_of_one_slot(cluster: Cluster) -> None:
    async with cluster.pipeline(transaction=True) as pipe:
        pipe.hset("{a}one", "field", "1")
        pipe.hgetall("{a}one")
        pipe.delete("{a}two")
        assert await pipe.execute() == [1, {"field": "1"}, 0]
        pipe.set("a", 1)
        pipe.set("b", 1)
        with pytest.raises(ClusterCrossSlotError):
            await pipe.execute()
        with pytest.raises(NotImplementedError):
            await pipe.watch("a")


async def test_what_is_of_each_node_is_not_answered_by_one(cluster: Cluster) -> None:
    with pytest.raises(NotImplementedError):
        await cluster.dbsize()


async def test_a_burst_waits(cluster: Cluster) -> None:
    await asyncio.gather(*(cluster.set(f"k{n}", n) for n in range(6 * PLACES)))
    for client in (await cluster.nodes()).values():
        assert len(client.connection_pool._available_connections) <= PLACES


async def test_slots_move_while_everything_is_in_use(cluster: Cluster, nodes: Nodes) -> None:
    going = True
    hold = cluster.register_script(HOLD)
    done = 0

    async def use(dice: random.Random) -> None:
        nonlocal done
        while going:
            key = dice.choice(KEYS)
            await cluster.set(key, "me")
            async with cluster.pipeline(transaction=False) as pipe:
                for one in dice.sample(KEYS, 5):
                    await hold(keys=[one], args=["me", 60_000], client=pipe)
                assert set(await pipe.execute()) == {1}
            async with cluster.pipeline(transaction=True) as pipe:
                pipe.set(key, "me")
                pipe.get(key)
                assert await pipe.execute() == [True, "me"]
            done += 1

    using = asyncio.gather(*(use(random.Random(seed)) for seed in range(4)))
    for key in KEYS[:6]:
        slot = key_slot(key.encode())
        source = await asyncio.to_thread(nodes.owner, slot)
        await asyncio.to_thread(nodes.move, slot, other_than(nodes, source))
    going = False
    await using
    assert done > 10


async def test_a_key_that_moved_before_its_slot(cluster: Cluster, nodes: Nodes) -> None:
    slot = key_slot(b"{a}")
    source = nodes.owner(slot)
    to = other_than(nodes, source)
    await cluster.set("{a}here", 1)
    await cluster.set("{a}there", 2)
    nodes.begin_move(slot, source, to)
    try:
        nodes.move_keys(source, to, ["{a}there"])
        assert await cluster.get("{a}here") == "1"
        assert await cluster.get("{a}there") == "2"
        async with cluster.pipeline(transaction=True) as pipe:
            pipe.set("{a}there", 3)
            pipe.get("{a}there")
            assert await pipe.execute() == [True, "3"]
        async with cluster.pipeline(transaction=False) as pipe:
            for key in ("{a}here", "{a}there", "b"):
                pipe.get(key)
            assert await pipe.execute() == ["1", "3", None]
    finally:
        nodes.end_move(slot, source, to)
    assert await cluster.get("{a}here") == "1"


async def test_halves_of_an_invoice_on_two_nodes_are_storage_away(
    cluster: Cluster, nodes: Nodes
) -> None:
    """Only while its slot is being moved, and nothing is half done; others go on."""
    store = InvoiceStore(cluster, boot="boot1")
    other = replace(SMALL, id=f"z{ID[1:]}")
    for one in (SMALL, other):
        assert await store.write_intent(one, "boot1:1", NOW)
    record = keys.record(ID)
    slot = key_slot(record.encode())
    source = nodes.owner(slot)
    to = other_than(nodes, source)
    nodes.begin_move(slot, source, to)
    try:
        nodes.move_keys(source, to, [record])
        with pytest.raises(StorageAway):
            await store.renew(ID, "boot1:1", NOW)
        [taken] = await store.take_due("boot1:2", LATER, before=LATER, most=8)
        assert taken.id == other.id
    finally:
        nodes.end_move(slot, source, to)
    assert await store.renew(ID, "boot1:1", NOW)


async def test_the_schedule_may_move_before_the_records(cluster: Cluster, nodes: Nodes) -> None:
    """It was once taken for a schedule of nothing, and what was due was forgotten."""
    store = InvoiceStore(cluster, boot="boot1")
    assert await store.write_intent(SMALL, "boot1:1", NOW)
    record, due = keys.record(ID), keys.due(keys.shard(ID))
    slot = key_slot(record.encode())
    source = nodes.owner(slot)
    to = other_than(nodes, source)
    nodes.begin_move(slot, source, to)
    try:
        nodes.move_keys(source, to, [due])
        assert await store.take_due("boot1:2", LATER, before=LATER, most=8) == []
    finally:
        nodes.end_move(slot, source, to)
    later = LATER + LEASE
    [taken] = await store.take_due("boot1:3", later, before=later, most=8)
    assert taken.id == ID


async def test_limits_are_counted(cluster: Cluster) -> None:
    limits = Limits(cluster)
    taken = [await limits.take("file", 1) for _ in range(5)]
    assert taken[:4] == [0] * 4
    assert 0 < taken[4] <= 60
    assert await limits.take("file", 2) == 0


async def test_every_node_must_be_fit(cluster: Cluster, nodes: Nodes) -> None:
    await check_durability(cluster)
    last = nodes.nodes[2]
    nodes.tell(last, "CONFIG SET", "maxmemory", "500mb", "maxmemory-policy", "allkeys-lru")
    try:
        with pytest.raises(StoreUnfit, match=f"at 127.0.0.1:{last.port} may evict"):
            await check_durability(cluster)
    finally:
        nodes.tell(last, "CONFIG SET", "maxmemory", "0", "maxmemory-policy", "noeviction")


async def test_a_node_of_a_cluster_is_no_server_alone(nodes: Nodes) -> None:
    client = connect(nodes.nodes[0].url)
    with pytest.raises(StoreUnfit, match=r"put redis\+cluster://"):
        await check_durability(client)
    await client.aclose()


async def test_a_server_alone_is_no_cluster(tmp_path: Path) -> None:
    with Server(tmp_path) as alone:
        client = connect(alone.url.replace("redis://", "redis+cluster://"))
        with pytest.raises(StorageAway, match="cluster support disabled"):
            await ping(client)
        await client.aclose()


async def test_nobody_there_is_storage_away_and_said_fast() -> None:
    client: Redis = connect("redis+cluster://127.0.0.1:1,127.0.0.1:2")

    @translated
    async def get() -> object:
        return await client.get("key")

    async with asyncio.timeout(5):
        told = await asyncio.gather(*(get() for _ in range(200)), return_exceptions=True)
    assert {type(one) for one in told} == {StorageAway}
    await client.aclose()
