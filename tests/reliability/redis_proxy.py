"""Stands between the bot and its store, and loses the replies that a test names.

The command has had its effect then: the connection breaks when the reply is on its way, which is
what makes redis-py send the command again.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, cast

Match = Callable[[bytes], bool]

_COMMANDS = re.compile(rb"(?=\*\d+\r\n\$)")


@dataclass(slots=True)
class _Loss:
    match: Match
    left: int


class RedisProxy:
    """Listens on the unix socket `url`; `upstream` is the socket of the store. While `closed`,
    nobody new gets through. `lost` counts replies."""

    def __init__(self, socket: Path, upstream: Path) -> None:
        self.url = f"unix://{socket}"
        self.upstream = upstream
        self.lost = 0
        self.closed = False
        self.clients: set[_Client] = set()
        self._socket = socket
        self._losses: list[_Loss] = []
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(lambda: _Client(self), self._socket)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        await asyncio.gather(*(client.end() for client in list(self.clients)))

    def lose(self, match: Match, times: int = 1) -> None:
        """Lose the replies of the next `times` commands, as they go over the wire, that `match`,
        and of all that shares their pipeline."""
        self._losses.append(_Loss(match, times))

    def heal(self) -> None:
        """Forget what was to be lost and was not met yet."""
        self._losses.clear()

    def loses(self, request: bytes) -> bool:
        """Whether the reply to this pipeline is to be lost."""
        # One by one: what one command has must not be taken for the words of its neighbour.
        commands = _COMMANDS.split(request)
        for loss in self._losses:
            if any(map(loss.match, commands)):
                loss.left -= 1
                if not loss.left:
                    self._losses.remove(loss)
                return True
        return False


class _Client(asyncio.Protocol):
    """The bot's end of a connection."""

    def __init__(self, proxy: RedisProxy) -> None:
        self.losing = False
        self.proxy = proxy
        self._transport: asyncio.Transport | None = None
        self._server: asyncio.Transport | None = None
        self._opening: asyncio.Task[None] | None = None
        self._early = b""  # what came before the store was connected

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self.proxy.clients.add(self)
        if self.proxy.closed:
            self._transport.abort()
            return
        self._opening = asyncio.ensure_future(self._open())

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        assert self._transport is not None
        try:
            server, _ = await loop.create_unix_connection(
                lambda: _Server(self), str(self.proxy.upstream)
            )
        except OSError:
            self._transport.abort()
            return
        if self._transport.is_closing():
            server.abort()
            return
        self._server = server
        server.write(self._early)

    def data_received(self, data: bytes) -> None:
        self.losing = self.losing or self.proxy.loses(data)
        if self._server is None:
            self._early += data
        else:
            self._server.write(data)

    def replied(self, data: bytes) -> None:
        """The store says something."""
        if self._transport is None:
            return
        if self.losing:
            self.proxy.lost += 1
            self._transport.abort()
        else:
            self._transport.write(data)

    def connection_lost(self, _: Exception | None) -> None:
        self.proxy.clients.discard(self)
        if self._server is not None:
            self._server.close()

    def gone(self) -> None:
        """The store has closed its end, or died."""
        if self._transport is not None:
            self._transport.close()

    async def end(self) -> None:
        """Close both ends."""
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.wait({self._opening})
        self.gone()


class _Server(asyncio.Protocol):
    """The store's end of it."""

    def __init__(self, client: _Client) -> None:
        self._client = client

    def data_received(self, data: bytes) -> None:
        self._client.replied(data)

    def connection_lost(self, _: Exception | None) -> None:
        self._client.gone()


def calls(script: str, *words: str) -> Match:
    """A request that calls this Lua script with arguments that have all of these words."""
    parts = [hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest(), *words]
    return lambda request: all(part.encode() in request for part in parts)
