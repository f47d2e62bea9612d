"""After the card: the provider is asked, the card lives, and news rings once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.sandbox.cryptocloud import Path
from tests.flows.afterlife import issued, news, says, shown_again, text_of
from tests.world import QUICK, World

PACE = replace(QUICK, look=timedelta(seconds=0.2))


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, pace=PACE) as running:
        yield running


@pytest.mark.parametrize(
    ("share", "state", "rang"),
    [
        ("1", "· paid\n", "was paid."),
        ("1.25", "· overpaid", "more than that"),
        ("0.5", "· paid in part", "A part of"),
    ],
)
async def test_money_comes(world: World, share: str, state: str, rang: str) -> None:
    card, uuid = await issued(world)
    world.cloud.ledger.pay(uuid, Decimal(share))
    await world.seller.read(rang)
    await says(world, card, state)
    await asyncio.sleep(0.6)  # more looks change nothing
    assert len(news(world, card)) == 1


async def test_a_part_and_then_the_rest(world: World) -> None:
    card, uuid = await issued(world)
    world.cloud.ledger.pay(uuid, Decimal("0.5"))
    await says(world, card, "Still to be sent")
    world.cloud.ledger.pay(uuid)
    await says(world, card, "· paid\n")
    assert "Still to be sent" not in text_of(world, card)
    for _ in range(250):
        if len(news(world, card)) > 1:
            break
        await asyncio.sleep(0.02)
    part, whole = news(world, card)
    assert "A part of" in part
    assert "Still to come: 27.80277778 USDT, to the same address, until" in part
    assert whole.startswith("✅")


async def test_it_expires_and_is_paid_late(world: World) -> None:
    card, uuid = await issued(world)
    world.cloud.ledger.expire(uuid)
    await says(world, card, "· expired")
    await world.seller.read("expired unpaid")
    world.cloud.ledger.pay(uuid)
    # Long after the end it is looked at seldom: as if that time had come.
    await world.app.reconciler.advance(world.cloud.ledger.all()[0].order.order_id or "")
    await says(world, card, "· paid late")
    await world.seller.read("after its time had ended")


async def test_what_has_ended_can_not_be_paid_from_the_card(world: World) -> None:
    card, uuid = await issued(world)
    world.cloud.ledger.cancel(uuid)
    await says(world, card, "· cancelled")
    shown = shown_again(world.seller, card)
    assert [button.kind for row in shown.buttons for button in row][:1] == ["disabled"]
    assert "url" not in [button.kind for row in shown.buttons for button in row]
    assert "SANDBOX" not in shown.text
    assert news(world, card) == []


async def test_a_restart_finds_what_was_paid_meanwhile(world: World) -> None:
    card, uuid = await issued(world)
    await world.stop_bot()
    world.cloud.ledger.pay(uuid)
    await world.start_bot()
    await says(world, card, "· paid\n")
    await world.seller.read("was paid.")
    assert len(news(world, card)) == 1


async def test_paid_invoices_are_not_asked_about_any_more(world: World) -> None:
    card, uuid = await issued(world)
    world.cloud.ledger.pay(uuid)
    await says(world, card, "· paid\n")
    await asyncio.sleep(0.3)
    before = len(world.cloud.called(Path.INFO))
    await asyncio.sleep(0.8)
    assert len(world.cloud.called(Path.INFO)) == before
