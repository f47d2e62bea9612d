"""Other sites in the same browser can neither read the page, nor use it, nor put it in a frame."""

import pytest
from aiohttp import ClientSession

from bot.sandbox.page import SandboxPage
from bot.sandbox.telegram import LocalTelegram
from tests.sandbox.page.conftest import Visitor

SEND = {"person": 2002, "chat": 2002, "text": "hello"}


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/api/people", "/api/events"])
async def test_a_foreign_name_for_this_machine_is_refused(visitor: Visitor, path: str) -> None:
    headers = {"Host": "rebound.example"}
    async with visitor.http.get(visitor.origin + path, headers=headers) as response:
        assert response.status == 403


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
async def test_the_names_of_this_machine_are_not(visitor: Visitor, name: str) -> None:
    headers = {"Host": f"{name}:{visitor.origin.rpartition(':')[2]}"}
    async with visitor.http.get(visitor.origin, headers=headers) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "null"}, {"Origin": "https://other.example"}, {"Origin": "http://127.0.0.1"}],
    ids=["no origin", "an opaque one", "another site", "another port"],
)
async def test_only_the_page_itself_may_post(visitor: Visitor, headers: dict[str, str]) -> None:
    url = f"{visitor.origin}/api/send"
    async with visitor.http.post(url, json=SEND, headers=headers) as response:
        assert response.status == 403
    assert not visitor.telegram.events


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/api/people", "/api/none"])
async def test_everything_says_what_it_may_load(visitor: Visitor, path: str) -> None:
    async with visitor.http.get(visitor.origin + path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_no_folder_is_listed_or_left(visitor: Visitor) -> None:
    for path in ("/static/", "/static/../server.py", "/static/%2e%2e/server.py"):
        async with ClientSession() as http, http.get(visitor.origin + path) as response:
            assert response.status in {403, 404}


async def test_it_listens_on_loopback_only() -> None:
    with pytest.raises(ValueError, match="loopback"):
        await SandboxPage(LocalTelegram(), []).start(host="0.0.0.0")
