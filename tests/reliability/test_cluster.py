"""What people do, on a real cluster of three nodes: everything lies somewhere else than the rest.

All flow tests and storage tests run on it in the long run, see `conftest`.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.telegram import Person
from tests.flows.afterlife import issued, says, shown_again
from tests.flows.driving import create, say, tap
from tests.flows.test_buyers import link_of
from tests.reliability.waiting import idle
from tests.stores.cluster import Nodes
from tests.world import QUICK, World

PACE = replace(QUICK, look=timedelta(seconds=1))


@pytest.fixture
async def world(nodes: Nodes) -> AsyncIterator[World]:
    """On the emptied cluster. The admin admits the seller, by a link, on the way."""
    await asyncio.to_thread(nodes.flush)
    async with World(nodes.url, pace=PACE, postbacks=True) as running:
        yield running


async def cluster_keys(nodes: Nodes) -> list[int]:
    """How many keys each node has."""
    return [int(nodes.tell(node, "DBSIZE")) for node in nodes.nodes]


async def test_asked_for_in_a_line_and_in_a_conversation(world: World, nodes: Nodes) -> None:
    seller = world.seller
    for number in range(12):
        await issued(world, f"/invoice {number + 1} EUR btc")
    await say(seller, "/invoice")
    for typed in ("60", "EUR"):
        await say(seller, typed)
    await tap(seller, "Buyer chooses")
    await create(seller)
    await idle(nodes.url)
    assert len(world.created) == len(world.cloud.invoices) == 13
    assert len(world.cards(seller)) == 13
    assert min(await cluster_keys(nodes)) > 3  # else this shows nothing


async def test_unsure_creations_are_looked_for(world: World, nodes: Nodes) -> None:
    for fault in (Fault.cut_after_commit(), Fault(before=0, commit=False, cut=True)):
        world.cloud.faults.next(Path.CREATE, fault)
        sent = await world.seller.send("/invoice 70 EUR")
        await world.seller.read("waiting for payment", after=sent, timeout=10)
        await idle(nodes.url)
    assert len(world.cloud.invoices) == len(world.cards(world.seller)) == 2


async def test_the_buyer_opens_it_and_pays(world: World) -> None:
    card, uuid = await issued(world)
    buyer = world.telegram.person(7001, "Buyer", language_code="ru", started=False)
    sent = await buyer.open(link_of(card))
    shown = await buyer.read("50,00", after=sent)
    world.cloud.ledger.pay(uuid, Decimal("0.5"))
    await says(world, card, "· paid in part")
    await says(world, shown, "оплачен частично", buyer)
    world.cloud.ledger.pay(uuid)
    await says(world, card, "· paid\n")
    await says(world, shown, "· оплачен\n", buyer)


async def test_cancelled_listed_found_and_summed_up(world: World) -> None:
    card, uuid = await issued(world, "/invoice 50 EUR usdt trc20 #A-17 Soap")
    await issued(world, "/invoice 7 EUR btc")
    await tap(world.seller, "Cancel", message=card.id)
    await world.seller.tap("Yes, cancel", message=card.id)
    await says(world, card, "· cancelled")
    assert world.cloud.ledger.get(uuid).status == "canceled"
    menu = await say(world.seller, "/invoices")
    assert invoices_of(menu) == ["7.00\u00a0EUR", "50.00\u00a0EUR"]
    assert invoices_of(await tap(world.seller, "Ended unpaid", message=menu.id)) == [
        "50.00\u00a0EUR"
    ]
    for words in (uuid, "#A-17", "50 EUR"):
        assert "Soap" in (await say(world.seller, f"/find {words}")).text
    assert "Issued 2, paid 0" in (await say(world.seller, "/stats")).text
    sent = await world.seller.send("/export 30")
    table = await world.seller.read(lambda one: one.document is not None, after=sent)
    assert b"A-17" in table.document.data  # type: ignore[union-attr]


def invoices_of(message: Any) -> list[str]:
    rows = [b.text for row in message.buttons for b in row if b.value.startswith("o:")]
    return [row.split(" ")[1] for row in rows]


async def test_settings_and_sellers(world: World) -> None:
    await say(world.seller, "/settings")
    await tap(world.seller, "Currency")
    menu = await tap(world.seller, "GBP")
    assert "GBP" in menu.text
    other = world.telegram.person(7002, "Other")
    await world.admit(other, "Book shop")
    assert "waiting for payment" in (await say(other, "/invoice 5 EUR btc")).text
    listed = await say(world.admin, "/sellers")
    assert "Book shop" in listed.text + "".join(listed.labels)


async def test_throttled(world: World) -> None:
    buyer: Person = world.telegram.person(7003, "Buyer", started=False)
    name = world.telegram.world.bot.username
    for _ in range(21):
        sent = await buyer.open(f"https://t.me/{name}?start={'a' * 20}")
        shown = await buyer.read(lambda _: True, after=sent)
    assert "That was often" in shown.text


async def test_a_restart_goes_on(world: World) -> None:
    card, uuid = await issued(world)
    await say(world.seller, "/invoice")
    await world.stop_bot()
    world.cloud.ledger.pay(uuid)
    await world.start_bot()
    await says(world, card, "· paid\n")
    await say(world.seller, "60")
    assert "waiting" not in shown_again(world.seller, card).text
