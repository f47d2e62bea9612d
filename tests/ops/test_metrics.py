"""`/metrics`: what people do, and what goes wrong, is seen there."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.telegram.faults import refuse
from bot.storage import keys
from bot.storage.records import to_ms
from bot.telegram.texts import general
from tests.ops.asking import Metrics, metrics, scrape
from tests.reliability.store import Store
from tests.reliability.waiting import until
from tests.world import SELLER_ID, World


async def issued(world: World, line: str = "/invoice 50 EUR") -> None:
    sent = await world.seller.send(line)
    await world.seller.read("waiting for payment", after=sent)


async def now(world: World) -> Metrics:
    return await metrics(world.ops_url)


async def test_an_invoice_is_seen_from_the_update_to_the_card(world: World) -> None:
    before = await now(world)
    await issued(world)
    after = await now(world)

    def grew(name: str, **labels: str) -> float:
        return after(name, **labels) - before(name, **labels)

    assert grew("updates_total", type="message", result="handled") == 1
    assert grew("update_duration_seconds_count", type="message") == 1
    assert 0 < grew("update_duration_seconds_sum", type="message") < 5
    assert grew("provider_calls_total", call="create", result="ok") == 1
    assert grew("provider_call_duration_seconds_count", call="create") == 1
    assert grew("invoice_transitions_total", status="creating") == 1
    assert grew("invoice_transitions_total", status="created") == 1
    assert grew("telegram_calls_total", method="sendMessage", result="ok") == 1
    assert grew("redis_roundtrip_seconds_count") > 3
    assert after("invoices_scheduled") == 1
    assert after("invoices_due") == 0
    assert after("redis_up") == 1
    assert "process_resident_memory_bytes" in after.names()


async def test_no_sample_names_a_person_or_a_secret(world: World) -> None:
    await issued(world, "/invoice 50 EUR #A-17 buyer@example.com secret words")
    told = {value for _, labels in await scrape(world.ops_url) for _, value in labels}
    invoice = world.cloud.invoices[0]
    for hidden in (str(SELLER_ID), "A-17", "buyer", "words", world.telegram.token, invoice.id):
        assert not [value for value in told if hidden in value]


async def test_a_creation_of_unknown_ending_is_counted_and_so_is_its_repetition(
    world: World,
) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.status(503))
    await issued(world)
    seen = await now(world)
    assert seen("provider_calls_total", call="create", result="unsure") == 1
    assert seen("provider_calls_total", call="create", result="ok") == 1
    assert seen("provider_calls_total", call="list", result="ok") >= 2
    assert seen("ambiguous_creates_total") == 1
    assert seen("repeated_creates_total") == 1
    assert seen("invoice_transitions_total", status="created") == 1


async def test_a_creation_that_is_found_was_not_repeated(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.cut_after_commit())
    await issued(world)
    seen = await now(world)
    assert (seen("ambiguous_creates_total"), seen("repeated_creates_total")) == (1, 0)


async def test_a_refused_creation_is_counted(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.document({"amount": "too small"}, 400))
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read("too small", after=sent)
    seen = await now(world)
    assert seen("provider_calls_total", call="create", result="refused") == 1
    assert seen("invoice_transitions_total", status="refused") == 1


async def test_telegrams_flood_limit_is_seen_with_its_seconds(world: World) -> None:
    world.telegram.fail("sendMessage", refuse(429, "Too Many Requests", retry_after=1))
    await issued(world)
    seen = await now(world)
    assert seen("telegram_calls_total", method="sendMessage", result="flood") == 1
    assert seen("telegram_flood_wait_seconds_count") == 1
    assert seen("telegram_flood_wait_seconds_sum") == 1


async def test_an_update_that_fails_is_told_from_one_that_is_handled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(general, "currencies", fail)
    sent = await world.seller.send("/currencies")
    await world.seller.read("went wrong", after=sent)
    seen = await now(world)
    assert seen("updates_total", type="message", result="failed") == 1


async def test_talk_of_a_group_is_dropped_and_takes_no_handler(world: World) -> None:
    group = world.telegram.group(-1009, "Group", [world.seller, world.stranger])
    before = await now(world)
    for _ in range(3):
        await world.stranger.send("good morning", chat=group)
    await until(lambda: len(world.telegram.world.updates) == 0)
    await issued(world)
    seen = await now(world)
    assert seen("updates_total", type="message", result="dropped") == 3
    name = "update_duration_seconds_count"
    assert seen(name, type="message") - before(name, type="message") == 1


async def test_a_limit_that_refuses_is_named(world: World) -> None:
    for _ in range(25):
        sent = await world.stranger.send("/start aaaaaaaaaaaaaaaaaaaa")
    await world.stranger.read("That was often", after=sent)
    assert (await now(world))("limit_refusals_total", limit="open") >= 1


async def test_an_update_waits_for_the_store_and_the_store_is_seen_to_be_away(
    mortal: Store,
) -> None:
    async with World(mortal.url) as world:
        await mortal.kill()
        sent = await world.seller.send("/invoice 50 EUR")
        await world.seller.read("no need to repeat", after=sent, timeout=10)
        seen = await now(world)
        assert seen("redis_up") == 0
        assert "invoicebot_invoices_due" not in seen.names()
        assert seen("updates_total", type="message", result="deferred") >= 1
        await mortal.start()
        await world.seller.read("waiting for payment", after=sent, timeout=10)
        seen = await now(world)
        assert seen("redis_up") == 1
        assert seen("invoices_scheduled") == 1


async def test_what_is_due_and_not_done_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object, **__: object) -> list[object]:
        return []

    await issued(world)
    (due,) = [due for shard in keys.SHARDS if await world.app.redis.zcard(due := keys.due(shard))]
    monkeypatch.setattr(world.app.reconciler._records, "take_due", nothing)
    (entry,) = await world.app.redis.zrange(due, 0, -1)
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    await world.app.redis.zadd(due, {entry: to_ms(long_ago)})
    seen = await now(world)
    assert seen("invoices_due") == 1
    assert seen("oldest_due_invoice_age_seconds") == pytest.approx(300, abs=5)
