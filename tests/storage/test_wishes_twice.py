"""Wishes, and the ends of work that they meet, sent twice: as when a reply was lost."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from bot.domain.invoice import Invoice, Wish
from bot.storage import keys
from bot.storage.invoices import InvoiceStore
from tests.storage.resting import AT, NEXT, OPEN, SOON


async def everything(redis: Redis) -> tuple[Any, Any]:
    """All that is stored of the one invoice."""
    record = await cast("Any", redis.hgetall(keys.record(OPEN.id)))
    due = await redis.zrange(keys.due(keys.shard(OPEN.id)), 0, -1, withscores=True)
    return record, due


def twice(monkeypatch: pytest.MonkeyPatch, store: InvoiceStore, script: str) -> None:
    """Every call of the script is sent again, as when its reply was lost."""
    once: Callable[..., Awaitable[Any]] = getattr(store, script)

    async def sent_twice(**options: Any) -> Any:
        first = await once(**options)
        assert await once(**options) == first
        return first

    monkeypatch.setattr(store, script, sent_twice)


@pytest.mark.parametrize("wish", Wish)
async def test_a_wish_sent_twice_is_one(
    monkeypatch: pytest.MonkeyPatch, store: InvoiceStore, redis: Redis, at_rest: Invoice, wish: Wish
) -> None:
    monkeypatch.setattr("bot.storage.invoices.secrets.token_hex", lambda _: "abcdef")
    await store.wish(OPEN.id, Wish.CANCEL, SOON)
    await store.wish(OPEN.id, wish, SOON)
    once = await everything(redis)
    twice(monkeypatch, store, "_hint")
    await store.wish(OPEN.id, wish, SOON)
    assert await everything(redis) == once


@pytest.mark.parametrize("meanwhile", [None, *Wish])
@pytest.mark.parametrize("fulfilled", [False, True])
@pytest.mark.parametrize("release", [False, True])
async def test_what_ends_work_can_be_sent_twice(
    monkeypatch: pytest.MonkeyPatch,
    store: InvoiceStore,
    redis: Redis,
    at_rest: Invoice,
    meanwhile: Wish | None,
    fulfilled: bool,
    release: bool,
) -> None:
    monkeypatch.setattr("bot.storage.invoices.secrets.token_hex", lambda _: "abcdef")
    seen: list[Any] = []
    for again in (False, True):
        await redis.delete(keys.record(OPEN.id), keys.due(keys.shard(OPEN.id)))
        held = replace(OPEN, hint="cancel.123456")
        await store.write_intent(held, "1:2", AT)
        if meanwhile is not None:
            await store.wish(OPEN.id, meanwhile, AT)
        if again:
            twice(monkeypatch, store, "_commit")
        after = replace(held, detailed=True, hint="" if fulfilled else held.hint)
        if release:
            assert await store.release(held, after, "1:2", NEXT)
        else:
            assert await store.commit(held, after, "1:2")
        seen.append(await everything(redis))
    assert seen[0] == seen[1]
