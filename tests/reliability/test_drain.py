"""SIGTERM under load: the bot finishes what it has begun, leaves the rest to Telegram and to the
store, and exits in time with status 0."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from redis import Redis

from bot.sandbox.cryptocloud import Fault, LocalCryptoCloud
from bot.sandbox.cryptocloud import Path as Call
from bot.sandbox.telegram import LocalTelegram
from tests.reliability.load import PEOPLE, Load, all_there
from tests.reliability.process import STEADY, ProcessWorld
from tests.reliability.store import store
from tests.reliability.waiting import idle, until
from tests.storage.processes import ROOT
from tests.world import WEBHOOK_SECRET, free_port

pytestmark = pytest.mark.crash

PROMISED = 15.0  # seconds


@pytest.fixture(params=[False, True], ids=["polling", "webhook"])
async def apart(
    request: pytest.FixtureRequest, redis_url: str, tmp_path: Path
) -> AsyncIterator[ProcessWorld]:
    options = {"webhook": request.param, "seller_access": "anyone"}
    world = ProcessWorld(redis_url, tmp_path, **options)
    world.times = STEADY
    async with world as running:
        yield running


async def test_under_load_nothing_is_lost_and_nothing_doubled(
    apart: ProcessWorld, redis_url: str, record_testsuite_property: Callable[[str, object], None]
) -> None:
    apart.cloud.faults.every(Call.CREATE, 7, Fault.slow(1))
    load, ends = Load(apart), []
    for _ in range(2):
        before = load.total
        await until(lambda before=before: load.total > before + 25, 15)  # type: ignore[misc]
        begun = time.monotonic()
        await apart.stop_bot()
        ends.append(time.monotonic() - begun)
        await apart.start_bot()
    await load.stop()
    mode = "webhook" if apart.settings.webhook else "polling"
    record_testsuite_property(f"SIGTERM, {mode}", f"{load.total} asked, ended in {max(ends):.1f} s")
    assert max(ends) < PROMISED
    await until(lambda: all_there(apart, load), 30)
    await idle(redis_url)
    assert len(apart.telegram.world.updates) == 0
    assert len(apart.living) == load.total
    assert all_there(apart, load)


@pytest.mark.parametrize(
    "apart",
    [True, pytest.param(False, marks=pytest.mark.slow)],
    ids=["webhook", "polling"],
    indirect=True,
)
async def test_what_does_not_end_is_cut_in_time_and_taken_up_again(
    apart: ProcessWorld, redis_url: str
) -> None:
    apart.cloud.faults.next(Call.CREATE, Fault.slow(60))
    sent = await apart.seller.send("/invoice 50 EUR")
    await apart.cloud.until(lambda: len(apart.created) == 1)
    begun = time.monotonic()
    await apart.stop_bot()
    assert 5 < time.monotonic() - begun < 10, "it is not given its time, or docker would kill it"
    with Redis.from_url(redis_url, decode_responses=True) as client:
        (record,) = client.keys("inv:*")
        assert "lu" not in client.hgetall(record), "whoever comes next has to wait for the lease"
    await apart.start_bot()
    await apart.seller.read("waiting for payment", after=sent, timeout=15)
    await idle(redis_url)
    assert len(apart.living) == 1
    assert len(apart.cards(apart.seller)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_store_that_hangs_does_not_hold_up_the_end(tmp_path: Path, webhook: bool) -> None:
    async with store(tmp_path) as hanging:
        world = ProcessWorld(hanging.url, tmp_path, webhook=webhook)
        async with world:
            os.kill(hanging.pid, signal.SIGSTOP)
            sent = await world.seller.send("/invoice 50 EUR")
            await asyncio.sleep(1)
            begun = time.monotonic()
            await world.stop_bot()
            assert time.monotonic() - begun < 10
            os.kill(hanging.pid, signal.SIGCONT)
            await world.start_bot()
            await world.seller.read("waiting for payment", after=sent, timeout=20)
            await idle(hanging.url)
            assert len(world.living) == 1


@pytest.mark.slow
@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_the_command_itself(tmp_path: Path, webhook: bool) -> None:
    """`python -m bot` with a store of its own: status 0, no traceback, nothing left to do."""
    telegram, cloud = LocalTelegram(), LocalCryptoCloud()
    await telegram.start()
    await cloud.start()
    port = free_port()
    public = {"PUBLIC_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": WEBHOOK_SECRET}
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": telegram.token,
        "ADMIN_IDS": "1001",
        "CRYPTOCLOUD_API_KEY": cloud.api_key,
        "CRYPTOCLOUD_SHOP_ID": cloud.shop_id,
        "CRYPTOCLOUD_API_URL": cloud.url,
        "TELEGRAM_API_URL": telegram.url,
        "SELLER_ACCESS": "anyone",
        "DATA_DIR": str(tmp_path / "data"),
        "HTTP_PORT": str(port),
        "OPS_PORT": "0",
    }
    people = [telegram.person(7000 + n, "Seller") for n in range(PEOPLE)]
    for life in (1, 2):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot"),
            env=environment | (public if webhook else {}),
            cwd=tmp_path,
            stdout=PIPE,
            stderr=PIPE,
        )
        for person in people:
            await person.send(f"/invoice {life} EUR")
        await people[0].read(f"{life}.00", timeout=20)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGTERM)  # a second one changes nothing
        _, said = await process.communicate()
        assert time.monotonic() - begun < PROMISED
        assert process.returncode == 0, said.decode()
        assert b"Traceback" not in said, said.decode()
    shown = [m for p in people for m in p.messages() if m.from_bot and "waiting" in m.text]
    left = len(telegram.world.updates)
    assert len(cloud.invoices) == len(shown) == 2 * PEOPLE - left
    await telegram.close()
    await cloud.close()
