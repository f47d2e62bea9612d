"""What happens to an update when the turn of its chat is lost."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.telegram import delay
from bot.storage.turns import TurnStore
from bot.telegram.texts import general
from tests.flows.driving import settled, shown
from tests.reliability.waiting import until
from tests.world import QUICK, World

HASTY = replace(QUICK, renew=timedelta(seconds=0.05), lease_lost=timedelta(seconds=0.15))


async def test_a_process_that_stood_still_answers_once(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled and begun anew, what was said already would be said again."""
    words = general.currencies

    def slowly(*args: Any) -> Any:
        time.sleep(0.4)  # nothing in the process moves meanwhile
        return words(*args)

    monkeypatch.setattr(general, "currencies", slowly)
    async with World(redis_url, webhook=True, pace=HASTY) as world:
        sent = await world.seller.send("/currencies")
        await world.seller.read("TRY", after=sent)
        await settled(world)
        assert len([one for one in shown(world.seller) if "TRY" in one.text]) == 1
        assert world.telegram.world.webhook.last_error_message == ""


async def test_a_turn_that_another_took_is_finished_all_the_same(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def lost(self: TurnStore, chat: str, *_: object) -> bool:
        asked.append(chat)
        return False

    monkeypatch.setattr(TurnStore, "renew", lost)
    async with World(redis_url, webhook=True, pace=HASTY) as world:
        world.telegram.fail("sendMessage", delay(0.5))
        sent = await world.seller.send("/currencies")
        await world.seller.read("TRY", after=sent)
        await until(lambda: len(world.telegram.world.updates) == 0)
        assert asked
        assert world.telegram.world.webhook.last_error_message == ""
