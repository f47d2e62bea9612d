"""Settings, sellers, invites, and what was asked for lately."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from redis.asyncio import Redis

from bot.domain.audit import Deed, Entry, of_update
from bot.domain.chats import ChatSettings, Issuers
from bot.domain.invoice import Invoice, Status
from bot.domain.known import Asked
from bot.domain.people import Place, Role, Seller
from bot.storage import keys
from bot.storage.chats import ChatStore
from bot.storage.installation import installation_key
from bot.storage.intake import IntakeStore
from bot.storage.invoices import InvoiceStore
from bot.storage.sellers import SellerStore

NOW = datetime(2026, 1, 27, 9, 3, 58, tzinfo=UTC)
HERE = Place(7, 7)
FULL = ChatSettings(
    "EUR", ("USDT_TRC20", "BTC"), timedelta(hours=3), "ru", issuers=Issuers.ADMINS, alerts="t7"
)


def entry(deed: Deed = Deed.INVITED, number: int = 1) -> Entry:
    return Entry(of_update(number), deed, 1, NOW)


@pytest.fixture
def chats(redis: Redis) -> ChatStore:
    return ChatStore(redis)


@pytest.fixture
def sellers(redis: Redis) -> SellerStore:
    return SellerStore(redis)


async def test_settings_come_back_and_are_unset(redis: Redis, chats: ChatStore) -> None:
    await chats.save_settings(7, FULL, entry(Deed.SETTING))
    assert (await chats.known(HERE)).settings == FULL
    assert await redis.ttl(keys.chat(7)) == -1, "settings live for ever"
    await chats.save_settings(7, ChatSettings(), entry(Deed.SETTING))
    assert (await chats.known(HERE)).settings == ChatSettings()


async def test_an_invite_admits_one_person_once(redis: Redis, sellers: SellerStore) -> None:
    code = await sellers.new_invite(label="Flower shop", role=Role.CASHIER, entry=entry())
    assert 0 < await redis.ttl(keys.invite(code)) <= 24 * 3600
    admitted = await sellers.redeem(code, 7, NOW, update_id=2)
    assert admitted == Seller(7, "Flower shop", Role.CASHIER, 1, NOW)
    assert await sellers.redeem(code, 7, NOW, update_id=2) == admitted, (
        "delivered again: its own user again"
    )
    assert await sellers.redeem(code, 8, NOW, update_id=2) is None
    assert await sellers.sellers() == [admitted]


async def test_a_redelivered_use_does_not_undo_a_removal(sellers: SellerStore) -> None:
    code = await sellers.new_invite(label="Flower shop", role=Role.SELLER, entry=entry())
    await sellers.redeem(code, 7, NOW, update_id=2)
    await sellers.remove_seller(7, entry(Deed.REMOVED))
    await sellers.redeem(code, 7, NOW, update_id=2)
    assert await sellers.sellers() == []


async def test_an_expired_invite_admits_nobody(redis: Redis, sellers: SellerStore) -> None:
    code = await sellers.new_invite(label="Flower shop", role=Role.SELLER, entry=entry())
    await redis.delete(keys.invite(code))
    assert await sellers.redeem(code, 7, NOW, update_id=2) is None
    assert await sellers.redeem("no such code", 7, NOW, update_id=2) is None


async def test_known_tells_all_in_one_round_trip(chats: ChatStore, sellers: SellerStore) -> None:
    seller = Seller(7, "Лавка", Role.SELLER, 1, NOW)
    await sellers.save_seller(seller, entry(Deed.ROLE))
    known = await chats.known(HERE)
    assert known.seller == seller
    assert (await chats.known(Place(7, 8))).seller is None


async def test_the_last_amounts_are_offered_newest_first(redis: Redis, chats: ChatStore) -> None:
    records = InvoiceStore(redis, boot="boot1")
    for number in range(1, 7):
        invoice = Invoice(
            id=f"a{number}",
            status=Status.CREATING,
            amount=Decimal(number),
            currency="EUR",
            chat_id=HERE.chat_id,
            seller_id=HERE.user_id,
            asked_at=NOW + timedelta(seconds=number),
            language="en",
        )
        await records.write_intent(invoice, f"boot1:{number}", NOW, digest=f"d{number}")
    assert await chats.recent(HERE) == ["6 EUR", "5 EUR", "4 EUR", "3 EUR"]
    assert (await chats.known(HERE)).asked == Asked("d6", "a6")
    assert 0 < await redis.ttl(keys.asked(HERE)) <= keys.ASKED
    assert 0 < await redis.ttl(keys.recent(HERE)) <= keys.RECENT


async def test_the_installation_key_is_made_once(redis: Redis) -> None:
    first = await installation_key(redis)
    assert len(first) == 32
    assert await installation_key(redis) == first


async def test_parked_updates_come_back_oldest_first(redis: Redis) -> None:
    store = IntakeStore(redis)
    await store.park({30: "c", 4: "a"})
    await store.park({5: "b"})
    assert await store.parked() == {4: "a", 5: "b", 30: "c"}
    await store.unpark(5)
    assert list(await store.parked()) == [4, 30]


async def test_one_polls_at_a_time(redis: Redis) -> None:
    store = IntakeStore(redis)
    assert await store.hold_poller("one", 4)
    assert await store.hold_poller("one", 4), "renewed"
    assert not await store.hold_poller("two", 4)
    await store.let_go_poller("two")
    assert not await store.hold_poller("two", 4), "only its owner lets go"
    await store.let_go_poller("one")
    assert await store.hold_poller("two", 4)
