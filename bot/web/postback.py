"""`POST /cryptocloud/postback`: the payment provider says that something happened."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiohttp import web

from bot.domain.errors import PostbackForged, PostbackUnreadable, ProviderError, StorageAway
from bot.domain.provider import Postback
from bot.web.addresses import Network, sender
from bot.web.requests import Refused, body_of, said

log = logging.getLogger(__name__)

PATH: Final = "/cryptocloud/postback"
LARGEST: Final = 64 * 1024  # bytes
RETRY_AFTER: Final = "30"  # seconds
FORWARDED: Final = "X-Forwarded-For"

Read = Callable[[bytes], Postback]
Take = Callable[[Postback], Awaitable[None]]
Count = Callable[[str], Awaitable[int]]


class PostbackEndpoint:
    """`read` verifies; None where no secret key is set. `count` counts a failure of an address: 0,
    or the seconds for which it has had its share. What proves to come from the provider is taken
    from whatever address and however often it comes."""

    def __init__(
        self, read: Read | None, take: Take, count: Count, trusted: Sequence[Network]
    ) -> None:
        self._read = read
        self._take = take
        self._count = count
        self._trusted = trusted

    async def answer(self, request: web.Request) -> web.Response:
        """200 once the invoice is stored as due: its sender need not wait for the question."""
        if self._read is None:
            raise Refused(503, "postbacks are off: CRYPTOCLOUD_SECRET_KEY is not set")
        try:
            postback = self._read(await body_of(request, LARGEST))
        except PostbackForged as error:
            raise await self._failed(request, error, 401, "the token is not valid") from None
        except PostbackUnreadable as error:
            raise await self._failed(request, error, 400, "not a postback") from None
        except Refused as refused:
            raise await self._failed(request, refused, refused.status, refused.message) from None
        try:
            await self._take(postback)
        except (StorageAway, ProviderError) as error:
            log.warning("postback for %s not taken: %s", postback.uuid, error)
            raise Refused(503, "not now", {"Retry-After": RETRY_AFTER}) from None
        return said(200, "Postback received")

    async def _failed(
        self, request: web.Request, error: Exception, status: int, words: str
    ) -> Refused:
        """A line in the log and a clear answer, as long as the sender does not overdo it."""
        address = sender(request.remote, request.headers.getall(FORWARDED, ()), self._trusted)
        if seconds := await self._count(address):
            return Refused(429, "too many that were no postbacks", {"Retry-After": str(seconds)})
        log.warning("postback of %s refused: %s", address, error)
        return Refused(status, words)
