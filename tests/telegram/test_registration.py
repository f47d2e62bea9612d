"""The webhook is set when something differs, and only then; a change loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.app import build
from bot.domain.errors import WebhookRefused
from bot.sandbox.telegram import Patience, delay, drop_reply, drop_request, refuse
from tests.flows.driving import say, settled, shown
from tests.flows.wording import is_card
from tests.reliability.waiting import until
from tests.web.deliveries import deliver, message
from tests.world import WEBHOOK_SECRET, World, free_port

OTHER_SECRET = "another-webhook-secret"


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, webhook=True, patience=Patience(second=0.05)) as running:
        yield running


def times_set(world: World) -> int:
    return len(world.telegram.called("setWebhook"))


async def again(world: World, **settings: Any) -> None:
    """End the bot and start it with other settings; returns when it has looked at the webhook."""
    await world.stop_bot()
    world.change(**settings)
    looked = len(world.telegram.called("getWebhookInfo"))
    await world.start_bot()
    await until(lambda: len(world.telegram.called("getWebhookInfo")) > looked)
    await asyncio.sleep(0.1)


async def until_taken(world: World, update: dict[str, Any], secret: str) -> None:
    """Deliver it again and again, as Telegram does."""
    for _ in range(50):
        if (await deliver(world, update, secret))[0] == 200:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it was refused each time")


async def test_it_is_set_once_with_what_handlers_use(world: World) -> None:
    (call,) = world.telegram.called("setWebhook")
    assert call.params["allowed_updates"] == [
        "callback_query",
        "edited_message",
        "message",
        "my_chat_member",
    ]
    assert call.params["url"] == f"http://127.0.0.1:{world.app.site.port}/telegram"
    assert call.params["secret_token"] == WEBHOOK_SECRET
    assert call.params["max_connections"] == 100
    assert not call.params.get("drop_pending_updates")
    await again(world)
    assert times_set(world) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda world: world.telegram.world.updates.allow(["message", "callback_query"]),
        lambda world: world.telegram.world.updates.allow(["message", "edited_message", "poll"]),
        lambda world: setattr(world.telegram.world.webhook, "max_connections", 40),
        lambda world: setattr(world.telegram.world.webhook, "url", "https://other.example/bot"),
        lambda world: setattr(world.telegram.world.webhook, "url", ""),
    ],
    ids=["fewer types", "other types", "connections", "address", "removed"],
)
async def test_it_is_set_again_when_telegram_has_another(world: World, change: Any) -> None:
    await world.stop_bot()
    change(world)
    await world.start_bot()
    await until(lambda: times_set(world) == 2)
    assert is_card(await say(world.seller, "/invoice 50 EUR"))
    await again(world)
    assert times_set(world) == 2


async def test_another_address_takes_what_is_pending_along(world: World) -> None:
    await world.stop_bot()
    sent = await world.seller.send("/invoice 50 EUR")
    port = free_port()
    world.change(http_port=str(port), public_url=f"http://localhost:{port}")
    await world.start_bot()
    await world.seller.read(is_card, after=sent)
    await settled(world)
    assert times_set(world) == 2
    assert len(world.created) == 1


async def test_another_secret_is_set_and_the_former_still_counts(world: World) -> None:
    await again(world, webhook_secret=OTHER_SECRET)
    assert times_set(world) == 2
    assert world.telegram.world.webhook.secret_token == OTHER_SECRET
    assert is_card(await say(world.seller, "/invoice 50 EUR"))
    late = message(world, "/currencies", number=800_000_001)
    assert (await deliver(world, late, WEBHOOK_SECRET))[0] == 200
    await until(lambda: any("TRY" in one.text for one in shown(world.seller)))
    await again(world)
    assert times_set(world) == 2
    assert (await deliver(world, {"update_id": 2}, WEBHOOK_SECRET))[0] == 200
    assert (await deliver(world, {"update_id": 3}, "a-third-webhook-secret"))[0] == 401


async def test_a_process_with_the_former_secret_takes_the_new_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """During a rolling restart Telegram reaches both."""
    monkeypatch.setattr("bot.telegram.webhook_secret.LOOK_AGAIN", 0.0)
    former = world.app
    changed = world.settings.model_dump() | {
        "webhook_secret": OTHER_SECRET,
        "http_port": 0,
    }
    async with build(world.settings.build(**changed)) as newer:
        task = asyncio.create_task(newer.run())
        try:
            await until(lambda: times_set(world) == 2)
            assert former.site.port != newer.site.port
            # What comes between the setting and its note is refused, and Telegram repeats it.
            await until_taken(world, {"update_id": 2}, OTHER_SECRET)
            assert (await deliver(world, {"update_id": 3}, WEBHOOK_SECRET))[0] == 200
        finally:
            task.cancel()
            await asyncio.wait({task})


async def test_killed_between_the_setting_and_the_note(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.stop_bot()
    world.change(webhook_secret=OTHER_SECRET)

    async def die(*_: object) -> None:
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr("bot.telegram.webhook_secret.WebhookSecret.note", die)
        await world.start_bot()
        await until(lambda: times_set(world) == 2)
        assert is_card(await say(world.seller, "/invoice 50 EUR"))
    await again(world)
    await until(lambda: times_set(world) == 3)
    await again(world)
    assert times_set(world) == 3
    assert (await deliver(world, {"update_id": 2}, WEBHOOK_SECRET))[0] == 200


@pytest.mark.parametrize(
    "fault",
    [
        refuse(500, "Internal Server Error"),
        refuse(429, "Too Many Requests: retry after 1", retry_after=1),
        drop_request(),
        drop_reply(),
    ],
    ids=["500", "429", "request lost", "reply lost"],
)
async def test_it_is_tried_until_it_works(
    world: World, fault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.registration.PAUSE", 0.1)
    monkeypatch.setattr("bot.telegram.outbound.PAUSE", 0.01)
    monkeypatch.setattr("bot.telegram.outbound.ATTEMPTS", 1)
    await world.stop_bot()
    world.telegram.fail("setWebhook", fault, times=3)
    world.change(webhook_secret=OTHER_SECRET)
    await world.start_bot()
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read(is_card, after=sent, timeout=20)
    await until(lambda: times_set(world) == 1 + 3 + 1, 20)
    assert world.telegram.world.webhook.secret_token == OTHER_SECRET


async def test_an_address_that_telegram_refuses_ends_the_start(world: World) -> None:
    await world.stop_bot()
    words = "Bad Request: bad webhook: Failed to resolve host: Name or service not known"
    world.telegram.fail("setWebhook", refuse(400, words))
    world.change(webhook_secret=OTHER_SECRET)
    async with build(world.settings) as app:
        with pytest.raises(WebhookRefused, match=r"PUBLIC_URL.*Failed to resolve host"):
            await app.run()


async def test_one_that_somebody_removed_is_set_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.telegram.webhook.LOOK", 0.1)
    await again(world)
    await world.app.bot.delete_webhook()
    sent = await world.seller.send("/help")
    await world.seller.read("/invoice", after=sent)
    assert times_set(world) == 2
    assert "removed by somebody" in caplog.text


async def test_one_that_a_newer_process_set_is_left_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.webhook.LOOK", 0.05)
    await again(world)
    world.telegram.world.webhook.url = "http://127.0.0.1:1/telegram"
    await asyncio.sleep(0.3)
    assert times_set(world) == 1
    world.telegram.world.webhook.url = f"http://127.0.0.1:{world.app.site.port}/telegram"


async def test_who_polls_again_removes_it_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.turn.LEASE", 0.4)
    await again(world)
    await world.stop_bot()
    sent = await world.seller.send("/invoice 50 EUR")
    world.change(public_url=None)
    await world.start_bot()
    await world.seller.read(is_card, after=sent, timeout=10)
    (removed,) = world.telegram.called("deleteWebhook")
    assert not removed.params.get("drop_pending_updates")
    refusals = {call.description for call in world.telegram.refusals}
    assert len(refusals) == 1
    assert "webhook is active" in str(refusals)
    world.telegram.calls.clear()  # the refusal was the point


async def test_what_a_poller_had_parked_is_handled_first(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.running.DRAIN", 0.1)
    async with World(redis_url, webhook=False) as world:
        world.telegram.fail("sendMessage", delay(30))
        sent = await world.stranger.send("/help")
        await until(lambda: len(world.telegram.world.updates) == 0)  # parked, hence confirmed
        await world.stop_bot()
        port = free_port()
        world.change(
            http_port=str(port),
            public_url=f"http://127.0.0.1:{port}",
            webhook_secret=WEBHOOK_SECRET,
        )
        world.telegram.heal()
        await world.start_bot()
        await world.stranger.read("seller", after=sent)
        await asyncio.sleep(0.2)
        assert await world.app.jobs._parking.parked() == {}


async def test_it_waits_for_a_poller_of_the_same_store(redis_url: str) -> None:
    """Else the one would remove what the other sets."""
    async with World(redis_url, webhook=False) as world:
        port = free_port()
        changed = world.settings.model_dump() | {
            "http_port": port,
            "public_url": f"http://127.0.0.1:{port}",
            "webhook_secret": WEBHOOK_SECRET,
        }
        async with build(world.settings.build(**changed)) as newer:
            task = asyncio.create_task(newer.run())
            await asyncio.sleep(0.5)
            assert times_set(world) == 0
            await world.stop_bot()
            await until(lambda: times_set(world) == 1)
            sent = await world.seller.send("/invoice 50 EUR")
            await world.seller.read(is_card, after=sent)
            task.cancel()
            await asyncio.wait({task})
        assert not world.telegram.called("deleteWebhook")
