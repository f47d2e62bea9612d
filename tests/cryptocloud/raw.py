"""Servers that break rules no HTTP library lets one break, and answers written by hand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.cryptocloud import CryptoCloud, create_http

KEY = "test-api-key-raw"
SHOP = "test-shop"

Respond = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    """`requests` are the bytes of each request that arrived whole; `gone` is set by a lost peer."""

    url: str = ""
    requests: list[bytes] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def raw_server(respond: Respond) -> AsyncIterator[RawServer]:
    """Read requests and let `respond` write to the socket; it may close or abort it."""
    raw = RawServer()
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        try:
            while not writer.is_closing():
                raw.requests.append(await _request(reader))
                await respond(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            raw.gone.set()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    raw.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v2"
    try:
        yield raw
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    return head + await reader.readexactly(length)


def whole(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A complete HTTP answer."""
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def raw_client(
    url: str, *, connect: float = 5.0, total: float = 5.0
) -> AsyncIterator[CryptoCloud]:
    async with create_http(url, KEY, connect=connect, total=total) as http:
        yield CryptoCloud(http, SHOP)


@asynccontextmanager
async def answering(
    body: bytes, status: int = 200, headers: dict[str, str] | None = None
) -> AsyncIterator[CryptoCloud]:
    """A client that gets this answer to everything, without a socket."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body, headers=headers))
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://127.0.0.1/v2",
        headers={"Authorization": f"Token {KEY}"},
    ) as http:
        yield CryptoCloud(http, SHOP)


def page(name: str) -> bytes:
    """An answer from the provider's documentation."""
    return (Path(__file__).parent / "answers" / f"{name}.json").read_bytes()
