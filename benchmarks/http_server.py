"""An HTTP/1.1 server that does as little as a client of an API can live with.

It stands in for Telegram and CryptoCloud, whose work must not be what is measured.
"""

import asyncio
from collections.abc import Callable
from typing import Final, cast

Answer = Callable[[bytes], None]
Take = Callable[[str, bytes, Answer], None]

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"


class Connection(asyncio.Protocol):
    """Hands over each request as path, body and a way to answer with JSON, now or later."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connected."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Clients here send no second request before the first was answered, but may send one in
        pieces."""
        self._buffer += data
        end = self._buffer.find(_HEAD_END)
        if end < 0:
            return
        head = self._buffer[:end]
        body_at = end + len(_HEAD_END)
        if len(self._buffer) - body_at < _length(head):
            return
        body, self._buffer = self._buffer[body_at:], b""
        path = head[: head.index(b"\r\n")].split(b" ", 2)[1].decode()
        self._take(path, body, self._answer)

    def _answer(self, body: bytes) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (len(body), body)
        )


def _length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(_LENGTH)
    if at < 0:
        return 0
    line_end = lowered.find(b"\r\n", at)
    return int(lowered[at + len(_LENGTH) : line_end if line_end >= 0 else None])


async def serve(take: Take) -> int:
    """Listen on a free loopback port for as long as the process lives; returns the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(take), "127.0.0.1", 0, backlog=1024)
    port: int = server.sockets[0].getsockname()[1]
    return port
