"""The buttons of a seller's card: cancel, refresh, QR, again, the rest, accept."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import zxingcpp
from PIL import Image

from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.telegram import Message
from tests.flows.afterlife import issued, news, says, shown_again
from tests.flows.driving import data_of, say, tap
from tests.world import QUICK, World

SELDOM = replace(QUICK, look=timedelta(seconds=60))  # what is seen was asked for, not stumbled on


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, pace=SELDOM) as running:
        yield running


def kinds(message: Message) -> list[tuple[str, str]]:
    return [(button.text, button.kind) for row in message.buttons for button in row]


async def test_cancel_asks_once_and_cancels_at_the_provider(world: World) -> None:
    card, uuid = await issued(world)
    asked = await tap(world.seller, "Cancel", message=card.id)
    assert asked.labels == ["Yes, cancel the invoice", "No, keep it"]
    assert world.cloud.called(Path.CANCEL) == []
    tapped = await world.seller.tap("Yes, cancel", message=card.id)
    assert (await world.seller.answered(tapped)).text == "Cancelled."
    shown = await says(world, card, "· cancelled")
    assert kinds(shown)[0] == ("Pay 50.00\u00a0EUR", "disabled")
    assert shown.labels[1:] == ["Again", "Refresh"]
    assert world.cloud.ledger.get(uuid).status == "canceled"
    assert len(world.cloud.called(Path.CANCEL)) == 1
    assert news(world, card) == []


async def test_no_keeps_the_invoice(world: World) -> None:
    card, uuid = await issued(world)
    await tap(world.seller, "Cancel", message=card.id)
    kept = await tap(world.seller, "No, keep it", message=card.id)
    assert "Pay 50.00\u00a0EUR" in kept.labels
    assert world.cloud.ledger.get(uuid).status == "created"


async def test_what_was_paid_meanwhile_is_not_cancelled(world: World) -> None:
    card, uuid = await issued(world)
    await tap(world.seller, "Cancel", message=card.id)
    world.cloud.ledger.pay(uuid)
    tapped = await world.seller.tap("Yes, cancel", message=card.id)
    said = await world.seller.answered(tapped)
    assert said.text.startswith("It could not be cancelled. ✅")
    assert said.show_alert
    await says(world, card, "· paid\n")
    await world.seller.read("was paid.")


async def test_a_cancellation_waits_for_a_provider_that_is_down(world: World) -> None:
    card, uuid = await issued(world)
    world.cloud.faults.when(Path.CANCEL, lambda _: True, Fault.status(503))
    await tap(world.seller, "Cancel", message=card.id)
    tapped = await world.seller.tap("Yes, cancel", message=card.id)
    shown = await says(world, card, "being cancelled")
    assert "Cancel" not in shown.labels
    said = await world.seller.answered(tapped)
    assert "as soon as it does" in said.text
    world.cloud.faults.clear()
    await says(world, card, "· cancelled")
    assert world.cloud.ledger.get(uuid).status == "canceled"


async def test_cancel_by_command(world: World) -> None:
    card, uuid = await issued(world)
    asked = await say(world.seller, f"/cancel {uuid}")
    for _ in range(100):
        asked = shown_again(world.seller, asked)
        if "No, keep it" in asked.labels:
            break
        await asyncio.sleep(0.02)
    await world.seller.tap("Yes, cancel", message=asked.id)
    await says(world, asked, "· cancelled")
    await says(world, card, "· cancelled")  # every card of the invoice follows


async def test_refresh_asks_the_provider_now_and_only_so_often(world: World) -> None:
    card, uuid = await issued(world)
    world.cloud.ledger.pay(uuid)
    tapped = await world.seller.tap("Refresh", message=card.id)
    assert "· paid" in (await world.seller.answered(tapped)).text
    await says(world, card, "· paid\n")
    data = f"c:look:{(world.cloud.ledger.get(uuid).order.order_id or '')[-20:]}"
    said = ""
    for _ in range(6):
        said = (await world.seller.answered(await world.seller.tap_data(data, card.id))).text
    assert said.startswith("That was often. Please wait")


async def test_the_qr_code_opens_the_pay_page(world: World) -> None:
    card, _ = await issued(world)
    link = next(b.value for row in card.buttons for b in row if b.kind == "url")
    tapped = await world.seller.tap("QR code", message=card.id)
    photo = await world.seller.read("scan to open", after=tapped)
    assert photo.photo is not None
    image = Image.open(io.BytesIO(photo.photo.data))
    assert image.size[0] >= 400
    [code] = zxingcpp.read_barcodes(image)
    assert code.text == link
    await world.seller.tap("Close", message=photo.id)
    for _ in range(100):
        if photo.id not in [one.id for one in world.seller.messages()]:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the picture is still there")


async def test_again_opens_a_summary_with_the_same_values(world: World) -> None:
    card, uuid = await issued(world, "/invoice 50 EUR usdt trc20 24h #A-17 buyer@mail.com Soap")
    world.cloud.ledger.pay(uuid)
    await world.seller.tap("Refresh", message=card.id)
    await says(world, card, "· paid\n")
    tapped = await world.seller.tap("Again", message=card.id)
    summary = await world.seller.read("The same once more", after=tapped)
    assert len(world.created) == 1  # nothing is created before *Create*
    await world.seller.tap("Create", message=summary.id)
    await says(world, summary, "waiting for payment")
    first, second = world.cloud.ledger.all()
    assert second.order.amount == first.order.amount
    assert (second.order.order_id or "").startswith("A-17~")
    assert second.expires - second.created == first.expires - first.created
    assert "Soap" in shown_again(world.seller, summary).text


async def short(world: World) -> tuple[Message, str]:
    """A card whose time ended when half had been paid."""
    card, uuid = await issued(world)
    world.cloud.ledger.pay(uuid, Decimal("0.5"))
    await world.seller.tap("Refresh", message=card.id)
    await says(world, card, "paid in part")
    invoice = world.cloud.ledger.get(uuid)
    invoice.expires -= timedelta(days=2)
    await world.seller.tap("Refresh", message=card.id)
    return await says(world, card, "time is over"), uuid


async def test_the_rest_is_asked_for_once(world: World) -> None:
    card, uuid = await short(world)
    assert "Ask for the rest" in card.labels
    tapped = await world.seller.tap("Ask for the rest", message=card.id)
    summary = await world.seller.read("what is missing of", after=tapped)
    assert "25.00\u00a0EUR" in summary.text
    await world.seller.tap("Create", message=summary.id)
    rest = await says(world, summary, "waiting for payment")
    assert f"The rest of {uuid}" in rest.text
    old = await says(world, card, "The rest was asked for with")
    assert "Ask for the rest" not in old.labels
    new = world.cloud.ledger.all()[-1]
    assert new.uuid in old.text
    # A second summary, or an old button, leads to the same invoice.
    tapped = await world.seller.tap_data(f"m:rest:{_id(world, uuid)}", card.id)
    assert "already" in (await world.seller.answered(tapped)).text
    await world.seller.read(new.uuid, after=tapped)
    assert len(world.created) == 2
    # Money that comes on the old one all the same names both.
    world.cloud.ledger.pay(uuid)
    await world.seller.tap("Refresh", message=card.id)
    alert = await world.seller.read("after its time had ended")
    assert uuid in alert.text
    assert new.uuid in alert.text


async def test_accept_as_is_closes_it_and_goes_on_watching(world: World) -> None:
    card, uuid = await short(world)
    tapped = await world.seller.tap("Accept as is", message=card.id)
    assert "Accepted" in (await world.seller.answered(tapped)).text
    shown = await says(world, card, "accepted as it is")
    assert "Again" in shown.labels
    world.cloud.ledger.pay(uuid)
    await world.app.reconciler.advance(_id(world, uuid))
    data = f"c:look:{_id(world, uuid)}"
    await world.seller.tap_data(data, card.id)
    await says(world, card, "· paid late")
    await world.seller.read("after its time had ended")


async def test_paid_late_offers_the_payers_address(world: World) -> None:
    card, uuid = await issued(world, "/invoice 50 EUR usdt trc20 buyer@mail.com")
    world.cloud.ledger.expire(uuid)
    await world.seller.tap("Refresh", message=card.id)
    await says(world, card, "expired")
    world.cloud.ledger.pay(uuid)
    await world.seller.tap("Refresh", message=card.id)
    late = await says(world, card, "· paid late")
    copied = next(b for row in late.buttons for b in row if b.text == "Copy payer's e-mail")
    assert copied.value == "buyer@mail.com"
    await world.seller.tap("Accept", message=card.id)
    await says(world, card, "accepted as it is")


async def test_an_old_button_says_what_became_of_it(world: World) -> None:
    card, uuid = await issued(world)
    data = data_of(card, "Cancel")
    world.cloud.ledger.pay(uuid)
    await world.seller.tap("Refresh", message=card.id)
    await says(world, card, "· paid\n")
    said = await world.seller.answered(await world.seller.tap_data(data, card.id))
    assert said.text.startswith("That is no longer possible. ✅")


def _id(world: World, uuid: str) -> str:
    return (world.cloud.ledger.get(uuid).order.order_id or "").rpartition("~")[2]
