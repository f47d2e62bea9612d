"""A local provider, and plain HTTP to talk to it: none of the bot's own client."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.sandbox.cryptocloud import LocalCryptoCloud

NOON = datetime(2026, 1, 27, 12, 0, 0, 5, tzinfo=UTC)


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


@dataclass(frozen=True)
class Reply:
    """A status and the parsed body."""

    status: int
    document: dict[str, object]

    @property
    def result(self) -> dict[str, object]:
        assert isinstance(self.document["result"], dict)
        return self.document["result"]

    @property
    def rows(self) -> list[dict[str, object]]:
        assert isinstance(self.document["result"], list)
        return self.document["result"]


Ask = Callable[..., Awaitable[Reply]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def cloud(clock: Clock) -> AsyncIterator[LocalCryptoCloud]:
    server = LocalCryptoCloud(clock=clock)
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def ask(cloud: LocalCryptoCloud, web: aiohttp.ClientSession) -> Ask:
    """Call a path with a JSON body; create's needs are filled in."""

    async def post(path: str, **body: object) -> Reply:
        if path == "/invoice/create":
            body = {"shop_id": cloud.shop_id, "amount": 50, "currency": "EUR", **body}
        headers = {"Authorization": f"Token {cloud.api_key}"}
        async with web.post(cloud.url + path, json=body, headers=headers) as response:
            return Reply(response.status, await response.json())

    return post
