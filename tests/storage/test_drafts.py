"""A conversation at rest: one hash, written by compare-and-set, once per update."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from redis.asyncio import Redis

from bot.domain.drafts import Draft, Step, Stored
from bot.domain.people import Place
from bot.storage import keys
from bot.storage.drafts import REMEMBERED, DraftStore

HERE = Place(chat_id=-100, user_id=7, thread_id=3)
DRAFT = Draft(id="a" * 20)
FULL = Draft(
    id="b" * 20,
    step=Step.SUMMARY,
    amounts=(Decimal("1000.50"), Decimal(1)),
    currencies=("EUR", "USD"),
    coins=(),
    lifetime=timedelta(hours=24),
    order="A-17",
    email="buyer@example.com",
    description='T-shirts "M" ы',
    reply_to=5,
    offers=("50 EUR",),
)


@pytest.fixture
def store(redis: Redis) -> DraftStore:
    return DraftStore(redis)


@pytest.mark.parametrize("draft", [DRAFT, FULL, replace(FULL, coins=None, asset="USDT")])
async def test_a_draft_comes_back_as_it_was(store: DraftStore, draft: Draft) -> None:
    assert await store.write(HERE, Stored(), draft, update_id=1, message_id=9) == 1
    assert await store.read(HERE) == Stored(draft, 1, 9)


async def test_it_ends_quietly_after_an_hour(redis: Redis, store: DraftStore) -> None:
    await store.write(HERE, Stored(), DRAFT, update_id=1, message_id=None)
    assert 3590 <= await redis.ttl(keys.draft(HERE)) <= 3600


async def test_an_update_is_applied_once(store: DraftStore) -> None:
    await store.write(HERE, Stored(), DRAFT, update_id=1, message_id=None)
    after = await store.read(HERE)
    assert await store.write(HERE, after, FULL, update_id=2, message_id=None) == 1
    now = await store.read(HERE)
    for again in (1, 2):
        assert await store.write(HERE, now, DRAFT, update_id=again, message_id=None) == 0
    assert await store.read(HERE) == now


async def test_a_whole_batch_may_come_again(redis: Redis, store: DraftStore) -> None:
    for number in range(1, REMEMBERED + 51):
        now = await store.read(HERE)
        assert await store.write(HERE, now, DRAFT, update_id=number, message_id=None) == 1
    now = await store.read(HERE)
    for number in range(51, REMEMBERED + 51):
        assert await store.write(HERE, now, FULL, update_id=number, message_id=None) == 0
    assert len((await redis.hget(keys.draft(HERE), "upd") or "").split(",")) <= REMEMBERED + 2  # type: ignore[misc]  # redis-py's stubs


async def test_a_lost_race_writes_nothing(store: DraftStore) -> None:
    await store.write(HERE, Stored(), DRAFT, update_id=1, message_id=None)
    assert await store.write(HERE, Stored(), FULL, update_id=2, message_id=None) == -1
    assert (await store.read(HERE)).draft == DRAFT


async def test_an_ended_conversation_remembers_what_was_applied(store: DraftStore) -> None:
    await store.write(HERE, Stored(), DRAFT, update_id=1, message_id=4)
    assert await store.write(HERE, await store.read(HERE), None, update_id=2, message_id=None) == 1
    ended = await store.read(HERE)
    assert ended == Stored(None, 2, None)
    assert await store.write(HERE, ended, DRAFT, update_id=2, message_id=None) == 0


async def test_the_message_is_noted_unless_the_draft_moved_on(store: DraftStore) -> None:
    await store.write(HERE, Stored(), DRAFT, update_id=1, message_id=None)
    await store.note_message(HERE, 1, 55)
    assert (await store.read(HERE)).message_id == 55
    await store.note_message(HERE, 0, 66)
    assert (await store.read(HERE)).message_id == 55


async def test_each_person_chat_and_topic_has_its_own(store: DraftStore) -> None:
    await store.write(HERE, Stored(), DRAFT, update_id=1, message_id=None)
    for other in (
        replace(HERE, user_id=8),
        replace(HERE, chat_id=1),
        replace(HERE, thread_id=None),
    ):
        assert await store.read(other) == Stored()
