"""Two who would poll, an end in order, and an update that always fails."""

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.telegram.texts import general
from tests.reliability.process import BotProcess, ProcessWorld
from tests.reliability.waiting import until
from tests.world import World


async def test_a_second_poller_is_survived(world: World, caplog: pytest.LogCaptureFixture) -> None:
    url = f"{world.telegram.url}/bot{world.telegram.token}/getUpdates"
    async with httpx.AsyncClient(trust_env=False) as http:
        for _ in range(5):  # between two questions of the bot it meets none
            await http.post(url, json={"timeout": 1, "offset": 0})
            if "another process polls with this token" in caplog.text:
                break
    assert "another process polls with this token" in caplog.text
    sent = await world.seller.send("/help")
    await world.seller.read("/invoice", after=sent, timeout=8)
    # A conflict is the answer that was provoked here.
    conflicts = [call for call in world.telegram.calls if call.status == 409]
    assert conflicts
    for call in conflicts:
        world.telegram.calls.remove(call)


@pytest.mark.crash
async def test_a_second_bot_waits_and_takes_over(
    apart: ProcessWorld, redis_url: str, tmp_path: Path
) -> None:
    second = BotProcess(apart, tmp_path / "second.log", None)
    try:
        await until(lambda: "another process polls" in read(tmp_path / "second.log"), 15)
        sent = await apart.seller.send("/help")
        await apart.seller.read("/invoice", after=sent)
        assert not [call for call in apart.telegram.calls if call.status == 409]

        await apart.kill()
        died = time.monotonic()
        sent = await apart.seller.send("/invoice 50 EUR")
        await apart.seller.read("waiting for payment", after=sent)
        assert time.monotonic() - died < 4
        assert len(apart.created) == 1
    finally:
        assert await second.stop() == 0


async def test_an_end_in_order_confirms_what_was_handled(world: World) -> None:
    sent = await world.seller.send("/help")
    await world.seller.read("/invoice", after=sent)
    await world.stop_bot()
    assert len(world.telegram.world.updates) == 0
    await world.start_bot()
    again = await world.seller.send("/currencies")
    await world.seller.read("EUR", after=again)
    answers = [one for one in world.seller.messages() if one.from_bot and one.id > sent.message_id]
    assert len(answers) == 2


async def test_an_end_in_order_finishes_the_invoice_in_hand(world: World) -> None:
    await world.seller.send("/invoice 50 EUR")
    await world.cloud.until(lambda: len(world.created) == 1)
    await world.stop_bot()
    assert len(world.cards(world.seller)) == 1


async def test_an_update_that_always_fails_is_answered_with_a_number_and_stops_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(general, "currencies", fail)
    sent = await world.seller.send("/currencies")
    after = await world.seller.send("/coins")
    told = await world.seller.read("went wrong", after=sent)
    await world.seller.read("TRON", after=after)
    incident = re.search(r"\b[0-9a-f]{8}\b", told.text)
    assert incident is not None
    assert f"incident {incident[0]}" in caplog.text
    assert "broken on purpose" in caplog.text
    await asyncio.sleep(1)
    assert caplog.text.count(" in update ") == 1, "it was handled once more"
    assert len(world.telegram.world.updates) == 0


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
