"""The public site. Everything on it is called by other systems, not by people."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.domain.errors import PostbackForged, PostbackUnreadable, ProviderError, StorageAway
from bot.domain.provider import Postback

log = logging.getLogger(__name__)

LARGEST: Final = 64 * 1024  # bytes of a body
PATIENCE: Final = 10.0  # seconds: who sends a body slower than that is not the provider
DRAIN: Final = 10.0  # seconds for requests in hand at the end
RETRY_AFTER: Final = "30"  # seconds

Read = Callable[[bytes], Postback]
Take = Callable[[Postback], Awaitable[None]]


class Site:
    """`POST /cryptocloud/postback`. `read` verifies; None where no secret key is set."""

    def __init__(self, read: Read | None, take: Take) -> None:
        self._read = read
        self._take = take
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/cryptocloud/postback", self._postback)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=DRAIN)
        self._listener: web.TCPSite | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; `port` tells where, as 0 chooses a free one. Raises `OSError`."""
        await self._runner.setup()
        self._listener = web.TCPSite(self._runner, host, port)
        await self._listener.start()
        self.port = int(self._runner.addresses[0][1])

    async def stop_listening(self) -> None:
        """Take nothing new; what has begun goes on."""
        if self._listener is not None:
            await self._listener.stop()
            self._listener = None

    async def close(self) -> None:
        """Wait for what has begun, and end."""
        await self._runner.cleanup()

    async def _postback(self, request: web.Request) -> web.Response:
        """200 once the invoice is stored as due: its sender need not wait for the question."""
        if self._read is None:
            return _said(503, "postbacks are off: CRYPTOCLOUD_SECRET_KEY is not set")
        try:
            async with asyncio.timeout(PATIENCE):
                body = await request.read()
        except TimeoutError:
            return _said(408, "too slow")
        except web.HTTPRequestEntityTooLarge:
            return _said(413, "too large")
        try:
            postback = self._read(body)
        except PostbackForged as error:
            log.warning("postback refused: %s", error)
            return _said(401, "the token is not valid")
        except PostbackUnreadable as error:
            log.warning("postback not readable: %s", error)
            return _said(400, "not a postback")
        try:
            await self._take(postback)
        except (StorageAway, ProviderError) as error:
            log.warning("postback for %s not taken: %s", postback.uuid, error)
            return _said(503, "not now", {"Retry-After": RETRY_AFTER})
        return _said(200, "Postback received")


def _said(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"message": message}, status=status, headers=headers)
