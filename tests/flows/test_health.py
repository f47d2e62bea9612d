"""`/health`: what admins see of the bot, and what they decide about updates that were set aside."""

import pytest

from bot.domain.attempts import MOST_DEATHS
from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.telegram import Message, Sent
from bot.storage.attempts import AttemptStore
from bot.storage.connection import connect
from bot.telegram.texts import health
from tests.flows.driving import alert, data_of, say, settled, shown, tap
from tests.flows.wording import ADMINS_ONLY, EN, NOT_ALLOWED, NOT_YOURS, STRANGER, is_card, plain
from tests.world import WEBHOOK, World

FED, DROPPED, GONE = health.fed(EN), health.dropped(EN), health.gone(EN)


async def set_aside(world: World, line: str = "/invoice 50 EUR") -> int:
    """What the seller sends ended three lives of the bot; the number of the update."""
    await world.stop_bot()
    sent: Sent = await world.seller.send(line)
    assert sent.update_id is not None
    await die_over(world, sent.update_id)
    await world.start_bot()
    await world.seller.read(plain(health.to_sender(EN)), after=sent)
    await world.admin.read(plain(health.to_admin(EN)))
    return sent.update_id


async def die_over(world: World, number: int) -> None:
    """What lives leave behind that end in the middle of an update; tests/reliability has real
    ones."""
    async with connect(world._redis_url) as redis:
        for life in range(MOST_DEATHS):
            await AttemptStore(redis).note(f"dead{life}", [number], [])


async def page(world: World) -> Message:
    return await say(world.admin, "/health")


@pytest.mark.skipif(WEBHOOK, reason="it says that it polls")
async def test_a_bot_that_is_well(world: World) -> None:
    assert is_card(await say(world.seller, "/invoice 50 EUR"))
    await settled(world)
    shows = await page(world)
    assert [line.partition(":")[0] for line in shows.text.splitlines()] == [
        "State of the bot",
        "✅ Store",
        "✅ CryptoCloud",
        "✅ Updates",
        "✅ Schedule",
    ]
    assert ("by webhook" if world.settings.webhook else "by long polling") in shows.text
    assert "1 invoice watched" in shows.text
    assert shows.labels == ["Refresh"]
    await world.admin.answered(await world.admin.tap("Refresh", message=shows.id))
    await settled(world)
    assert shown(world.admin)[-1].id == shows.id


async def test_a_provider_that_did_not_answer(world: World) -> None:
    assert "not asked since the start" in (await page(world)).text
    for path in Path:
        world.cloud.faults.next(path, Fault.status(502), times=50)
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read("checking with the provider", after=sent)
    shows = (await page(world)).text
    assert "❗ CryptoCloud: no answer" in shows
    assert "🔎 1 invoice may or may not be at CryptoCloud" in shows
    world.cloud.faults.clear()
    await world.seller.read(is_card, after=sent, timeout=10)
    shows = (await page(world)).text
    assert "✅ CryptoCloud: answered" in shows
    assert "🔎" not in shows


async def test_nobody_else_sees_it(world: World) -> None:
    number = await set_aside(world)
    cashier = world.telegram.person(8501, "Cashier")
    await world.admit(cashier, "Till 1", cashier=True)
    for person in (world.seller, cashier):
        assert (await say(person, "/health")).text == ADMINS_ONLY
    assert (await say(world.stranger, "/health")).text == STRANGER
    group = world.telegram.group(-100_8501, "Shop", [world.admin, world.seller])
    await world.admin.send("/health", chat=group)
    await settled(world)
    assert shown(world.admin, group) == []
    for person in (world.seller, cashier, world.stranger):
        message = shown(person)[-1]
        for do in ("show", "feed", "drop", "drop_now"):
            said = await alert(person, f"h:{do}:{number}", message.id)
            assert said in (NOT_YOURS, NOT_ALLOWED)
    assert str(number) in (await page(world)).text
    assert world.created == []


async def test_it_is_shown_with_who_sent_what(world: World) -> None:
    number = await set_aside(world, "/invoice 50 EUR <b>soap</b> " + "x" * 200)
    shows = await page(world)
    assert "❗ 1 update ended me three times" in shows.text
    assert f"{number} · from {world.seller.id}: “/invoice 50 EUR <b>soap</b>" in shows.text
    assert len(shows.text) < 600
    assert shows.labels == [f"Try {number} again", f"Drop {number}", "Refresh"]
    assert world.created == []


async def test_feeding_it_handles_it_once(world: World) -> None:
    number = await set_aside(world)
    shows = await page(world)
    again = data_of(shows, f"Try {number} again")
    assert await alert(world.admin, again, shows.id) == FED
    card = await world.seller.read(is_card)
    for late in (again, data_of(shows, f"Drop {number}"), f"h:drop_now:{number}"):
        assert await alert(world.admin, late, shows.id) == GONE
    await settled(world)
    assert len(world.created) == 1
    assert world.cards(world.seller) == [card]
    assert (await page(world)).labels == ["Refresh"]
    redis = world.app.redis
    assert not await redis.exists("{intake}:aside", "{intake}:parked")
    audit = (await say(world.admin, "/audit")).text
    assert audit.count(f"update {number} handled again") == 1
    assert "dropped" not in audit


async def test_dropping_it_asks_once(world: World) -> None:
    number = await set_aside(world)
    shows = await page(world)
    asks = await tap(world.admin, f"Drop {number}", message=shows.id)
    assert asks.labels == ["Yes, drop it", "‹ Back"]
    shows = await tap(world.admin, "‹ Back", message=asks.id)
    assert f"Drop {number}" in shows.labels
    asks = await tap(world.admin, f"Drop {number}", message=shows.id)
    yes = data_of(asks, "Yes, drop it")
    assert await alert(world.admin, yes, asks.id) == DROPPED
    assert await alert(world.admin, yes, asks.id) == GONE
    await world.stop_bot()
    await world.start_bot()
    assert (await page(world)).labels == ["Refresh"]
    await settled(world)
    assert world.created == []
    assert f"update {number} dropped" in (await say(world.admin, "/audit")).text


async def test_one_that_nobody_can_read_can_be_dropped(world: World) -> None:
    store = AttemptStore(world.app.redis)
    await store.set_aside(7, '{"update_id": "x"}', [])
    shows = await page(world)
    assert "7 · cannot be read" in shows.text
    assert shows.labels == ["Drop 7", "Refresh"]
    assert await alert(world.admin, "h:feed:7", shows.id) == GONE
    await tap(world.admin, "Drop 7", message=shows.id)
    assert "cannot be read" not in (await tap(world.admin, "Yes, drop it", message=shows.id)).text


async def test_a_tap_that_was_set_aside(world: World) -> None:
    """It is fed as any other, though Telegram takes no answer any more."""
    summary = await say(world.seller, "50 EUR")
    await world.stop_bot()
    tapped = await world.seller.tap("Create", message=summary.id)
    (number,) = tapped.update_ids
    await die_over(world, number)
    await world.start_bot()
    await world.admin.read(plain(health.to_admin(EN)))
    shows = await page(world)
    assert f"{number} · from {world.seller.id}: “d:" in shows.text
    await world.admin.tap(f"Try {number} again", message=shows.id)
    await world.seller.read(is_card)
    await settled(world)
    assert len(world.created) == 1
