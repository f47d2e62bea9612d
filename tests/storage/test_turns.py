"""Turns of chats: one at a time, each update once, and every call safe to send twice."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from bot.domain.audit import Deed, Entry
from bot.domain.chats import ChatSettings
from bot.domain.people import Place
from bot.storage import keys
from bot.storage.chats import ChatStore
from bot.storage.connection import connect
from bot.storage.embedded import EmbeddedValkey
from bot.storage.turns import LEASE, REMEMBERED, Taken, TurnStore

AT = datetime(2026, 1, 27, 9, 0, tzinfo=UTC)
CHAT = "-100500"


@pytest.fixture
def turns(redis: Redis) -> TurnStore:
    return TurnStore(redis, ChatStore(redis))


async def stored(redis: Redis) -> Any:
    return await cast("Any", redis.hgetall(keys.turn(CHAT)))


async def test_one_at_a_time(turns: TurnStore) -> None:
    for _ in range(2):
        assert await turns.take(CHAT, 1, "a:1", AT) is Taken.YES
        assert await turns.take(CHAT, 2, "b:1", AT) is Taken.BUSY
        assert await turns.take(CHAT, 1, "b:2", AT) is Taken.BUSY
    assert await turns.take("7", 3, "b:3", AT) is Taken.YES, "another chat waits for nobody"
    for _ in range(2):
        await turns.end(CHAT, 1, "a:1")
    assert await turns.take(CHAT, 2, "b:1", AT) is Taken.YES
    assert await turns.take(CHAT, 1, "a:2", AT) is Taken.HANDLED


async def test_it_ends_with_its_lease(turns: TurnStore) -> None:
    assert await turns.take(CHAT, 1, "a:1", AT) is Taken.YES
    later = AT + timedelta(seconds=3)
    assert await turns.renew(CHAT, "a:1", later)
    assert await turns.take(CHAT, 2, "b:1", AT + LEASE) is Taken.BUSY
    assert await turns.take(CHAT, 2, "b:1", later + LEASE) is Taken.YES
    assert not await turns.renew(CHAT, "a:1", later + LEASE)
    assert not await turns.give_back(CHAT, "a:1", later + LEASE)
    await turns.end(CHAT, 1, "a:1")  # it came to its end all the same
    assert await turns.take(CHAT, 3, "c:1", later + LEASE) is Taken.BUSY
    assert await turns.take(CHAT, 1, "c:1", later + LEASE) is Taken.HANDLED


async def test_with_the_turn_comes_what_is_known_when_it_is_taken(
    turns: TurnStore, redis: Redis
) -> None:
    place, entry = Place(int(CHAT), 5), Entry("1", Deed.SETTING, 5, AT)
    assert await turns.take(CHAT, 1, "a:1", AT) is Taken.YES
    assert await turns.take_knowing(CHAT, 2, "b:1", AT, place) == (Taken.BUSY, None)
    await ChatStore(redis).save_settings(int(CHAT), ChatSettings(currency="GBP"), entry)
    await turns.end(CHAT, 1, "a:1")
    taken, known = await turns.take_knowing(CHAT, 2, "b:1", AT, place)
    assert taken is Taken.YES
    assert known == await ChatStore(redis).known(place)
    assert known is not None
    assert known.settings.currency == "GBP"
    assert await turns.take_knowing(CHAT, 1, "a:2", AT, place) == (Taken.HANDLED, None)


async def test_what_cannot_be_read_does_not_keep_the_turn_from_who_has_it(
    turns: TurnStore, redis: Redis
) -> None:
    await cast("Any", redis.hset(keys.chat(int(CHAT)), "issuers", "of another version"))
    place = Place(int(CHAT), 5)
    assert await turns.take_knowing(CHAT, 2, "b:1", AT, place) == (Taken.YES, None)


async def test_given_back_it_is_not_handled(turns: TurnStore) -> None:
    await turns.take(CHAT, 1, "a:1", AT)
    for _ in range(2):
        assert await turns.give_back(CHAT, "a:1", AT)
    assert await turns.take(CHAT, 1, "b:1", AT) is Taken.YES


async def test_few_are_remembered_and_not_for_long(turns: TurnStore, redis: Redis) -> None:
    numbers = range(700_000_000, 700_000_000 + 3 * REMEMBERED)
    for number in numbers:
        owner = f"a:{number}"
        assert await turns.take(CHAT, number, owner, AT) is Taken.YES
        await turns.end(CHAT, number, owner)
    assert (await stored(redis))["done"].count(",") == REMEMBERED + 1
    assert await turns.take(CHAT, numbers[-REMEMBERED], "b:1", AT) is Taken.HANDLED
    assert 0 < await redis.ttl(keys.turn(CHAT)) <= keys.TURN


@pytest.mark.one_server
async def test_a_turn_waits_for_no_disk(turns: TurnStore, redis: Redis) -> None:
    async def on_disk() -> int:
        return int((await redis.info("persistence"))["aof_current_size"])

    before = await on_disk()
    assert await turns.take(CHAT, 1, "a:1", AT) is Taken.YES
    assert await turns.renew(CHAT, "a:1", AT)
    assert await turns.give_back(CHAT, "a:1", AT)
    assert await turns.take(CHAT, 1, "a:2", AT) is Taken.YES
    assert await on_disk() == before
    await turns.end(CHAT, 1, "a:2")
    assert await on_disk() > before, "what was handled is kept"


async def test_a_restart_keeps_what_was_handled_and_no_turn(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path / "data")
    url = await server.start()
    redis = connect(url)
    try:
        turns = TurnStore(redis, ChatStore(redis))
        assert await turns.take(CHAT, 1, "a:1", AT) is Taken.YES
        await turns.end(CHAT, 1, "a:1")
        assert await turns.take(CHAT, 2, "a:2", AT) is Taken.YES
        await turns.renew(CHAT, "a:2", AT)
        await server.stop()
        assert await server.start() == url
        assert await stored(redis) == {"done": ",1,"}
        assert 0 < await redis.ttl(keys.turn(CHAT)) <= keys.TURN
        assert await turns.take(CHAT, 1, "b:1", AT) is Taken.HANDLED
        assert not await turns.renew(CHAT, "a:2", AT), "whoever had it has lost it"
        assert await turns.take(CHAT, 3, "b:3", AT) is Taken.YES, "and is waited for by nobody"
        await turns.end(CHAT, 2, "a:2")  # it came to its end all the same
        assert await turns.take(CHAT, 4, "c:1", AT) is Taken.BUSY
    finally:
        await redis.aclose()
        await server.stop()
