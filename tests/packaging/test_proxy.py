"""deploy/Caddyfile on a real Caddy, before the real site of a bot."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.flows.afterlife import issued, says
from tests.packaging.conftest import free_port
from tests.world import WEBHOOK_SECRET, World

CADDYFILE = Path(__file__).parents[2] / "deploy" / "Caddyfile"
SECRET = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
LARGEST = 1000 * 1000  # bytes; what Caddy calls 1MB

pytestmark = pytest.mark.skipif(
    shutil.which("caddy") is None, reason="needs caddy, which `.ci/run` installs"
)


@asynccontextmanager
async def proxy(upstream: int, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Caddy, which serves without TLS on loopback; its log is `proxy.log` in the folder."""
    url = f"http://127.0.0.1:{free_port()}"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PUBLIC_URL": url,
        "BOT_HOST": "localhost",
        "BOT_PORT": str(upstream),
    }
    with (folder / "proxy.log").open("wb") as log:
        words = ["caddy", "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
        caddy = await asyncio.create_subprocess_exec(
            *words, env=environment, stdout=log, stderr=log
        )
    try:
        async with httpx.AsyncClient(base_url=url, timeout=15, trust_env=False) as client:
            while True:
                assert caddy.returncode is None, (folder / "proxy.log").read_text()
                try:
                    await client.get("/")
                except httpx.ConnectError:
                    await asyncio.sleep(0.02)
                else:
                    break
            yield client
    finally:
        caddy.terminate()
        await asyncio.wait_for(caddy.wait(), 10)


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, webhook=True) as running:
        yield running


@pytest.fixture
async def client(world: World, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with proxy(world.app.site.port, tmp_path) as running:
        yield running


async def test_telegram_and_the_provider_get_through(
    world: World, client: httpx.AsyncClient
) -> None:
    answer = await client.post("/telegram", json={"update_id": 10**9}, headers=SECRET)
    assert answer.status_code == 200

    card, uuid = await issued(world, "/invoice 50 EUR btc")
    world.cloud.postbacks.url = str(client.base_url.join("/cryptocloud/postback"))
    world.cloud.ledger.pay(uuid)
    await says(world, card, "· paid")
    assert [postback.status for postback in world.cloud.postbacks.sent] == [200]


GUESS = {"X-Telegram-Bot-Api-Secret-Token": "guess"}
REFUSED: list[tuple[str, str, dict[str, str], int]] = [
    ("POST", "/telegram", {}, 401),
    ("POST", "/telegram", GUESS, 401),
    ("POST", "/cryptocloud/postback", {}, 400),
    *(
        ("POST", path, SECRET, 404)
        for path in ("/", "/healthz", "/readyz", "/metrics", "/telegram/", "/telegram/../metrics")
    ),
    ("POST", "/telegram%2F..%2Fmetrics", SECRET, 404),
    ("POST", "//telegram//metrics", SECRET, 404),
    *(
        (method, path, SECRET, 404)
        for method in ("GET", "HEAD", "PUT", "OPTIONS", "DELETE")
        for path in ("/telegram", "/cryptocloud/postback", "/metrics")
    ),
]


async def test_nothing_else_gets_through(client: httpx.AsyncClient) -> None:
    for method, path, headers, status in REFUSED:
        answer = await client.request(method, path, headers=headers)
        assert (method, path, answer.status_code) == (method, path, status)
        assert status != 404 or answer.content == b""  # Caddy's own word: no page of the bot's


async def test_a_body_that_is_too_large_does_not_reach_the_bot(
    world: World, client: httpx.AsyncClient
) -> None:
    update = b'{"update_id": 1000000000}'.ljust(LARGEST + 1)
    answer = await client.post("/telegram", content=update, headers=SECRET)
    assert answer.status_code in (413, 502)  # by the age of the Caddy


async def test_what_fails_is_logged_without_telegrams_secret(tmp_path: Path) -> None:
    async with proxy(free_port(), tmp_path) as client:
        answer = await client.post("/telegram", json={}, headers=SECRET)
    assert answer.status_code == 502
    said = (tmp_path / "proxy.log").read_text()
    assert "/telegram" in said
    assert WEBHOOK_SECRET not in said
