"""The key goes into one header and is seen nowhere else."""

import asyncio
import logging
import traceback

import pytest

from bot.cryptocloud import create_http
from bot.domain.errors import ProviderError
from bot.domain.provider import NewInvoice
from tests.cryptocloud.raw import KEY, raw_client, raw_server, whole


def _chain(error: BaseException | None) -> list[BaseException]:
    """An error and all that it came from, whether or not a traceback would show it."""
    found: list[BaseException] = []
    todo = [error]
    while todo:
        one = todo.pop()
        if one is not None and one not in found:
            found.append(one)
            todo += [one.__cause__, one.__context__]
    return found


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="closed"),
        pytest.param(b"HTTP/1.1 two OK\r\n\r\n", id="broken HTTP"),
        pytest.param(whole(b"", "500 Oops"), id="server error"),
        pytest.param(whole(f'{{"detail": "{KEY}"}}'.encode(), "400 No"), id="repeated in 400"),
        pytest.param(whole(KEY.encode()), id="repeated, not JSON"),
        pytest.param(
            whole(f'{{"status": "success", "result": {{"link": "{KEY}"}}}}'.encode()),
            id="repeated in an unusable success",
        ),
    ],
)
async def test_no_error_shows_the_key(
    fifty: NewInvoice, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        with pytest.raises(ProviderError) as caught:
            await client.create(fifty)
        shown = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(client)

    assert KEY.encode() in raw.requests[0]
    for error in _chain(caught.value):
        shown += f"{error}{error!r}{error.args!r}"
    assert KEY not in shown


async def test_success_does_not_log_the_key(
    fifty: NewInvoice, caplog: pytest.LogCaptureFixture
) -> None:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(whole(b'{"status": "success", "result": "ok"}'))

    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        await client.cancel("INV-89UX09KA")

    assert KEY.encode() in raw.requests[0]
    assert KEY not in caplog.text


async def test_the_client_does_not_show_the_key() -> None:
    async with create_http("http://127.0.0.1/v2", KEY) as http:
        assert KEY not in repr(http) + repr(http.headers) + repr(http.build_request("POST", "/"))


@pytest.mark.parametrize("key", ["", "test key", "test\nkey", "tést-key", "test-key\u202e"])
def test_a_key_that_fits_no_header_is_named_without_showing_it(key: str) -> None:
    with pytest.raises(ValueError, match="API key") as caught:
        create_http("http://127.0.0.1/v2", key)

    assert not key or key not in str(caught.value)
