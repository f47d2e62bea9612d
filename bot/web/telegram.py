"""`POST /telegram`: Telegram delivers an update.

aiogram's own request handlers answer 200 before an update is handled, or close what handlers need
before they have ended. Here 200 means that the effect is stored; anything else, and Telegram keeps
the update and delivers it again.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from aiohttp import web

from bot.domain.errors import UpdateNotTaken
from bot.web.requests import Refused, body_of

log = logging.getLogger(__name__)

PATH: Final = "/telegram"
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LARGEST: Final = 1024 * 1024  # bytes: a long text that answers a long text, every letter escaped
ONCE_IN: Final = 60.0  # seconds between two lines about strangers
_IDS: Final = range(2**63)
_decode: Final = msgspec.json.Decoder().decode

Accepts = Callable[[bytes], Awaitable[bool]]
Take = Callable[[int, dict[str, Any]], Awaitable[None]]


class TelegramEndpoint:
    """`accepts` tells whether these bytes are our secret. `take` gets an update's id and the whole
    of it, and returns once the update is handled."""

    def __init__(self, accepts: Accepts, take: Take) -> None:
        self._accepts = accepts
        self._take = take
        self._refused = 0
        self._told_at = -ONCE_IN

    async def answer(self, request: web.Request) -> web.Response:
        """200 once the update is handled; 503 when Telegram should deliver it again."""
        given = request.headers.getall(SECRET_HEADER, [])
        # Header values come as text in which bytes that are no UTF-8 stand as lone surrogates.
        if len(given) != 1 or not await self._accepts(given[0].encode(errors="surrogateescape")):
            self._tell_refused()
            raise Refused(401, "the secret is not valid")
        number, update = _read(await body_of(request, LARGEST))
        try:
            await self._take(number, update)
        except UpdateNotTaken as error:
            log.warning("update %s not taken: %s", number, error)
            raise Refused(503, "not now", {"Retry-After": str(error.retry_after)}) from None
        return web.Response()

    def _tell_refused(self) -> None:
        """Whoever guesses must not fill the log."""
        self._refused += 1
        now = time.monotonic()
        if now - self._told_at >= ONCE_IN:
            log.warning("%d deliveries refused: they do not bear our secret", self._refused)
            self._refused, self._told_at = 0, now


def _read(body: bytes) -> tuple[int, dict[str, Any]]:
    try:
        update = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "not JSON") from None
    number = update.get("update_id") if isinstance(update, dict) else None
    if type(number) is not int or number not in _IDS:
        raise Refused(400, "not an update")
    return number, update
