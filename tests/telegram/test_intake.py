"""What the intake survives. Its promises under load and kills are in tests/reliability."""

import pytest

from tests.world import World


async def test_an_update_that_cannot_be_read_does_not_hold_up_the_others(
    redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with World(redis_url) as world:
        number = world.telegram.push({"message": {"message_id": "not a number"}})
        sent = await world.seller.send("/help")
        await world.seller.read("invoice", after=sent)
        assert f"update {number} cannot be read" in caplog.text


async def test_a_webhook_that_was_left_behind_is_removed(redis_url: str) -> None:
    async with World(redis_url) as world:
        await world.stop_bot()
        world.telegram.world.webhook.url = "https://bot.example/telegram"
        await world.start_bot()
        sent = await world.seller.send("/help")
        await world.seller.read("invoice", after=sent, timeout=10)
        told = {call.description for call in world.telegram.refusals}
        assert len(told) == 1
        assert "webhook is active" in str(told)
        world.telegram.calls.clear()  # the refusal was the point
