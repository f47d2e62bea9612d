"""`/invoices`, `/status` and `/find`: everything issued so far."""

import asyncio

import pytest

from bot.sandbox.telegram import Message, Person
from tests.flows.afterlife import issued, says, shown_again
from tests.flows.driving import say, tap
from tests.world import World


def rows(message: Message) -> list[str]:
    """The invoices of a list."""
    return [b.text for row in message.buttons for b in row if b.value.startswith("o:")]


async def made(world: World, count: int, line: str = "/invoice {n} EUR btc") -> list[str]:
    """The provider's ids, oldest first."""
    return [(await issued(world, line.format(n=n + 1)))[1] for n in range(count)]


async def test_empty_lists_say_what_to_do(world: World) -> None:
    shown = await say(world.seller, "/invoices")
    assert "Nothing yet. Your first one: /invoice 50 EUR" in shown.text
    assert shown.labels == ["✓ All", "Open", "Paid", "Ended unpaid"]
    shown = await tap(world.seller, "Paid", message=shown.id)
    assert "This list is empty." in shown.text


async def test_pages_lead_back_and_forth(world: World) -> None:
    await made(world, 19)
    first = await say(world.seller, "/invoices")
    assert [row.split()[1] for row in rows(first)] == [
        f"{n}.00\u00a0EUR".split()[0] for n in range(19, 11, -1)
    ]
    second = await tap(world.seller, "Older ›", message=first.id)
    third = await tap(world.seller, "Older ›", message=first.id)
    assert len(rows(third)) == 3
    assert "Older ›" not in third.labels
    assert rows(await tap(world.seller, "‹ Newer", message=first.id)) == rows(second)
    back = await tap(world.seller, "‹ Newer", message=first.id)
    assert rows(back) == rows(first)
    assert "‹ Newer" not in back.labels


async def test_filters_follow_what_happens(world: World) -> None:
    uuids = await made(world, 3)
    world.cloud.ledger.pay(uuids[0])
    world.cloud.ledger.cancel(uuids[1])
    await say(world.seller, f"/status {uuids[0]}")
    for uuid in uuids[:2]:
        shown = await say(world.seller, f"/status {uuid}")
        await world.seller.tap("Refresh", message=shown.id)
        await says(world, shown, "· paid" if uuid == uuids[0] else "· cancelled")
    menu = await say(world.seller, "/invoices")
    for label, amounts in [("Open", ["3"]), ("Paid", ["1"]), ("Ended unpaid", ["2"])]:
        shown = await tap(world.seller, label, message=menu.id)
        assert [row.split()[1].partition(".")[0] for row in rows(shown)] == amounts
        assert f"✓ {label}" in shown.labels


async def test_an_invoice_opens_in_place_lives_and_leads_back(world: World) -> None:
    [uuid] = await made(world, 1)
    menu = await say(world.seller, "/invoices")
    opened = await tap(world.seller, "1.00", message=menu.id)
    assert uuid in opened.text
    assert opened.labels[-1] == "‹ Invoices"
    world.cloud.ledger.pay(uuid)
    await world.seller.tap("Refresh", message=menu.id)
    paid = await says(world, menu, "· paid")
    assert paid.labels[-1] == "‹ Invoices"
    back = await tap(world.seller, "‹ Invoices", message=menu.id)
    assert len(rows(back)) == 1


async def test_a_list_that_was_a_card_is_a_card_no_more(world: World) -> None:
    [uuid] = await made(world, 1)
    menu = await say(world.seller, "/invoices")
    await tap(world.seller, "1.00", message=menu.id)
    await tap(world.seller, "‹ Invoices", message=menu.id)
    world.cloud.ledger.pay(uuid)
    shown = await say(world.seller, f"/status {uuid}")
    await world.seller.tap("Refresh", message=shown.id)
    await says(world, shown, "· paid")
    await asyncio.sleep(0.3)
    assert "Your invoices" in shown_again(world.seller, menu).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("{uuid}", 1),
        ("{bare}", 1),
        ("#A-17", 1),
        ("A-17", 1),
        ("7.50 EUR", 1),
        ("7,5 eur", 1),
        ("7.50", 2),
        ("7.50 USD", 1),
        ("7.50 GBP", 0),
        ("#A-18", 0),
        ("INV-NOTTHERE", 0),
        ("2024", 1),  # an amount that nothing was issued for, and an order number
        ("<b>", 0),
    ],
)
async def test_find(world: World, query: str, found: int) -> None:
    _, uuid = await issued(world, "/invoice 7.50 EUR btc #A-17")
    await issued(world, "/invoice 7.50 USD btc #2024")
    await made(world, 3)
    text = query.format(uuid=uuid, bare=uuid.removeprefix("INV-"))
    shown = await say(world.seller, f"/find {text}")
    if found == 1:
        assert "7.50" in shown.text
    elif found:
        assert len(rows(shown)) == found
    else:
        assert "I found no such invoice" in shown.text or "I find invoices by" in shown.text


