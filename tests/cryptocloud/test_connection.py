"""Connections that break after the request went out: it may have been handled."""

import asyncio
import gzip
import time

import pytest

from bot.domain.errors import Unsure
from bot.domain.provider import NewInvoice
from tests.cryptocloud.raw import page, raw_client, raw_server, whole

CREATED = page("created_with_coin")


async def test_a_whole_answer_is_read(fifty: NewInvoice) -> None:
    """The raw server itself is in order, so that the tests below fail for their own reasons."""

    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(whole(CREATED))

    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        assert (await client.create(fifty)).uuid == "INV-89UX09KA"


async def test_reset_without_an_answer(fifty: NewInvoice) -> None:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        with pytest.raises(Unsure):
            await client.create(fifty)
        assert len(raw.requests) == 1


async def test_closed_without_an_answer(fifty: NewInvoice) -> None:
    """httpx-aiohttp calls this a ConnectTimeout, though the request may have been handled."""

    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        with pytest.raises(Unsure, match="ServerDisconnectedError"):
            await client.create(fifty)
        assert len(raw.requests) == 1


async def test_a_kept_connection_that_breaks_is_not_tried_again(fifty: NewInvoice) -> None:
    answered = 0

    async def respond(writer: asyncio.StreamWriter) -> None:
        nonlocal answered
        answered += 1
        if answered == 1:
            writer.write(whole(CREATED))
        else:
            writer.transport.abort()

    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        await client.create(fifty)
        with pytest.raises(Unsure):
            await client.create(fifty)
        assert len(raw.requests) == 2


async def test_body_shorter_than_announced(fifty: NewInvoice) -> None:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(whole(CREATED)[:-100])
        writer.close()

    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        with pytest.raises(Unsure):
            await client.create(fifty)


async def test_reset_in_the_middle_of_the_body(fifty: NewInvoice) -> None:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(whole(CREATED)[:-100])
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.transport.abort()

    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        with pytest.raises(Unsure):
            await client.create(fifty)


async def test_slow_trickle_does_not_outlast_the_total_time(fifty: NewInvoice) -> None:
    """Each byte comes well within any read time-out; only the whole call takes too long."""

    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(whole(CREATED)[:200])
        for byte in CREATED:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.02)

    async with raw_server(respond) as raw, raw_client(raw.url, total=0.3) as client:
        begun = time.monotonic()
        with pytest.raises(Unsure, match="TimeoutError"):
            await client.create(fifty)
        assert 0.25 < time.monotonic() - begun < 3


async def test_endless_body_is_given_up(fifty: NewInvoice) -> None:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while True:
            writer.write(b" " * 65536)
            await writer.drain()

    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        with pytest.raises(Unsure, match="bytes"):
            await client.create(fifty)
        await asyncio.wait_for(raw.gone.wait(), 2)


async def test_compressed_answer(fifty: NewInvoice) -> None:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(whole(gzip.compress(CREATED), "200 OK", "Content-Encoding: gzip"))

    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        assert (await client.create(fifty)).uuid == "INV-89UX09KA"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            whole(b"no gzip", "200 OK", "Content-Encoding: gzip"), id="broken compression"
        ),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 two OK\r\n\r\n", id="no status"),
        pytest.param(whole(b"", "200 OK", "X: " + "y" * 20_000), id="header too long"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", id="no length"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", id="broken chunk"
        ),
        pytest.param(whole(b"", "302 Found", "Location: http://[/"), id="broken redirect"),
    ],
)
async def test_broken_http(fifty: NewInvoice, answer: bytes) -> None:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        with pytest.raises(Unsure):
            await client.create(fifty)
        assert len(raw.requests) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 T", "308 P"])
async def test_a_redirect_is_not_followed(fifty: NewInvoice, status: str) -> None:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(whole(CREATED, status, "Location: /v2/invoice/create"))

    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        with pytest.raises(Unsure):
            await client.create(fifty)
        assert len(raw.requests) == 1


async def test_cancelling_the_caller_cancels_the_request(fifty: NewInvoice) -> None:
    arrived = asyncio.Event()

    async def respond(writer: asyncio.StreamWriter) -> None:
        arrived.set()

    async with raw_server(respond) as raw, raw_client(raw.url) as client:
        task = asyncio.create_task(client.create(fifty))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(raw.gone.wait(), 2)


async def test_no_cookie_is_kept(fifty: NewInvoice) -> None:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(whole(CREATED).replace(b"\r\n", b"\r\nSet-Cookie: track=us; Path=/\r\n", 1))

    async with raw_server(respond) as raw:
        named = raw.url.replace("127.0.0.1", "localhost")  # nobody keeps cookies of an address
        async with raw_client(named) as client:
            await client.create(fifty)
            await client.create(fifty)
        assert len(raw.requests) == 2
        assert not any(b"cookie" in request.lower() for request in raw.requests)
