"""Redis goes away while Telegram delivers: people are told once, and nothing is lost or doubled."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.telegram import Patience
from tests.reliability.store import Store, store
from tests.reliability.test_storage_lost import NOTED
from tests.reliability.waiting import idle, until
from tests.web.deliveries import deliver, message
from tests.world import World


@pytest.fixture
async def lost(tmp_path: Path) -> AsyncIterator[Store]:
    async with store(tmp_path) as running:
        yield running


@pytest.fixture
async def world(lost: Store) -> AsyncIterator[World]:
    async with World(lost.url, webhook=True, patience=Patience(second=0.1)) as running:
        yield running


async def test_told_once_and_done_once(world: World, lost: Store) -> None:
    sent = await world.seller.send("30 USD btc")
    await world.seller.read("Create an invoice", after=sent)
    await until(lambda: len(world.telegram.world.updates) == 0)
    await lost.kill()
    first = await world.seller.send("/invoice 50 EUR")
    await world.seller.read(NOTED, after=first, timeout=10)
    await world.seller.tap("Create")
    await world.seller.send("/help")
    await world.seller.tap("Create")
    await asyncio.sleep(2)  # some redeliveries
    assert world.created == []
    assert len(world.telegram.world.updates) == 4, "Telegram must keep them"
    await lost.start()

    await until(lambda: len(world.cards(world.seller)) == 2, 15)
    await world.seller.read("/currencies", after=first, timeout=10)
    await until(lambda: len(world.telegram.world.updates) == 0, 10)
    await idle(lost.url)
    assert len([one for one in world.seller.messages() if NOTED in one.text]) == 1
    assert len(world.created) == 2
    assert len(world.cards(world.seller)) == 2


async def test_it_is_answered_503_at_once_and_nothing_is_kept_here(
    world: World, lost: Store
) -> None:
    await until(lambda: len(world.telegram.world.updates) == 0)
    await lost.kill()
    numbers = range(800_000_001, 800_000_004)
    answers = await asyncio.gather(
        *(deliver(world, message(world, "/help", number=number)) for number in numbers)
    )
    assert {status for status, _ in answers} == {503}
    assert all(int(headers["Retry-After"]) > 0 for _, headers in answers)
    assert world.app.jobs._known == {}
    await lost.start()


@pytest.mark.slow
async def test_a_second_outage_is_told_again(world: World, lost: Store) -> None:
    for _ in range(2):
        await lost.kill()
        sent = await world.seller.send("/currencies")
        await world.seller.read(NOTED, after=sent, timeout=10)
        await lost.start()
        await world.seller.read("TRY", after=sent, timeout=10)


async def test_a_wrong_secret_is_still_refused(world: World, lost: Store) -> None:
    await lost.kill()
    assert (await deliver(world, {"update_id": 1}, "a-wrong-webhook-secret"))[0] == 401
    await lost.start()
