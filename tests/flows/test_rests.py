"""*Create* on the summary of a rest: what happened since it was shown decides."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.telegram import Group, Message, Person
from bot.telegram.texts import views
from tests.flows.afterlife import LINE
from tests.flows.driving import say, settled
from tests.flows.wording import EN, NOTHING_TO_CANCEL, is_summary
from tests.reliability.waiting import until
from tests.world import QUICK, World

PACE = replace(QUICK, look=timedelta(seconds=0.1))


@dataclass
class Shop:
    """An invoice whose time ended when half had been paid, in a group or in private."""

    world: World
    group: Group | None
    card: Message
    uuid: str

    async def shows(self, message: Message, words: str) -> Message:
        """Wait until the message says that."""
        for _ in range(500):
            seen = self.world.seller.messages(self.group)
            shown = next(one for one in seen if one.id == message.id)
            if words in shown.text:
                return shown
            await asyncio.sleep(0.02)
        raise AssertionError(f"{words!r} is not in {shown.text!r}")

    async def summary(self, person: Person) -> Message:
        """What is shown to who asks for the rest."""
        id_ = self.world.cloud.ledger.get(self.uuid).order.order_id
        tapped = await person.tap_data(f"m:rest:{id_}", self.card.id, chat=self.group)
        return await person.read("what is missing of", chat=self.group, after=tapped)

    async def create(self, person: Person, summary: Message) -> str:
        """Tap it; what the window over the button says."""
        tapped = await person.tap("Create", message=summary.id, chat=self.group)
        return (await person.answered(tapped)).text


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, pace=PACE) as running:
        yield running


@pytest.fixture
async def shop(world: World) -> Shop:
    """Its seller's own."""
    return await paid_in_part(world, None)


@pytest.fixture
async def shared(world: World) -> Shop:
    """Managed by its seller and the admin, who share a group."""
    group = world.telegram.group(-100_8701, "Shop", [world.seller, world.admin])
    return await paid_in_part(world, group)


async def paid_in_part(world: World, group: Group | None) -> Shop:
    sent = await world.seller.send(LINE, chat=group)
    card = await world.seller.read("waiting for payment", chat=group, after=sent)
    (invoice,) = world.cloud.ledger.all()
    there = Shop(world, group, card, invoice.uuid)
    world.cloud.ledger.pay(invoice.uuid, Decimal("0.5"))
    await there.shows(card, "paid in part")
    invoice.expires = invoice.created - timedelta(minutes=5)
    await there.shows(card, "time is over")
    return there


async def test_a_rest_that_was_paid_meanwhile_is_not_asked_for(shop: Shop) -> None:
    world = shop.world
    summary = await shop.summary(world.seller)
    invoice = world.cloud.ledger.get(shop.uuid)
    world.cloud.ledger.receive(shop.uuid, invoice.due - invoice.received)
    await shop.shows(shop.card, "paid late")
    said = await shop.create(world.seller, summary)
    assert said.startswith("Nothing was created. ")
    assert "paid late" in said
    ended = await shop.shows(summary, f"Nothing was created: {shop.uuid}")
    assert "paid late" in ended.text
    assert ended.buttons == ()
    await settled(world)
    assert len(world.created) == 1
    assert (await say(world.seller, "/cancel")).text == NOTHING_TO_CANCEL


async def test_a_part_that_was_accepted_meanwhile_is_left_at_that(shop: Shop) -> None:
    world = shop.world
    summary = await shop.summary(world.seller)
    await world.seller.tap("Accept as is", message=shop.card.id)
    await shop.shows(shop.card, "accepted as it is")
    assert "accepted as it is" in await shop.create(world.seller, summary)
    await shop.shows(summary, "Nothing was created")
    await settled(world)
    assert len(world.created) == 1


async def test_who_comes_second_is_shown_the_invoice_that_there_is(shared: Shop) -> None:
    world = shared.world
    first, second = await shared.summary(world.seller), await shared.summary(world.admin)
    await shared.create(world.seller, first)
    await shared.shows(first, "waiting for payment")
    assert await shared.create(world.admin, second) == views.rest_exists(EN)
    new = world.cloud.ledger.all()[-1]
    assert new.uuid in (await shared.shows(second, f"The rest of {shared.uuid}")).text
    world.cloud.ledger.pay(new.uuid)
    for card in (first, second):
        await shared.shows(card, "· paid\n")
    assert len(world.created) == 2


async def test_who_comes_second_while_it_is_being_created_is_told_where_to_look(
    shared: Shop,
) -> None:
    world = shared.world
    first, second = await shared.summary(world.seller), await shared.summary(world.admin)
    world.cloud.faults.next(Path.CREATE, Fault.slow(0.7))
    await shared.create(world.seller, first)
    await until(lambda: len(world.created) == 2)
    assert await shared.create(world.admin, second) == views.rest_exists(EN)
    told = await shared.shows(second, "was asked for already")
    assert not is_summary(told)
    await shared.shows(first, "waiting for payment")
    await shared.shows(shared.card, "The rest was asked for with")
    line = told.text.partition("named here: ")[2]
    shown = await say(world.admin, line, chat=shared.group)
    assert world.cloud.ledger.all()[-1].uuid in shown.text
    assert len(world.created) == 2


async def test_create_tapped_twice_is_nobody_elses(shop: Shop) -> None:
    world = shop.world
    summary = await shop.summary(world.seller)
    world.cloud.faults.next(Path.CREATE, Fault.slow(0.5))
    said = [await shop.create(world.seller, summary) for _ in range(2)]
    assert views.rest_exists(EN) not in said
    await shop.shows(summary, "waiting for payment")
    await settled(world)
    assert len(world.created) == 2
