"""Where news about the invoices of a group rings: where they were asked for, in a topic, or with
their seller alone."""

from typing import Any

import pytest

from bot.domain.invoice import Wish
from bot.sandbox.telegram import Group, Message, Person, refuse
from tests.flows.driving import say, settled, shown, tap
from tests.flows.wording import is_card
from tests.reliability.waiting import until
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def choose(person: Person, group: Group, button: str, *, thread: int | None = None) -> str:
    menu = await say(person, "/settings", chat=group, thread=thread)
    await tap(person, "Alerts", message=menu.id, chat=group)
    return (await tap(person, button, message=menu.id, chat=group)).text


async def paid(house: World, person: Person, group: Group, thread: int | None = None) -> Message:
    """A card, paid, and all news out."""
    known = {invoice.uuid for invoice in house.cloud.ledger.all()}
    card = await say(person, "/invoice 50 EUR btc", chat=group, thread=thread)
    assert is_card(card)
    [uuid] = {invoice.uuid for invoice in house.cloud.ledger.all()} - known
    house.cloud.ledger.pay(uuid)
    before = len(rings(person, group) + rings(person))
    await look(house, uuid)
    await until(lambda: len(rings(person, group) + rings(person)) > before)
    await settled(house)
    return card


async def look(house: World, uuid: str) -> None:
    """As a postback would have the bot do."""
    (our_id,) = [one.order.order_id for one in house.cloud.ledger.all() if one.uuid == uuid]
    reconciler: Any = house.app.reconciler
    await reconciler._records.wish(our_id, Wish.LOOK, reconciler._clock())


def rings(person: Person, group: Group | None = None) -> list[Message]:
    return [one for one in shown(person, group) if "was paid." in one.text]


async def test_by_default_it_answers_the_card(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_8401, "Shop", [], admins=[seller], forum=True)
    orders = group.topic("Orders")
    card = await paid(house, seller, group, orders)
    (news,) = rings(seller, group)
    assert (news.thread, news.reply_to) == (orders, card.id)
    assert rings(seller) == []


async def test_in_a_topic_of_its_own(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_8402, "Shop", [], admins=[seller], forum=True)
    orders, alerts = group.topic("Orders"), group.topic("Alerts")
    text = await choose(seller, group, "In this topic", thread=alerts)
    assert "Alerts: in one topic of this group" in text
    card = await paid(house, seller, group, orders)
    (news,) = rings(seller, group)
    assert (news.thread, news.reply_to) == (alerts, None)
    assert f'"https://t.me/c/8402/{card.id}"' in str(links(news)).replace("'", '"')
    assert "Fees" not in news.text
    await choose(seller, group, "Where it was asked for", thread=alerts)
    await paid(house, seller, group, orders)
    assert [one.thread for one in rings(seller, group)] == [alerts, orders]


def links(message: Message) -> list[str]:
    return [str(entity.get("url")) for entity in message.entities if "url" in entity]


async def test_in_the_general_topic(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_8403, "Shop", [], admins=[seller], forum=True)
    orders = group.topic("Orders")
    await choose(seller, group, "In this topic")
    await paid(house, seller, group, orders)
    assert [one.thread for one in rings(seller, group)] == [None]


async def test_with_the_seller_alone(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_8404, "Shop", [], admins=[seller])
    text = await choose(seller, group, "In the seller's private chat")
    assert "Alerts: to the seller, in private" in text
    await paid(house, seller, group)
    assert rings(seller, group) == []
    (news,) = rings(seller)
    assert "Fees" in news.text  # nobody reads along


async def test_what_holds_now_holds_for_older_invoices(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_8405, "Shop", [], admins=[seller])
    card = await say(seller, "/invoice 50 EUR btc", chat=group)
    await choose(seller, group, "In the seller's private chat")
    uuid = house.cloud.ledger.all()[-1].uuid
    house.cloud.ledger.pay(uuid)
    await seller.tap("Refresh", message=(await say(seller, f"/status {uuid}")).id)
    await seller.read("was paid.")
    await settled(house)
    assert rings(seller, group) == []
    assert card.id in {one.id for one in shown(seller, group)}


@pytest.mark.parametrize("why", ["blocked", "topic closed"])
async def test_a_place_that_was_closed_loses_no_news(
    house: World, seller: Person, why: str
) -> None:
    number = -100_8406 - (why == "blocked")
    group = house.telegram.group(number, "Shop", [], admins=[seller], forum=True)
    alerts = group.topic("Alerts")
    if why == "blocked":
        await choose(seller, group, "In the seller's private chat", thread=alerts)
        seller.block()
    else:
        await choose(seller, group, "In this topic", thread=alerts)
        del group.chat.topics[alerts]
    card = await paid(house, seller, group)
    (news,) = rings(seller, group)
    assert (news.thread, news.reply_to) == (None, card.id)
    house.telegram.calls.clear()  # the refusals were the point


@pytest.mark.parametrize("left", ["the group", "the seller"])
async def test_a_topic_that_was_deleted_with_the_card_loses_no_news(
    house: World, seller: Person, left: str
) -> None:
    """It was noted as told, and nobody was told."""
    number = -100_8410 - (left == "the group")
    group = house.telegram.group(number, "Shop", [], admins=[seller], forum=True)
    orders = group.topic("Orders")
    await say(seller, "/invoice 50 EUR btc", chat=group, thread=orders)
    uuid = house.cloud.ledger.all()[-1].uuid
    del group.chat.topics[orders]
    if left == "the seller":
        closed = refuse(400, "Bad Request: not enough rights to send text messages to the chat")
        house.telegram.fail(
            "sendMessage", closed, times=5, when=lambda params: params["chat_id"] == group.id
        )
    house.cloud.ledger.pay(uuid)
    await look(house, uuid)
    told = await seller.read("was paid.", chat=group if left == "the group" else None)
    assert uuid in told.text
    assert told.thread is None
    house.telegram.heal()
    house.telegram.calls.clear()  # the refusals were the point


async def test_who_is_no_seller_any_more_hears_nothing_in_private(
    house: World, seller: Person
) -> None:
    other = house.telegram.person(8408, "Seller")
    await house.admit(other, "Tea house")
    group = house.telegram.group(-100_8408, "Shop", [other], admins=[seller])
    await choose(seller, group, "In the seller's private chat")
    await say(other, "/invoice 50 EUR btc", chat=group)
    uuid = house.cloud.ledger.all()[-1].uuid
    await say(house.admin, "/sellers")
    for button in ("Tea house", "Remove"):
        await tap(house.admin, button)
    house.cloud.ledger.pay(uuid)
    await look(house, uuid)
    await seller.read("was paid.", chat=group)
    assert rings(other) == []


FORGED = ["s:alerts:t9", "s:alerts:t", "s:alerts:t-1", "s:alerts:t²", "s:alerts:t0x", "s:alerts:x"]


@pytest.mark.parametrize("data", [*FORGED, "s:issuers:x", "s:issuers:none", "s:issuers:SELLERS"])
async def test_a_forged_value_is_refused(house: World, seller: Person, data: str) -> None:
    number = -100_8420 - len(data) * 10 - ord(data[-1])
    group = house.telegram.group(number, "Shop", [], admins=[seller], forum=True)
    menu = await say(seller, "/settings", chat=group)
    said = (await seller.answered(await seller.tap_data(data, menu.id, chat=group))).text
    assert "no longer applies" in said
    assert (await say(seller, "/settings", chat=group)).text == menu.text
