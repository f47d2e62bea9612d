"""`POST /cryptocloud/postback`: the payment provider says that something happened."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.domain.errors import PostbackForged, PostbackUnreadable, ProviderError, StorageAway
from bot.domain.provider import Postback
from bot.web.requests import Refused, body_of, said

log = logging.getLogger(__name__)

PATH: Final = "/cryptocloud/postback"
LARGEST: Final = 64 * 1024  # bytes
RETRY_AFTER: Final = "30"  # seconds

Read = Callable[[bytes], Postback]
Take = Callable[[Postback], Awaitable[None]]


class PostbackEndpoint:
    """`read` verifies; None where no secret key is set."""

    def __init__(self, read: Read | None, take: Take) -> None:
        self._read = read
        self._take = take

    async def answer(self, request: web.Request) -> web.Response:
        """200 once the invoice is stored as due: its sender need not wait for the question."""
        if self._read is None:
            raise Refused(503, "postbacks are off: CRYPTOCLOUD_SECRET_KEY is not set")
        body = await body_of(request, LARGEST)
        try:
            postback = self._read(body)
        except PostbackForged as error:
            log.warning("postback refused: %s", error)
            raise Refused(401, "the token is not valid") from None
        except PostbackUnreadable as error:
            log.warning("postback not readable: %s", error)
            raise Refused(400, "not a postback") from None
        try:
            await self._take(postback)
        except (StorageAway, ProviderError) as error:
            log.warning("postback for %s not taken: %s", postback.uuid, error)
            raise Refused(503, "not now", {"Retry-After": RETRY_AFTER}) from None
        return said(200, "Postback received")
