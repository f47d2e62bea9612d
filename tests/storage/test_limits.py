"""Limits: a moving window over all replicas, which limits nothing when the store is slow."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond

from bot.storage import limits
from bot.storage.connection import connect, servers
from bot.storage.limits import Limits

WHAT = "create"


@pytest.fixture
async def two(redis_url: str) -> AsyncIterator[tuple[Limits, Limits]]:
    """As two replicas have them."""
    one, other = connect(redis_url), connect(redis_url)
    yield Limits(one), Limits(other)
    await one.aclose()
    await other.aclose()


async def test_replicas_count_together(
    two: tuple[Limits, Limits], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PATIENCE", 5.0)  # a busy machine must not open them
    monkeypatch.setitem(limits.RATES, WHAT, RateLimitItemPerMinute(4))
    assert [await replica.take(WHAT, 7) for replica in two * 2] == [0] * 4
    assert [55 < await replica.take(WHAT, 7) <= 60 for replica in two] == [True, True]
    assert await two[0].take(WHAT, 8) == 0
    assert await two[0].take("look", 7) == 0


async def test_the_window_moves(
    two: tuple[Limits, Limits], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PATIENCE", 5.0)
    monkeypatch.setitem(limits.RATES, WHAT, RateLimitItemPerSecond(1, 2))
    assert await two[0].take(WHAT, 7) == 0
    assert await two[0].take(WHAT, 7) in (1, 2)
    await asyncio.sleep(2.05)
    assert await two[0].take(WHAT, 7) == 0


async def test_a_slow_store_limits_nothing_and_holds_up_nobody(
    two: tuple[Limits, Limits], redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.RATES, WHAT, RateLimitItemPerMinute(1))
    assert await two[0].take(WHAT, 7) == 0
    admin = connect(redis_url)
    for server in (await servers(admin)).values():
        await cast("Any", server).execute_command("CLIENT", "PAUSE", "1000", "ALL")
    begun = time.monotonic()
    answers = await asyncio.gather(*(two[0].take(WHAT, 7) for _ in range(20)))
    assert time.monotonic() - begun < limits.PATIENCE + 0.4
    assert answers == [0] * 20
    await asyncio.sleep(1)
    assert await two[0].take(WHAT, 7) > 0, "it counts again, on connections that are sound"
    await admin.aclose()


async def test_a_store_that_is_away_limits_nothing(tmp_path: object) -> None:
    gone = connect(f"unix://{tmp_path}/none.sock")
    assert await Limits(gone).take(WHAT, 7) == 0
    await gone.aclose()
