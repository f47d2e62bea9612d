"""Delivers updates to a webhook: over kept connections, one update on each at a time."""

import asyncio
from collections import deque
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.inbox import Inbox, Update

_CONNECTIONS: Final = 40  # what Telegram uses where the bot does not say
_AGAIN: Final = 0.5  # seconds


class Delivery:
    """While a webhook is set, takes updates from the inbox as long as a connection is free."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._workers: list[asyncio.Task[None]] = []
        self._free: deque[asyncio.Future[None]] = deque()

    def to(self, asked: dict[str, Any]) -> None:
        """`setWebhook`."""
        self.stop()
        if asked.get("url"):
            many = int(asked.get("max_connections") or _CONNECTIONS)
            secret = asked.get("secret_token") or ""
            self._workers = [
                asyncio.create_task(self._work(str(asked["url"]), str(secret))) for _ in range(many)
            ]

    def stop(self) -> None:
        """`deleteWebhook`."""
        for worker in self._workers:
            worker.cancel()
        self._workers = []

    def wake(self) -> None:
        """There is an update, for one of those that are free: to wake all of them took longer than
        many a bot takes for it."""
        while self._free:
            free = self._free.pop()
            if not free.done():  # it was stopped meanwhile
                free.set_result(None)
                return

    async def _work(self, url: str, secret: str) -> None:
        where = urlsplit(url)
        head = (
            f"POST {where.path or '/'} HTTP/1.1\r\nHost: {where.netloc}\r\n"
            f"Content-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
        ).encode()
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        try:
            while True:
                update = await self._next()
                try:
                    if connection is None:
                        connection = await asyncio.open_connection(where.hostname, where.port)
                    taken = await _post(*connection, head, update[2])
                except (OSError, EOFError):
                    taken, connection = False, None
                if not taken:
                    self._inbox.put_back(update)
                    await asyncio.sleep(_AGAIN)
        finally:
            if connection is not None:
                connection[1].close()

    async def _next(self) -> Update:
        while (update := self._inbox.take()) is None:
            free = asyncio.get_running_loop().create_future()
            self._free.append(free)
            await free
        return update


async def _post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes, body: bytes
) -> bool:
    writer.write(b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body))
    answer = await reader.readuntil(b"\r\n\r\n")
    lines = answer.lower().split(b"\r\n")
    for line in lines:
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.partition(b":")[2]))
    return lines[0].split(b" ")[1] == b"200"
