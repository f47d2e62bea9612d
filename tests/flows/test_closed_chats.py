"""People block the bot, delete their accounts and throw it out of groups: it takes note, says
nothing there, and goes on when they come back."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.sandbox.telegram import Fault, drop_reply, refuse
from tests.flows.afterlife import LINE, issued, news, says
from tests.flows.driving import say, settled
from tests.flows.wording import is_card
from tests.world import QUICK, WEBHOOK, World

PACE = replace(QUICK, look=timedelta(seconds=0.1))
FORBIDDEN = ("blocked by the user", "is deactivated", "not a member of the")


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, pace=PACE) as running:
        yield running
        forgive(running)


def forgive(world: World) -> None:
    """Refusals of these kinds are what the tests are about."""
    for call in world.telegram.calls:
        call.injected |= any(words in call.description for words in FORBIDDEN)


def sends(world: World, chat_id: int) -> int:
    """How often the bot tried to write there."""
    return len([c for c in world.telegram.called("sendMessage") if c.params["chat_id"] == chat_id])


@pytest.mark.skipif(WEBHOOK, reason="what came meanwhile is not delivered at once there")
async def test_who_blocked_the_bot_is_not_written_to_until_they_unblock_it(world: World) -> None:
    first, first_uuid = await issued(world)
    _, second_uuid = await issued(world)
    third, third_uuid = await issued(world)
    world.seller.block()
    await settled(world)
    before = sends(world, world.seller.id)
    world.cloud.ledger.pay(first_uuid)
    await says(world, first, "· paid")
    await settled(world)
    assert sends(world, world.seller.id) == before, "it was told that it is blocked"
    assert news(world, third) == []
    world.seller.unblock()
    world.cloud.ledger.pay(second_uuid)
    await world.seller.read("was paid.")
    assert len(news(world, third)) == 1
    await world.stop_bot()
    world.seller.block()  # the bot is away
    await world.start_bot()
    await settled(world)  # it has heard of that
    world.cloud.ledger.pay(third_uuid)
    await says(world, third, "· paid")
    await settled(world)
    assert sends(world, world.seller.id) == before + 1


async def test_a_refused_message_is_the_last_until_somebody_writes(world: World) -> None:
    first, first_uuid = await issued(world)
    second, second_uuid = await issued(world)
    _, third_uuid = await issued(world)
    await settled(world)
    before = sends(world, world.seller.id)
    world.seller.chat.blocked = True  # and the update that would tell is lost
    world.cloud.ledger.pay(first_uuid)
    await says(world, first, "· paid")
    world.cloud.ledger.pay(second_uuid)
    await says(world, second, "· paid")
    await settled(world)
    assert sends(world, world.seller.id) == before + 1
    world.seller.chat.blocked = False
    await say(world.seller, "/help")
    world.cloud.ledger.pay(third_uuid)
    await world.seller.read("was paid.")


async def test_a_deleted_account_is_not_written_to(world: World) -> None:
    first, first_uuid = await issued(world)
    second, second_uuid = await issued(world)
    world.seller.delete_account()
    before = sends(world, world.seller.id)
    for card, uuid in ((first, first_uuid), (second, second_uuid)):
        world.cloud.ledger.pay(uuid)
        await says(world, card, "· paid")
        await settled(world)
    assert sends(world, world.seller.id) == before + 1


async def test_a_group_that_let_the_bot_in_again_is_told(world: World) -> None:
    group = world.telegram.group(-500, "Shop", [world.seller])
    bot = world.telegram.world.bot
    for _ in range(2):
        await world.seller.read(
            is_card, chat=group, after=await world.seller.send(LINE, chat=group)
        )
    one, other = (invoice.uuid for invoice in world.cloud.ledger.all())
    await settled(world)
    group.remove(bot)
    await settled(world)
    before = sends(world, group.id)
    world.cloud.ledger.pay(one)
    await asyncio.sleep(0.5)
    await settled(world)
    assert sends(world, group.id) == before
    group.add(bot)
    world.cloud.ledger.pay(other)
    await world.seller.read("was paid.", chat=group)


@pytest.mark.parametrize(
    "fault",
    [
        refuse(403, "Forbidden: bot was blocked by the user"),
        refuse(429, "Too Many Requests: retry after 99", retry_after=99),
        refuse(400, "Bad Request: not enough rights to send text messages to the chat"),
        refuse(502, "Bad Gateway"),
        drop_reply(),
    ],
    ids=["blocked", "flooded", "no rights", "bad gateway", "cut"],
)
async def test_an_answer_that_cannot_be_delivered_is_no_incident(
    world: World, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    before = len(world.telegram.called("sendMessage"))
    world.telegram.fail("sendMessage", fault)
    await world.seller.send("/help")
    await settled(world, within=30)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(world.telegram.called("sendMessage")) == before + 1
    if fault.error is None or fault.error.status != 429:
        await say(world.seller, "/help")


async def test_a_message_that_telegram_does_not_understand_is_an_incident(world: World) -> None:
    world.telegram.fail("sendMessage", refuse(400, "Bad Request: can't parse entities"))
    assert "went wrong" in (await say(world.seller, "/help")).text
