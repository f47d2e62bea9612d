"""`/readyz`: whether work should be sent here now."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.ops import open_ops
from bot.sandbox.telegram import LocalTelegram
from bot.sandbox.telegram.faults import delay, refuse
from bot.services import health
from bot.telegram import webhook_watch
from bot.telegram.webhook_watch import WebhookWatch
from tests.ops.asking import ask
from tests.reliability.store import Store
from tests.reliability.waiting import until
from tests.test_settings import build
from tests.world import World

URL = "https://bot.example.com/telegram"


async def test_it_is_ready_while_the_store_answers(mortal: Store) -> None:
    async with World(mortal.url, webhook=False) as world:
        assert await ask(f"{world.ops_url}/readyz") == (
            200,
            {"status": "ready", "checks": {"redis": "ok"}},
        )
        await mortal.kill()
        status, said = await ask(f"{world.ops_url}/readyz")
        assert (status, said["status"]) == (503, "unready")
        assert "ConnectionError" in said["checks"]["redis"]
        await mortal.start()
        assert (await ask(f"{world.ops_url}/readyz"))[0] == 200


async def test_in_webhook_mode_telegram_must_deliver_here(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_watch, "FRESH", 0.0)
    async with World(redis_url, webhook=True) as world:
        assert await ask(f"{world.ops_url}/readyz") == (
            200,
            {"status": "ready", "checks": {"redis": "ok", "webhook": "ok"}},
        )
        webhook = world.telegram.world.webhook
        ours, webhook.url = webhook.url, "http://127.0.0.1:1/other"
        status, said = await ask(f"{world.ops_url}/readyz")
        assert (status, said["checks"]["webhook"]) == (503, "another address is set")
        status, said = await ask(f"{world.ops_url}/healthz")
        assert (status, said["still"].keys()) == (200, {"scheduler"})

        webhook.url = ours
        webhook.last_error_date = int(time.time()) + 1
        monkeypatch.setattr(webhook_watch, "BAD", 0.0)
        status, said = await ask(f"{world.ops_url}/readyz")
        assert said["checks"]["webhook"].startswith("Telegram could not deliver")
        webhook.last_error_date -= 1
        sent = await world.seller.send("/help")
        await world.seller.read("/invoice", after=sent)
        assert (await ask(f"{world.ops_url}/readyz"))[0] == 200


async def test_a_store_that_stands_still_is_not_waited_for(
    mortal: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.2)
    assert mortal._process is not None
    async with World(mortal.url) as world:
        mortal._process.send_signal(signal.SIGSTOP)
        try:
            status, said = await ask(f"{world.ops_url}/readyz")
            assert (status, said["checks"]["redis"]) == (503, "no answer within 0.2 s")
        finally:
            mortal._process.send_signal(signal.SIGCONT)
        assert (await ask(f"{world.ops_url}/readyz"))[0] == 200


async def test_it_is_alive_and_not_ready_before_it_is_built() -> None:
    async with AsyncExitStack() as stack:
        ops = await open_ops(build(ops_port="0"), stack)
        url = f"http://127.0.0.1:{ops.site.port}"
        assert await ask(f"{url}/readyz") == (503, {"status": "starting", "checks": {}})
        assert (await ask(f"{url}/healthz"))[0] == 200


async def test_it_is_alive_and_not_ready_while_it_drains(world: World) -> None:
    world.telegram.fail("sendMessage", delay(1.5))
    await world.seller.send("/help")
    await until(lambda: "sendMessage" in {call.method for call in world.telegram.calls})
    async with asyncio.TaskGroup() as group:
        group.create_task(world.stop_bot())
        await asyncio.sleep(0.2)
        status, said = await ask(f"{world.ops_url}/readyz")
        assert (status, said["status"]) == (503, "draining")
        assert (await ask(f"{world.ops_url}/healthz"))[0] == 200
    with pytest.raises(httpx.ConnectError):
        await ask(f"{world.ops_url}/readyz")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_the_public_port_tells_nothing_of_it(world: World, path: str) -> None:
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        answer = await http.get(f"http://127.0.0.1:{world.app.site.port}{path}")
        assert answer.status_code == 404
        assert (await http.get(f"{world.ops_url}{path}")).status_code == 200


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    server = LocalTelegram()
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
    yield Bot(telegram.token, session=session)
    await session.close()


class Clock:
    """Seconds since the epoch, moved by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def test_a_webhook_that_is_not_set_or_leads_elsewhere_is_named(
    telegram: LocalTelegram, bot: Bot
) -> None:
    clock = Clock()
    watch = WebhookWatch(bot, URL, clock)
    assert await watch.trouble() == "no address is set"
    telegram.world.webhook.url = "https://bot.example.com/other"
    clock.now += 3  # bad news is looked at again soon
    assert await watch.trouble() == "another address is set"
    telegram.world.webhook.url = URL
    clock.now += 3
    assert await watch.trouble() is None


async def test_good_news_of_the_webhook_is_used_for_a_while(
    telegram: LocalTelegram, bot: Bot
) -> None:
    telegram.world.webhook.url = URL
    clock = Clock()
    watch = WebhookWatch(bot, URL, clock)
    for _ in range(10):
        assert await watch.trouble() is None
        clock.now += 3
    assert len(telegram.called("getWebhookInfo")) == 1
    clock.now += 3
    assert await watch.trouble() is None
    assert len(telegram.called("getWebhookInfo")) == 2


async def test_a_failed_delivery_counts_until_one_arrives_or_a_minute_is_over(
    telegram: LocalTelegram, bot: Bot
) -> None:
    clock = Clock()
    webhook = telegram.world.webhook
    webhook.url, webhook.last_error_message = URL, "Connection refused"
    webhook.last_error_date = int(clock.now) - 5  # before this process was there
    watch = WebhookWatch(bot, URL, clock)
    assert await watch.trouble() is None

    clock.now += 40
    webhook.last_error_date = int(clock.now) - 1
    assert await watch.trouble() == "Telegram could not deliver: Connection refused"
    watch.delivered()
    assert await watch.trouble() is None

    clock.now += 40
    webhook.last_error_date = int(clock.now) - 1
    assert await watch.trouble() is not None
    clock.now += 61
    assert await watch.trouble() is None


async def test_what_telegram_does_not_tell_is_no_fault_of_the_webhook(
    telegram: LocalTelegram, bot: Bot
) -> None:
    telegram.fail("getWebhookInfo", refuse(502, "Bad Gateway"))
    assert await WebhookWatch(bot, URL, Clock()).trouble() is None
