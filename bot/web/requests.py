"""What both endpoints of the site do alike: read a body within bounds, answer in JSON."""

import asyncio
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

PATIENCE: Final = 10.0  # seconds: who sends a body slower than that is neither of the two


class Refused(Exception):
    """The request leads to nothing; its sender gets this status and these words."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


async def body_of(request: web.Request, largest: int) -> bytes:
    """The body, of at most `largest` bytes. Raises `Refused`."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(415, "no packed bodies")
    if (request.content_length or 0) > largest:
        raise Refused(413, "too large")
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > largest:
                    raise Refused(413, "too large")
    except TimeoutError:
        raise Refused(408, "too slow") from None
    except (HttpProcessingError, web.RequestPayloadError, ConnectionError):
        raise Refused(400, "the body cannot be read") from None
    return bytes(body)


def said(status: int, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer that a person with curl can read, too."""
    return web.json_response({"message": message}, status=status, headers=headers)
