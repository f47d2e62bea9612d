"""Buyers open an invoice by its link: in their language, live, and no more than they may know."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.sandbox.cryptocloud import Path
from bot.sandbox.telegram import Message, Person, refuse
from bot.storage.cards import MOST_CARDS
from tests.flows.afterlife import issued, says, shown_again
from tests.flows.driving import settled
from tests.world import QUICK, World

LINE = "/invoice 50 EUR usdt trc20 #A-17 buyer@mail.com Soap <b>"
SELDOM = replace(QUICK, look=timedelta(seconds=60))


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, pace=SELDOM) as running:
        yield running


@pytest.fixture
def buyer(world: World) -> Person:
    return world.telegram.person(7001, "Buyer", language_code="ru", started=False)


def link_of(card: Message) -> str:
    """What *Send to buyer* shares."""
    share = next(b.value for row in card.buttons for b in row if b.text == "Send to buyer")
    found = re.search(r"url=(https%3A%2F%2Ft\.me%2F[^&]+)&", share)
    assert found is not None
    return found[1].replace("%3A", ":").replace("%2F", "/").replace("%3F", "?").replace("%3D", "=")


async def opened(buyer: Person, card: Message) -> Message:
    sent = await buyer.open(link_of(card))
    return await buyer.read("50,00", after=sent)


async def test_the_card_in_the_buyers_language(world: World, buyer: Person) -> None:
    card, uuid = await issued(world, LINE)
    shown = await opened(buyer, card)
    assert "50,00\u00a0EUR · ожидает оплаты" in shown.text
    for words in ("Soap <b>", "#A-17", "TRON (TRC20)", "Flower shop", "SANDBOX"):
        assert words in shown.text
    assert shown.labels == ["Оплатить 50,00\u00a0EUR", "Скопировать ссылку", "QR-код", "Обновить"]
    for hidden in ("buyer@mail.com", uuid, "Seller", str(world.seller.id)):
        assert hidden not in shown.text


async def test_it_lives(world: World, buyer: Person) -> None:
    card, uuid = await issued(world, LINE)
    shown = await opened(buyer, card)
    world.cloud.ledger.pay(uuid, Decimal("0.5"))
    await world.seller.tap("Refresh", message=card.id)
    await says(world, shown, "оплачен частично", buyer)
    world.cloud.ledger.pay(uuid)
    await buyer.tap("Обновить", message=shown.id)
    paid = await says(world, shown, "· оплачен\n", buyer)
    assert "url" not in [b.kind for row in paid.buttons for b in row]
    await says(world, card, "· paid\n")
    assert "Fees" in shown_again(world.seller, card).text
    assert "омисси" not in paid.text  # fees are the shop's business
    assert len(buyer.messages()) == 2  # /start and the card: nothing rings at the buyer's


async def test_paid_late_tells_buyers_to_send_nothing_more(world: World, buyer: Person) -> None:
    card, uuid = await issued(world, LINE)
    shown = await opened(buyer, card)
    world.cloud.ledger.expire(uuid)
    await world.seller.tap("Refresh", message=card.id)
    expired = await says(world, shown, "срок истёк", buyer)
    assert "SANDBOX" not in expired.text
    world.cloud.ledger.pay(uuid)
    await world.seller.tap("Refresh", message=card.id)
    await says(world, shown, "Больше ничего отправлять не нужно", buyer)


async def test_opened_twice_one_card_stays(world: World, buyer: Person) -> None:
    card, _ = await issued(world, LINE)
    first = await opened(buyer, card)
    second = await opened(buyer, card)
    for _ in range(100):
        shown = [one.id for one in buyer.messages() if one.from_bot]
        if shown == [second.id]:
            break
        await asyncio.sleep(0.02)
    assert first.id not in shown


async def test_wrong_links_read_the_same_and_are_throttled(world: World, buyer: Person) -> None:
    await issued(world, LINE)
    name = world.telegram.world.bot.username
    said = []
    for number in range(22):
        guess = f"{'abcdefghijklmnopqrst'[:18]}{'abcdefghijklmnopqrstuvwxyz'[number]}a"
        sent = await buyer.open(f"https://t.me/{name}?start={guess}")
        said.append((await buyer.read(lambda _: True, after=sent)).text)
    assert len(set(said[:20])) == 1
    assert "не ведёт к счёту" in said[0]
    assert "Слишком часто" in said[21]


async def test_the_buyers_buttons_give_no_rights(world: World, buyer: Person) -> None:
    card, uuid = await issued(world, LINE)
    shown = await opened(buyer, card)
    our_id = link_of(card).rpartition("=")[2]
    for do in ("cancel", "cancel_now", "accept", "rest", "again"):
        said = await buyer.answered(await buyer.tap_data(f"m:{do}:{our_id}", shown.id))
        assert said.text == "Эта кнопка не для вас."
    assert world.cloud.called(Path.CANCEL) == []
    assert world.cloud.ledger.get(uuid).status == "created"
    for data in (f"o:{our_id}", "l:::0", "l::0::0"):
        await buyer.answered(await buyer.tap_data(data, shown.id))
    assert "Soap" in shown_again(buyer, shown).text


async def test_more_readers_than_live_cards_update_by_refresh(world: World) -> None:
    card, uuid = await issued(world, LINE)
    readers = [world.telegram.person(7100 + n, "Buyer", started=False) for n in range(MOST_CARDS)]
    shown = [
        await reader.read("50.00", after=await reader.open(link_of(card))) for reader in readers
    ]
    late = world.telegram.person(7200, "Buyer", started=False)
    last = await late.read("50.00", after=await late.open(link_of(card)))
    world.cloud.ledger.pay(uuid)
    await world.seller.tap("Refresh", message=card.id)
    for reader, one in zip(readers, shown, strict=True):
        await says(world, one, "· paid", reader)
    assert "waiting" in shown_again(late, last).text
    await late.tap("Refresh", message=last.id)
    await says(world, last, "· paid", late)


async def test_a_buyer_who_blocks_the_bot_holds_up_nobody(world: World, buyer: Person) -> None:
    card, uuid = await issued(world, LINE)
    await opened(buyer, card)
    other = world.telegram.person(7300, "Buyer", started=False)
    shown = await other.read("50.00", after=await other.open(link_of(card)))
    buyer.block()
    world.cloud.ledger.pay(uuid)
    await world.seller.tap("Refresh", message=card.id)
    await says(world, shown, "· paid", other)
    await says(world, card, "· paid\n")


async def test_verify_on_a_groups_card_leads_to_the_bots_own_word(
    world: World, buyer: Person
) -> None:
    group = world.telegram.group(-1007, "Market", [world.seller, buyer], admins=[world.seller])
    sent = await world.seller.send("/invoice 50 EUR btc", chat=group)
    card = await world.seller.read("waiting for payment", chat=group, after=sent)
    assert card.labels[1:] == ["Copy link", "QR code", "Verify"]
    verify = next(b.value for row in card.buttons for b in row if b.text == "Verify")
    shown = await buyer.read("50,00", after=await buyer.open(verify))
    assert "Flower shop" in shown.text
    tapped = await buyer.tap("QR code", message=card.id, chat=group)
    photo = await buyer.read("scan", chat=group, after=tapped)
    assert photo.photo is not None


async def test_the_reminder_goes_to_seller_and_buyer_once(world: World, buyer: Person) -> None:
    menu = await world.seller.read("Settings", after=await world.seller.send("/settings"))
    await world.seller.read("Shall I", after=await world.seller.tap("Reminder", message=menu.id))
    await world.seller.tap("15 minutes", message=menu.id)
    await world.seller.read("15 minutes before", after=None)
    card, uuid = await issued(world, LINE)
    shown = await opened(buyer, card)
    invoice = world.cloud.ledger.get(uuid)
    invoice.expires -= invoice.expires - invoice.created - timedelta(minutes=10)
    await world.seller.tap("Refresh", message=card.id)
    await world.seller.read("is payable until")
    await buyer.read("можно оплатить до")
    await world.seller.tap("Refresh", message=card.id)
    await asyncio.sleep(0.5)
    assert len([one for one in buyer.messages() if one.id > shown.id]) == 1
    assert len([one for one in world.seller.messages() if "is payable until" in one.text]) == 1


async def test_a_card_that_was_not_reached_at_the_first_change_shows_the_second(
    redis_url: str,
) -> None:
    """Both are seen in one go: the change that is found while the card is made up for."""
    often = replace(QUICK, look=timedelta(seconds=0.3), retry=timedelta(seconds=1))
    async with World(redis_url, pace=often) as world:
        buyer = world.telegram.person(7001, "Buyer", language_code="ru", started=False)
        card, uuid = await issued(world, LINE)
        shown = await opened(buyer, card)
        world.telegram.fail(
            "editMessageText",
            refuse(502, "Bad Gateway"),
            times=3,
            when=lambda params: params["chat_id"] == buyer.id,
        )
        world.cloud.ledger.pay(uuid, Decimal("0.5"))
        await world.seller.read("A part of")
        world.cloud.ledger.pay(uuid)
        await world.seller.read("was paid.")
        await says(world, shown, "· оплачен\n", buyer)


async def test_who_paid_between_two_looks_is_not_reminded(redis_url: str) -> None:
    """Without a postback nobody has told of the payment when the reminder is due."""
    async with World(redis_url, pace=SELDOM) as world:
        menu = await world.seller.read("Settings", after=await world.seller.send("/settings"))
        asked = await world.seller.tap("Reminder", message=menu.id)
        await world.seller.read("Shall I", after=asked)
        await world.seller.tap("15 minutes", message=menu.id)
        await world.seller.read("15 minutes before", after=None)
        card, uuid = await issued(world, "/invoice 50 EUR usdt trc20 16m")
        await settled(world)
        [our_id] = [call.body["order_id"] for call in world.created]
        reconciler: Any = world.app.reconciler
        records, owner, now = reconciler._records, reconciler._leases.new_owner(), datetime.now(UTC)
        held = await records.lease(our_id, owner.token, now)
        world.cloud.ledger.pay(uuid)
        due = replace(held, expires=now + timedelta(minutes=14))
        await records.release(held, due, owner.token, now)
        await says(world, card, "· paid\n")
        await world.seller.read("was paid.")
        assert not any("is payable until" in one.text for one in world.seller.messages())
