"""Connections: a burst waits for its turn, and whoever is cancelled takes none away for good."""

import asyncio
import random

import pytest
from redis.asyncio import Redis

from bot.services.supervisor import end, raise_if_cancelled
from bot.storage.pool import PLACES, PatientPool

pytestmark = pytest.mark.one_server  # its connections are counted


def pool(redis: Redis) -> PatientPool:
    found = redis.connection_pool
    assert isinstance(found, PatientPool)
    return found


async def test_a_burst_waits(redis: Redis) -> None:
    await asyncio.gather(*(redis.set(f"k{n}", n) for n in range(5 * PLACES)))
    assert await redis.dbsize() == 5 * PLACES
    made = pool(redis)
    assert len(made._available_connections) <= PLACES


async def test_who_is_cancelled_gives_the_connection_back(redis: Redis) -> None:
    made = pool(redis)
    plain = Redis(connection_pool=made)  # each command on a connection that is its own

    async def busy() -> None:
        while True:
            await plain.get("k")
            raise_if_cancelled()

    dice = random.Random(7)
    for _ in range(20):
        tasks = [asyncio.create_task(busy()) for _ in range(PLACES // 4)]
        for _ in range(dice.randrange(1, 12)):
            await asyncio.sleep(0)
        await end(*tasks)
    assert made._places._value == PLACES
    assert not made._taken
    assert not made._in_use_connections


async def test_an_answer_that_nobody_read_is_not_taken_for_anothers(redis: Redis) -> None:
    made = pool(redis)
    connection = await made.get_connection()
    await connection.send_packed_command(connection.pack_command("ECHO", "another's"))
    await made.release(connection)
    await asyncio.sleep(0.1)
    assert await redis.execute_command("ECHO", "mine") == "mine"  # type: ignore[no-untyped-call]
