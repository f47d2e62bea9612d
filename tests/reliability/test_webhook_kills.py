"""The bot is killed while Telegram delivers: it delivers again, and nothing happens twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.reliability.process import ProcessWorld
from tests.reliability.waiting import idle, until

pytestmark = pytest.mark.crash


@pytest.fixture
async def apart(redis_url: str, tmp_path: Path) -> AsyncIterator[ProcessWorld]:
    async with ProcessWorld(redis_url, tmp_path, webhook=True) as running:
        yield running


@pytest.mark.parametrize("after", [False, True])
async def test_killed_in_a_delivery(apart: ProcessWorld, redis_url: str, after: bool) -> None:
    await apart.die_at("bot.telegram.jobs:Jobs._handle", after=after)
    sent = await apart.seller.send("/invoice 50 EUR")
    await apart.died()
    assert len(apart.telegram.world.updates) == 1, "it was confirmed before it was handled"
    await apart.start_bot()
    await apart.seller.read("waiting for payment", after=sent, timeout=15)
    await until(lambda: len(apart.telegram.world.updates) == 0, 15)
    await idle(redis_url)
    assert len(apart.created) == 1
    # The update counts as handled a moment after its handler ended: the card may be on its way.
    assert len(apart.cards(apart.seller)) == 1 or (
        after and "this is the same invoice" in apart.cards(apart.seller)[-1].text
    )
