"""What the site answers to deliveries that are none, or not Telegram's."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from redis import Redis

from tests.flows.driving import say
from tests.flows.wording import is_card
from tests.web.deliveries import HEADER, deliver, message, raw_delivery
from tests.world import WEBHOOK_SECRET, World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(valkey: str) -> AsyncIterator[World]:
    with Redis.from_url(valkey) as client:
        client.flushall()
    async with World(valkey, webhook=True) as running:
        yield running


WRONG = {
    "none": None,
    "empty": "",
    "wrong": "wrong-webhook-secret",
    "a part": WEBHOOK_SECRET[:-1],
    "more": WEBHOOK_SECRET + "a",
    "other case": WEBHOOK_SECRET.upper(),
    "no ASCII": "тест-webhook-secret",
    "no UTF-8": "test-webhook-secre\udcff",
}


@pytest.mark.parametrize("secret", WRONG.values(), ids=list(WRONG))
async def test_wrong_secrets(
    house: World, secret: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    update = message(house, "/invoice 50 EUR", number=800_000_001)
    status = await raw_delivery(house, update, secret)
    assert status == 401
    await asyncio.sleep(0.1)
    assert house.created == []
    assert WEBHOOK_SECRET not in caplog.text


async def test_two_secrets_in_one_request_are_none(house: World) -> None:
    twice = f"{WEBHOOK_SECRET}\r\n{HEADER}: {WEBHOOK_SECRET}"
    assert await raw_delivery(house, message(house, "/help", number=1), twice) == 401


JUNK = {
    "nothing": (b"", 400),
    "no JSON": (b"update_id=1", 400),
    "cut": (b'{"update_id":1,"message":', 400),
    "no UTF-8": (b'{"update_id":1,"x":"\xff"}', 400),
    "a list": (b"[]", 400),
    "no number": (b'{"message":{}}', 400),
    "a text for a number": (b'{"update_id":"1"}', 400),
    "yes for a number": (b'{"update_id":true}', 400),
    "a fraction": (b'{"update_id":1.5}', 400),
    "below zero": (b'{"update_id":-1}', 400),
    "beyond all numbers": (b'{"update_id":' + b"9" * 5000 + b"}", 400),
    "deep": (b"[" * 200_000, 400),
    "too large": (b'{"update_id":1,"x":"' + b"a" * 2**20 + b'"}', 413),
    "of no kind": (b'{"update_id":1}', 200),
    "of a kind to come": (b'{"update_id":1,"telepathy":{"chat":{"id":1}}}', 200),
    "that cannot be read": (b'{"update_id":1,"message":{"message_id":"x"}}', 200),
}


@pytest.mark.parametrize(("body", "status"), JUNK.values(), ids=list(JUNK))
async def test_junk(house: World, body: bytes, status: int) -> None:
    assert (await deliver(house, body))[0] == status
    assert is_card(await say(house.seller, "/invoice 50 EUR"))


async def test_a_body_that_dribbles_is_not_waited_for(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.requests.PATIENCE", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.app.site.port)
    writer.write(
        f"POST /telegram HTTP/1.1\r\nHost: bot\r\n{HEADER}: {WEBHOOK_SECRET}\r\n"
        'Content-Length: 100\r\n\r\n{"update_id"'.encode()
    )
    assert b" 408 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_only_posts_and_only_where_it_listens(house: World) -> None:
    base = f"http://127.0.0.1:{house.app.site.port}"
    async with ClientSession() as http:
        for method, path, status in [
            ("GET", "/telegram", 405),
            ("HEAD", "/telegram", 405),
            ("DELETE", "/telegram", 405),
            ("POST", "/telegram/", 404),
            ("POST", "/", 404),
            ("POST", "/healthz", 404),
        ]:
            async with http.request(method, base + path) as answer:
                assert answer.status == status
