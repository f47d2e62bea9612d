"""The public site. Everything on it is called by other systems, not by people."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.web.requests import Refused, said

log = logging.getLogger(__name__)

LAST: Final = 0.5  # seconds for answers that are on their way when the site is closed
IDLE: Final = 75.0  # seconds that a connection is kept between two requests
LINGERING: Final = 1.0  # seconds for the rest of a body that was refused
AFTER_A_RESTART: Final = "1"  # seconds

Endpoint = Callable[[web.Request], Awaitable[web.Response]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Serves `POST` on the paths of `endpoints`."""

    def __init__(self, endpoints: Mapping[str, Endpoint]) -> None:

        @web.middleware
        async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._answer(request, handler)

        app = web.Application(middlewares=[answer])
        for path, endpoint in endpoints.items():
            app.router.add_post(path, endpoint)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            logger=_server_log(),
            shutdown_timeout=LAST,
            keepalive_timeout=IDLE,
            lingering_time=LINGERING,
            auto_decompress=False,  # neither of the two senders packs, and bombs would be unpacked
        )
        self._listener: web.TCPSite | None = None
        self._taking = True
        self._in_hand = 0
        self._empty = asyncio.Event()
        self._empty.set()
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; `port` tells where, as 0 chooses a free one. Raises `OSError`."""
        await self._runner.setup()
        self._listener = web.TCPSite(self._runner, host, port)
        await self._listener.start()
        self.port = int(self._runner.addresses[0][1])

    async def stop_taking(self) -> None:
        """Accept no connection and refuse what comes on those there are; what has begun goes on."""
        self._taking = False
        if self._listener is not None:
            await self._listener.stop()
            self._listener = None

    async def settle(self, patience: float) -> None:
        """Wait at most `patience` seconds until nothing is in hand."""
        try:
            async with asyncio.timeout(patience):
                await self._empty.wait()
        except TimeoutError:
            log.warning("%d requests not finished in time", self._in_hand)

    async def close(self) -> None:
        """End, cutting what still has not finished. Safe to repeat."""
        await self._runner.cleanup()

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._taking:
            answer = said(503, "ending", {"Retry-After": AFTER_A_RESTART})
            answer.force_close()
            return answer
        self._in_hand += 1
        self._empty.clear()
        try:
            return await handler(request)
        except Refused as refusal:
            return said(refusal.status, refusal.message, refusal.headers)
        except web.HTTPException as error:  # no such path, no such method
            return said(error.status, error.reason, _allowed(error))
        except Exception:
            log.exception("%s failed", request.path)
            return said(500, "failed")
        finally:
            self._in_hand -= 1
            if not self._in_hand:
                self._empty.set()


def _allowed(error: web.HTTPException) -> dict[str, str]:
    return {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}


def _server_log() -> logging.Logger:
    """What is no HTTP is answered 400 and is nobody's fault: not worth a traceback each time."""
    logger = logging.getLogger(f"{__name__}.http")
    if not logger.filters:
        logger.addFilter(_is_ours)
    return logger


def _is_ours(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | web.RequestPayloadError)
