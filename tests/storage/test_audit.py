"""The audit trail: an entry comes with its deed, once, and the logs stay small."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.domain.audit import PAGE, Deed, Entry, of_update
from bot.domain.chats import ChatSettings
from bot.domain.invoice import Invoice, RestOf, Status, Wish
from bot.domain.people import Role, Seller
from bot.storage import keys
from bot.storage.attempts import AttemptStore
from bot.storage.audit import LOGS, AuditStore, dumped
from bot.storage.chats import ChatStore
from bot.storage.invoices import InvoiceStore
from bot.storage.records import to_ms
from bot.storage.sellers import SellerStore

NOW = datetime(2026, 1, 27, 9, 3, 58, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
INVOICE = Invoice("a" * 20, Status.CREATING, Decimal(50), "EUR", 7, 2002, NOW, "en")
SELLER = Seller(2002, "Flower shop", Role.SELLER, 1001, NOW)


@pytest.fixture
def audit(redis: Redis) -> AuditStore:
    return AuditStore(redis)


def entry(number: int = 1, deed: Deed = Deed.SETTING, at: datetime = NOW, who: int = 1) -> Entry:
    return Entry(of_update(number), deed, who, at, chat=7, what=f"lifetime {number}")


async def deeds(audit: AuditStore) -> list[Deed]:
    return [one.deed for one in (await audit.page()).entries]


async def test_an_entry_comes_back_as_it_went_in(audit: AuditStore) -> None:
    full = Entry("u7", Deed.ROLE, 1, NOW, "b" * 20, 2, -3, 'cashier Лавка "№ 1"')
    for one in (full, entry()):
        await audit.note(one)
    assert set((await audit.page()).entries) == {full, entry()}


async def test_written_again_it_is_one_entry_with_the_time_of_the_first(audit: AuditStore) -> None:
    for at in (NOW, NOW, LATER):
        await audit.note(entry(at=at))
    assert (await audit.page()).entries == (entry(),)


async def test_an_intent_tells_who_issued(redis: Redis, audit: AuditStore) -> None:
    records = InvoiceStore(redis, boot="b")
    for owner in ("1:1", "1:1", "1:2"):  # sent again, and asked for again
        await records.write_intent(INVOICE, owner, NOW)
    rest = replace(INVOICE, id="b" * 20, asked_at=LATER, rest_of=RestOf(INVOICE.id, "INV-1"))
    await records.write_intent(rest, "1:1", LATER)
    page = await audit.page()
    assert [(one.deed, one.who, one.invoice, one.chat) for one in page.entries] == [
        (Deed.REST, 2002, rest.id, 7),
        (Deed.ISSUED, 2002, INVOICE.id, 7),
    ]
    assert {one.id for one in page.invoices} == {INVOICE.id, rest.id}


async def test_a_wish_tells_whose_it_was_and_a_refused_one_nothing(
    redis: Redis, audit: AuditStore
) -> None:
    records = InvoiceStore(redis, boot="b")
    await records.write_intent(INVOICE, "1:1", NOW)
    cancel = Entry("u5", Deed.CANCEL, 2002, LATER, invoice=INVOICE.id)
    accept = Entry("u6", Deed.ACCEPT, 2002, LATER, invoice=INVOICE.id)
    for _ in range(2):
        assert await records.wish(INVOICE.id, Wish.CANCEL, LATER, entry=cancel)
    assert not await records.wish(INVOICE.id, Wish.ACCEPT, LATER, entry=accept)
    await records.wish(INVOICE.id, Wish.LOOK, LATER)  # nobody's in particular
    assert await deeds(audit) == [Deed.CANCEL, Deed.ISSUED]


async def test_what_is_done_about_people_tells_by_whom(redis: Redis, audit: AuditStore) -> None:
    sellers = SellerStore(redis)
    invited = Entry("u1", Deed.INVITED, 1001, NOW, what="seller Flower shop")
    code = await sellers.new_invite(label="Flower shop", role=Role.SELLER, entry=invited)
    for number in (2, 3):  # the second is its own user again
        await sellers.redeem(code, 2002, NOW + timedelta(seconds=1), update_id=number)
    await sellers.redeem(code, 3003, LATER, update_id=4)  # used up
    changed = Entry("u5", Deed.ROLE, 1001, NOW + timedelta(seconds=2), whom=2002)
    await sellers.save_seller(replace(SELLER, role=Role.CASHIER), changed)
    removed = Entry("u6", Deed.REMOVED, 1001, NOW + timedelta(seconds=3), whom=2002)
    for _ in range(2):
        await sellers.remove_seller(2002, removed)
    page = await audit.page()
    assert [(one.deed, one.who, one.whom) for one in page.entries] == [
        (Deed.REMOVED, 1001, 2002),
        (Deed.ROLE, 1001, 2002),
        (Deed.ADMITTED, 2002, 1001),
        (Deed.INVITED, 1001, 0),
    ]
    assert page.entries[2].what == "seller Flower shop"


async def test_settings_and_updates_tell_too(redis: Redis, audit: AuditStore) -> None:
    await ChatStore(redis).save_settings(7, ChatSettings("EUR"), entry())
    attempts = AttemptStore(redis)
    await attempts.set_aside(8, "{}", ["x"])
    fed, dropped = (Entry(f"u{n}", deed, 1, LATER, what="8") for n, deed in _DECISIONS)
    assert await attempts.feed(8, fed)
    assert await attempts.feed(8, fed), "sent again"
    assert not await attempts.drop(8, dropped), "it is not there, so nothing is told"
    assert await deeds(audit) == [Deed.FED, Deed.SETTING]


_DECISIONS = [(2, Deed.FED), (3, Deed.DROPPED)]


async def test_pages_lead_through_everything_once(redis: Redis, audit: AuditStore) -> None:
    records = InvoiceStore(redis, boot="b")
    for number in range(25):
        await audit.note(entry(number, at=NOW + timedelta(milliseconds=number // 5)))
    for first in "abcdefghijklmnopqr":  # many shards, all in one moment
        await records.write_intent(replace(INVOICE, id=first * 20), "1:1", NOW)
    seen: list[Entry] = []
    page = await audit.page()
    while True:
        assert len(page.entries) <= PAGE
        seen += page.entries
        if page.older is None:
            break
        page = await audit.page(page.older)
    assert len(seen) == len(set(seen)) == 43
    assert seen == sorted(seen, key=lambda one: one.at, reverse=True)


async def test_a_person_is_found_on_either_side(audit: AuditStore) -> None:
    mine = [entry(1, who=5), Entry("u2", Deed.REMOVED, 1, LATER, whom=5)]
    for one in (*mine, entry(3, who=55), entry(4)):
        await audit.note(one)
    assert (await audit.page(person=5)).entries == tuple(reversed(mine))


async def test_an_invoice_is_found_by_either_id(redis: Redis, audit: AuditStore) -> None:
    records = InvoiceStore(redis, boot="b")
    made = replace(INVOICE, status=Status.CREATED, uuid="INV-AB12CD34")
    await records.write_intent(made, "1:1", NOW)
    await records.write_intent(replace(INVOICE, id="a" * 19 + "b"), "1:1", NOW)
    assert await audit.find("AB12CD34") == made.id
    assert await audit.find("NOTTHERE") is None
    assert [one.invoice for one in (await audit.about(made.id)).entries] == [made.id]


async def test_logs_are_bounded_and_end(redis: Redis, audit: AuditStore) -> None:
    old = NOW - timedelta(seconds=keys.AUDIT + 1)
    await audit.note(entry(0, at=old))
    for number in range(1, 4):
        await audit.note(entry(number))
    assert [one.id for one in (await audit.page()).entries] == ["u3", "u2", "u1"]
    await fill(redis, keys.CHATS_AUDIT, keys.AUDIT_KEPT)
    await audit.note(entry(9, at=LATER))
    assert await redis.zcard(keys.CHATS_AUDIT) == keys.AUDIT_KEPT
    assert (await audit.page()).entries[0].id == "u9"
    assert 0 < await redis.ttl(keys.CHATS_AUDIT) <= keys.AUDIT


async def fill(redis: Redis, log: str, count: int) -> None:
    """That many entries, a second apart."""
    first = to_ms(NOW) - 1000 * count
    some = {
        dumped(replace(entry(10**9 + n), who=n % 50, chat=-(10**12))): first + 1000 * n
        for n in range(count)
    }
    await redis.zadd(log, dict(some))


async def test_full_logs_are_small_and_quick_to_read(
    redis: Redis, audit: AuditStore, record_testsuite_property: Any
) -> None:
    before = (await redis.info("memory"))["used_memory"]
    for log in LOGS:
        await fill(redis, log, keys.AUDIT_KEPT)
    grown = (await redis.info("memory"))["used_memory"] - before
    begun = time.perf_counter()
    assert len((await audit.page()).entries) == PAGE
    newest = time.perf_counter() - begun
    assert len((await audit.page(person=7)).entries) == PAGE
    filtered = time.perf_counter() - begun - newest
    figures = f"a page {newest * 1000:.0f} ms, of a person {filtered * 1000:.0f} ms"
    record_testsuite_property("audit trail, full", f"{grown / 1e6:.1f} MB; {figures}")
    assert grown < 12e6
