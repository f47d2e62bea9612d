"""Whatever is sent to the site: no 500, no error in the log, nothing in the store that changed."""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from redis import Redis

from tests.web.junk import Request, request
from tests.world import World

pytestmark = pytest.mark.no_cover  # a load: tracing would make it another one

EXPECTED = {200, 400, 401, 404, 405, 408, 411, 413, 415, 417, 429, 431}
# Said of an update that bears our secret, and so comes from Telegram.
SAID = re.compile(r"update \S+ cannot be read: ")


@pytest.fixture
async def world(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr("bot.web.requests.PATIENCE", 0.3)  # for bodies that end too soon
    async with World(redis_url, webhook=True, trusted_proxies="127.0.0.0/8") as running:
        yield running


def dump(redis_url: str) -> dict[bytes, Any]:
    """All that is stored, but for what counts junk, and what says that a bot is there."""
    with Redis.from_url(redis_url) as client:
        names = [
            name
            for name in client.scan_iter(count=1000)
            if not name.startswith((b"LIMITS", b"{intake}:poller", b"{intake}:alive"))
        ]
        return {name: client.dump(name) for name in names}


async def answered(port: int, junk: Request) -> int | None:
    """The status; None when the connection was closed without one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(junk.raw)
        async with asyncio.timeout(20):
            line = await reader.readline()
    except ConnectionError:
        return None
    finally:
        writer.close()
    return int(line.split()[1]) if line else None


def is_error(record: logging.LogRecord) -> bool:
    """A traceback, or an error of another kind than the one that is expected here."""
    if record.exc_info:
        return True
    return record.levelno >= logging.ERROR and not SAID.match(record.getMessage())


async def stand(
    world: World, redis_url: str, caplog: pytest.LogCaptureFixture, seeds: range
) -> Counter[int | None]:
    await world.seller.read("Welcome")
    await asyncio.sleep(0.3)
    calls, before = len(world.telegram.calls), dump(redis_url)
    caplog.clear()
    port, statuses = world.app.site.port, Counter[int | None]()
    queue = iter(seeds)

    async def send() -> None:
        for seed in queue:
            junk = request(seed)
            status = await answered(port, junk)
            statuses[status] += 1
            assert status in EXPECTED | {None}, f"{status} for the junk of seed {seed}"

    async with asyncio.TaskGroup() as group:
        for _ in range(16):
            group.create_task(send())
    errors = [
        record.getMessage()
        for record in caplog.records
        if record.exc_info
        or (record.levelno >= logging.ERROR and not SAID.match(record.msg % record.args))
    ]
    assert errors == []
    assert dump(redis_url) == before
    assert len(world.telegram.calls) == calls
    assert world.created == []
    return statuses


async def test_junk(world: World, redis_url: str, caplog: pytest.LogCaptureFixture) -> None:
    statuses = await stand(world, redis_url, caplog, range(1500))
    # It got as far as it should: to each of the answers, not only to the first check.
    assert all(statuses[status] > 10 for status in (200, 400, 401, 413, 415)), statuses


@pytest.mark.slow
async def test_much_junk(
    world: World,
    redis_url: str,
    caplog: pytest.LogCaptureFixture,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    statuses = await stand(world, redis_url, caplog, range(10_000, 30_000))
    record_testsuite_property("junk", f"20,000 requests, answers {dict(statuses)}")
