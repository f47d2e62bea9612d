"""The bot is ended and started again at a step: the conversation goes on where it was."""

import pytest

from tests.flows.driving import create, say, settled, shown, tap
from tests.flows.test_conversation_exits import STEPS, go_to
from tests.flows.wording import CANCELLED, is_card, is_summary
from tests.world import World

# How each question is answered after the restart, by typing and by a tap.
ANSWERS = {
    "amount": ("5 EUR", None),
    "currency": ("EUR", "EUR €"),
    "coin": ("btc", "BTC"),
    "network": ("trc20", "TRON"),
    "summary": ("6 EUR", "Change"),
    "change": ("24h", "Amount"),
    "lifetime": ("24h", "1 hour"),
    "details": ("lunch", None),
}


async def restart(world: World) -> None:
    await world.stop_bot()
    await world.start_bot()


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_goes_on_after_a_restart(world: World, step: str) -> None:
    typed, button = ANSWERS[step]
    asked = await go_to(world.seller, step)
    await restart(world)
    now = await say(world.seller, typed)
    assert now.id == asked.id
    assert now.text != asked.text

    if button is not None:
        await say(world.seller, "/cancel")
        asked = await go_to(world.seller, step)
        await restart(world)
        now = await tap(world.seller, button)
        assert now.id == asked.id
        assert now.text != asked.text

    assert (await say(world.seller, "/cancel")).text == CANCELLED
    assert world.created == []


async def test_a_restart_between_any_two_steps(world: World) -> None:
    asked = await say(world.seller, "/invoice")
    for text in ("5", "EUR", "usdt", "trc20", "lunch"):
        await restart(world)
        assert (await say(world.seller, text)).id == asked.id
    await restart(world)
    card = await create(world.seller)
    assert card.id == asked.id
    assert "lunch" in card.text
    await restart(world)
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1


async def test_what_was_sent_while_the_bot_was_away_is_answered(world: World) -> None:
    asked = await say(world.seller, "/invoice")
    await world.stop_bot()
    for text in ("5", "EUR", "btc"):
        await world.seller.send(text)
    await world.start_bot()
    await settled(world)
    summary = shown(world.seller)[-1]
    assert is_summary(summary)
    assert summary.id == asked.id
    await world.stop_bot()
    tapped = await world.seller.tap("Create", times=2)
    await world.start_bot()
    await world.seller.read(is_card, after=tapped)
    await settled(world)
    assert len(world.created) == 1