async def test_usage(world: World) -> None:
    assert "/find #A-17" in (await say(world.seller, "/find")).text
    assert "Which invoice?" in (await say(world.seller, "/status")).text


async def test_status_as_an_answer_to_a_card(world: World) -> None:
    card, uuid = await issued(world, "/invoice 5 EUR btc")
    sent = await world.seller.send("/status", reply_to=card.id)
    shown = await world.seller.read(uuid, after=sent)
    assert shown.id != card.id


async def test_others_invoices_are_not_there(world: World) -> None:
    [uuid] = await made(world, 1)
    other = world.telegram.person(7001, "Seller")
    await world.admit(other, "Book shop")
    wrong = await say(other, "/status INV-NOTTHERE")
    assert (await say(other, f"/status {uuid}")).text == wrong.text
    assert (await say(other, f"/find {uuid}")).text == wrong.text
    assert (await say(other, f"/cancel {uuid}")).text == wrong.text
    assert rows(await say(other, "/invoices")) == []
    our_id = (world.cloud.ledger.all()[0].order.order_id or "").rpartition("~")[2]
    menu = await say(other, "/invoices")
    said = await other.answered(await other.tap_data(f"o:{our_id}", menu.id))
    assert said.text == "This invoice is not there, or it is not yours."


async def test_cashiers_see_their_own_and_cancel_nothing(world: World) -> None:
    await made(world, 1)
    cashier = world.telegram.person(7001, "Cashier")
    await world.admit(cashier, "Till", cashier=True)
    sent = await cashier.send("/invoice 9 EUR btc")
    card = await cashier.read("waiting for payment", after=sent)
    assert "Cancel" not in card.labels
    menu = await say(cashier, "/invoices")
    assert len(rows(menu)) == 1
    opened = await tap(cashier, "9.00", message=menu.id)
    assert "Cancel" not in opened.labels
    uuid = world.cloud.ledger.all()[-1].uuid
    assert "Cashiers cannot cancel" in (await say(cashier, f"/cancel {uuid}")).text
    our_id = (world.cloud.ledger.all()[-1].order.order_id or "").rpartition("~")[2]
    said = await cashier.answered(await cashier.tap_data(f"m:cancel_now:{our_id}", card.id))
    assert said.text == "This invoice is not there, or it is not yours."
    assert world.cloud.ledger.get(uuid).status == "created"


async def test_a_group_lists_what_was_issued_there(world: World) -> None:
    other = world.telegram.person(7001, "Seller")
    await world.admit(other, "Book shop")
    group = world.telegram.group(-1007, "Market", [world.seller, other], admins=[world.seller])
    await made(world, 1)
    sent = await world.seller.send("/invoice 5 EUR btc", chat=group)
    await world.seller.read("waiting for payment", chat=group, after=sent)
    shown = await say(other, "/invoices", chat=group)
    assert [row.split()[1].partition(".")[0] for row in rows(shown)] == ["5"]
    private = world.cloud.ledger.all()[0].uuid
    hidden = await say(world.seller, f"/status {private}", chat=group)
    assert "I found no such invoice" in hidden.text


async def test_a_forged_page_reads_nothing_of_others(world: World, seller_two: Person) -> None:
    await made(world, 2)
    menu = await say(seller_two, "/invoices")
    for data in (
        "l::99999999999999::0",
        "l:paid:-1:x:1",
        f"l:open:{2**44}:zz:0",
        "l:nothing:1:a:0",
    ):
        await seller_two.answered(await seller_two.tap_data(data, menu.id))
        assert rows(shown_again(seller_two, menu)) == []


@pytest.fixture
async def seller_two(world: World) -> Person:
    person = world.telegram.person(7001, "Seller")
    await world.admit(person, "Book shop")
    return person
