"""A chat page with nobody behind the bot: the test is the bot."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession

from bot.sandbox.page import Player, SandboxPage
from bot.sandbox.telegram import Group, LocalTelegram, Person


@dataclass(frozen=True)
class Picture:
    """A file of a message."""

    name: str = "qr.png"
    mime_type: str = "image/png"
    data: bytes = b"\x89PNG"


@dataclass
class Visitor:
    """A browser's side of the page: asks as its scripts do."""

    http: ClientSession
    telegram: LocalTelegram
    page: SandboxPage
    seller: Person
    stranger: Person
    team: Group
    files: dict[str, Picture] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return self.page.url.rstrip("/")

    async def get(self, path: str, **query: object) -> tuple[int, Any]:
        """The status and the body, parsed when it is JSON."""
        params = {name: str(value) for name, value in query.items()}
        async with self.http.get(self.origin + path, params=params) as response:
            return await _read(response)

    async def post(self, path: str, **body: object) -> tuple[int, Any]:
        headers = {"Origin": self.origin}
        async with self.http.post(self.origin + path, json=body, headers=headers) as response:
            return await _read(response)

    async def call(self, method: str, **params: object) -> Any:
        """What the bot does."""
        url = f"{self.telegram.url}/bot{self.telegram.token}/{method}"
        async with self.http.post(url, json=params) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def update(self) -> Any:
        """The only update there is for the bot."""
        (update,) = await self.call("getUpdates")
        return update


async def _read(response: ClientResponse) -> tuple[int, Any]:
    if response.content_type == "application/json":
        return response.status, await response.json()
    return response.status, await response.text()


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    telegram = LocalTelegram()
    await telegram.start()
    seller = telegram.person(2002, "Seller")
    stranger = telegram.person(4004, "Stranger", started=False)
    team = telegram.group(-1005005, "Team", [seller], admins=[seller])
    files: dict[str, Picture] = {}
    players = [Player(seller, "sells"), Player(stranger, "passes by")]
    page = SandboxPage(telegram, players, [team], files.get)
    await page.start()
    async with ClientSession() as http:
        yield Visitor(http, telegram, page, seller, stranger, team, files)
    await page.close()
    await telegram.close()
