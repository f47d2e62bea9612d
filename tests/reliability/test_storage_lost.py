"""Redis goes away while the bot runs: people are told once, and nothing is lost or done twice."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path as File

import pytest

from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.telegram import LocalTelegram
from tests.reliability.store import Store, store
from tests.reliability.waiting import idle, until
from tests.storage.processes import ROOT
from tests.world import World

NOTED = "no need to repeat"


@pytest.fixture
async def lost(tmp_path: File) -> AsyncIterator[Store]:
    async with store(tmp_path) as running:
        yield running


@pytest.fixture
async def world(lost: Store) -> AsyncIterator[World]:
    async with World(lost.url) as running:
        yield running


async def test_told_once_and_done_once(world: World, lost: Store) -> None:
    asked = await world.seller.send("/invoice 7 EUR btc — before")
    await world.seller.read("waiting for payment", after=asked)
    sent = await world.seller.send("30 USD btc")
    await world.seller.read("Create an invoice", after=sent)

    await lost.kill()
    first = await world.seller.send("/invoice 50 EUR")
    await world.seller.read(NOTED, after=first, timeout=10)
    await world.seller.tap("Create")
    await world.seller.send("/help")
    await world.seller.tap("Create")
    await asyncio.sleep(1)
    assert len(world.created) == 1
    await lost.start()

    await until(lambda: len(world.cards(world.seller)) == 3, 15)
    await world.seller.read("/currencies", after=first, timeout=10)
    await idle(lost.url)
    notices = [one for one in world.seller.messages() if NOTED in one.text]
    assert len(notices) == 1
    assert len(world.created) == 3
    assert len(world.cards(world.seller)) == 3


async def test_each_chat_is_told(world: World, lost: Store) -> None:
    await lost.kill()
    await world.seller.send("/help")
    await world.stranger.send("/help")
    await world.seller.read(NOTED, timeout=10)
    await world.stranger.read(NOTED, timeout=10)
    await lost.start()
    await world.seller.read("/invoice 50 EUR", timeout=10)
    await world.stranger.read("seller", timeout=10)


async def test_a_second_outage_is_told_again(world: World, lost: Store) -> None:
    for _ in range(2):
        await lost.kill()
        sent = await world.seller.send("/currencies")
        await world.seller.read(NOTED, after=sent, timeout=10)
        await lost.start()
        await world.seller.read("EUR", after=sent, timeout=10)


@pytest.mark.parametrize(
    "fault",
    [Fault.slow(1), Fault(before=1, commit=False, cut=True)],
    ids=["created", "not created"],
)
async def test_it_goes_while_the_provider_is_asked(world: World, lost: Store, fault: Fault) -> None:
    world.cloud.faults.next(Path.CREATE, fault)
    await world.seller.send("/invoice 50 EUR")
    await world.cloud.until(lambda: len(world.created) == 1)
    await lost.kill()
    await world.cloud.until(lambda: world.created[0].ended)
    await asyncio.sleep(0.5)
    await lost.start()
    await world.seller.read("waiting for payment", timeout=15)
    await idle(lost.url)
    assert len(world.cloud.invoices) == 1
    assert len(world.cards(world.seller)) == 1


async def test_it_goes_for_longer_than_a_lease(world: World, lost: Store) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.slow(20))
    await world.seller.send("/invoice 50 EUR")
    await world.cloud.until(lambda: len(world.created) == 1)
    await lost.kill()
    await asyncio.sleep(4)  # the work is given up a second before anybody else may take it
    await lost.start()
    await world.seller.read("waiting for payment", timeout=15)
    await idle(lost.url)
    assert len(world.cloud.invoices) == 1
    assert len(world.created) == 1


async def test_the_scheduler_comes_back(world: World, lost: Store) -> None:
    await lost.kill()
    await asyncio.sleep(1)
    await lost.start()
    world.cloud.faults.next(Path.CREATE, Fault.cut_after_commit())
    await world.seller.send("/invoice 50 EUR")
    await world.seller.read("waiting for payment", timeout=15)


@pytest.mark.crash
async def test_a_store_that_is_not_there_ends_the_start_with_one_line(tmp_path: File) -> None:
    telegram = LocalTelegram()
    settings = {
        "BOT_TOKEN": telegram.token,
        "ADMIN_IDS": "1001",
        "CRYPTOCLOUD_API_KEY": "test-api-key",
        "CRYPTOCLOUD_SHOP_ID": "test-shop",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "TELEGRAM_API_URL": "http://127.0.0.1:1",
    }
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 2
    said = ended.stderr.strip().splitlines()
    assert said[-1].startswith("REDIS_URL: no store answers there")
    assert "Traceback" not in ended.stderr
    assert "test-api-key" not in ended.stderr
