"""Three bots on one store behind one address are restarted in turn, in order or not, under load."""

import asyncio
import random
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.reliability.load import MANY, Load, all_there, amiss
from tests.reliability.replicas import replicas
from tests.reliability.talk import Talk
from tests.reliability.waiting import idle, until

pytestmark = pytest.mark.crash

RESTARTS = 20
PROMISED = 15.0  # seconds after SIGTERM


@pytest.mark.slow
async def test_rolling_restarts_under_load(redis_url: str, tmp_path: Path) -> None:
    dice = random.Random(RESTARTS)
    async with replicas(redis_url, tmp_path, number=3) as world:
        load, talk, ends = Load(world, MANY), Talk(world), []
        for number in range(RESTARTS):
            before = load.total
            port = world.ports[number % 3]
            await asyncio.sleep(dice.uniform(0, 0.5))
            begun = time.monotonic()
            if number % 2:
                await world.kill_replica(port)
            else:
                await world.stop_replica(port)
                ends.append(time.monotonic() - begun)
            await world.start_replica(port)
            await until(lambda before=before: load.total > before + 20, 15)  # type: ignore[misc]
        await load.stop()
        await talk.stop()
        with suppress(AssertionError):
            await until(lambda: all_there(world, load, repeats=False), 60)
        assert amiss(world, load, repeats=False) == {}, load.asked
        await idle(redis_url, 20)
        assert max(ends) < PROMISED
        assert len(world.telegram.world.updates) == 0
        assert len(world.living) == load.total + talk.ended
        assert len(world.telegram.called("setWebhook")) == 1
