"""Wishes: written without a lease, found by whoever holds it, never lost."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from redis.asyncio import Redis

from bot.domain.invoice import Invoice, Status, Wish
from bot.storage.invoices import InvoiceStore
from tests.storage.resting import AT, NEXT, OPEN, OWNER, SOON
from tests.stores.reading import names


async def hint_of(store: InvoiceStore) -> str:
    stored = await store.get(OPEN.id)
    assert stored is not None
    return stored.hint


async def wish_of(store: InvoiceStore) -> Wish | None:
    stored = await store.get(OPEN.id)
    assert stored is not None
    return stored.wish


async def taken(store: InvoiceStore, owner: str, now: datetime = SOON) -> list[Invoice]:
    return await store.take_due(owner, now, before=now, most=8)


@pytest.mark.parametrize("wish", Wish)
async def test_a_wish_makes_it_due_at_once(
    store: InvoiceStore, at_rest: Invoice, wish: Wish
) -> None:
    assert await taken(store, "1:2") == []
    assert await store.wish(OPEN.id, wish, SOON)
    (found,) = await taken(store, "1:3")
    assert found.wish is wish


async def test_a_wish_is_due_before_what_waits_in_a_long_queue(
    store: InvoiceStore, at_rest: Invoice
) -> None:
    for n in range(20):
        other = replace(OPEN, id=f"{OPEN.id[:-2]}{chr(ord('b') + n)}a")
        await store.write_intent(other, OWNER, AT)
        assert await store.release(other, other, OWNER, AT)
    await store.wish(OPEN.id, Wish.LOOK, SOON)
    (first,) = await store.take_due("1:2", SOON, before=SOON, most=1)
    assert first.id == OPEN.id


async def test_an_unknown_invoice_takes_no_wish_and_leaves_nothing(
    store: InvoiceStore, redis: Redis
) -> None:
    assert not await store.wish("b" * 20, Wish.CANCEL, AT)
    assert await names(redis, "*") == set()


@pytest.mark.parametrize("wish", Wish)
async def test_a_wish_during_work_is_left_when_the_work_ends(
    store: InvoiceStore, at_rest: Invoice, wish: Wish
) -> None:
    assert await store.lease(OPEN.id, "1:2", SOON) == OPEN
    assert await store.wish(OPEN.id, wish, SOON)
    assert await taken(store, "1:3") == [], "it is still worked on"
    assert await store.release(OPEN, OPEN, "1:2", NEXT)
    (found,) = await taken(store, "1:4")
    assert found.wish is wish


async def test_a_wish_between_two_commits_is_left_when_the_work_ends(
    store: InvoiceStore, at_rest: Invoice
) -> None:
    invoice = await store.lease(OPEN.id, "1:2", SOON)
    assert invoice is not None
    detailed = replace(invoice, detailed=True)
    assert await store.commit(invoice, detailed, "1:2")
    await store.wish(OPEN.id, Wish.CANCEL, SOON)
    partial = replace(detailed, status=Status.PARTIAL, paid=Decimal(5))
    assert await store.commit(detailed, partial, "1:2")
    assert await store.release(partial, partial, "1:2", None)
    assert await taken(store, "1:3") == [replace(partial, hint=await hint_of(store))]
    assert await wish_of(store) is Wish.CANCEL


async def test_a_wish_that_is_fulfilled_is_gone(store: InvoiceStore, at_rest: Invoice) -> None:
    await store.wish(OPEN.id, Wish.LOOK, SOON)
    (invoice,) = await taken(store, "1:2")
    assert await store.release(invoice, replace(invoice, hint=""), "1:2", NEXT)
    assert await store.get(OPEN.id) == OPEN
    assert await taken(store, "1:3") == []


async def test_a_wish_that_could_not_be_fulfilled_comes_again_when_told(
    store: InvoiceStore, at_rest: Invoice
) -> None:
    await store.wish(OPEN.id, Wish.LOOK, SOON)
    (invoice,) = await taken(store, "1:2")
    assert await store.release(invoice, invoice, "1:2", NEXT)
    assert await taken(store, "1:3") == []
    assert await taken(store, "1:4", NEXT) == [invoice]


async def test_a_second_look_wished_for_during_the_first_is_not_lost(
    store: InvoiceStore, at_rest: Invoice
) -> None:
    """The first may have been answered before what the second is about: a payment."""
    await store.wish(OPEN.id, Wish.LOOK, SOON)
    (invoice,) = await taken(store, "1:2")
    await store.wish(OPEN.id, Wish.LOOK, SOON)
    assert await store.commit(invoice, replace(invoice, hint=""), "1:2")
    assert await store.release(OPEN, OPEN, "1:2", NEXT)
    (again,) = await taken(store, "1:3")
    assert again.wish is Wish.LOOK
    assert again.hint != invoice.hint


@pytest.mark.parametrize("wish", [Wish.CANCEL, Wish.ACCEPT])
async def test_a_look_does_not_take_the_place_of_another_wish(
    store: InvoiceStore, at_rest: Invoice, wish: Wish
) -> None:
    await store.wish(OPEN.id, wish, SOON)
    for _ in range(3):
        await store.wish(OPEN.id, Wish.LOOK, SOON)
    assert await wish_of(store) is wish
    (invoice,) = await taken(store, "1:2")
    assert await store.release(invoice, replace(invoice, hint=""), "1:2", NEXT)
    assert await hint_of(store) == "", "they were all there when the work began"


@pytest.mark.parametrize("wish", [Wish.CANCEL, Wish.ACCEPT])
@pytest.mark.parametrize("added", [False, True])
async def test_a_look_wished_for_while_another_wish_is_worked_on_is_done_afterwards_and_no_more(
    store: InvoiceStore, at_rest: Invoice, wish: Wish, added: bool
) -> None:
    """What a person wished is not done twice: money that came meanwhile was not accepted."""
    await store.wish(OPEN.id, wish, SOON)
    if added:
        await store.wish(OPEN.id, Wish.LOOK, SOON)
    (invoice,) = await taken(store, "1:2")
    await store.wish(OPEN.id, Wish.LOOK, SOON)
    assert await store.commit(invoice, replace(invoice, hint=""), "1:2")
    assert await store.release(OPEN, OPEN, "1:2", NEXT)
    assert await wish_of(store) is Wish.LOOK
    (again,) = await taken(store, "1:3")
    assert await store.release(again, replace(again, hint=""), "1:3", NEXT)
    assert await store.get(OPEN.id) == OPEN


async def test_a_wish_to_cancel_takes_the_place_of_a_look(
    store: InvoiceStore, at_rest: Invoice
) -> None:
    await store.wish(OPEN.id, Wish.LOOK, SOON)
    await store.wish(OPEN.id, Wish.CANCEL, SOON)
    assert await wish_of(store) is Wish.CANCEL


async def test_a_wish_to_cancel_during_a_look_is_left_when_the_look_ends(
    store: InvoiceStore, at_rest: Invoice
) -> None:
    await store.wish(OPEN.id, Wish.LOOK, SOON)
    (invoice,) = await taken(store, "1:2")
    await store.wish(OPEN.id, Wish.CANCEL, SOON)
    assert await store.release(invoice, replace(invoice, hint=""), "1:2", NEXT)
    (again,) = await taken(store, "1:3")
    assert again.wish is Wish.CANCEL


async def test_a_wish_is_found_after_the_death_of_who_worked_on_it(
    store: InvoiceStore, at_rest: Invoice
) -> None:
    assert await store.lease(OPEN.id, "1:2", SOON) is not None
    await store.wish(OPEN.id, Wish.LOOK, SOON)
    (found,) = await taken(store, "2:1", SOON + timedelta(seconds=5))
    assert found.wish is Wish.LOOK


async def test_who_lost_the_lease_fulfils_no_wish(store: InvoiceStore, at_rest: Invoice) -> None:
    await store.wish(OPEN.id, Wish.CANCEL, SOON)
    (invoice,) = await taken(store, "1:2")
    assert await store.lease(OPEN.id, "2:1", SOON + timedelta(seconds=5)) is not None
    assert not await store.commit(invoice, replace(invoice, hint=""), "1:2")
    assert await wish_of(store) is Wish.CANCEL
