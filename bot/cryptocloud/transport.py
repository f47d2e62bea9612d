"""The HTTP client and the one place where its errors become ours.

What decides between NotSent and Unsure is aiohttp's own exception, not the httpx one made of it:
`httpx-aiohttp` turns a connection lost after the request went out into `ConnectTimeout`, too.
aiohttp repeats a request on a broken kept-alive connection only for idempotent methods; all calls
here are POST, and a test holds that none is sent twice.
"""

import asyncio
from functools import lru_cache
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bot.domain.errors import NotSent, ProviderError, Unsure

_MAX_BYTES = 4 * 1024 * 1024  # a page of 100 invoices is about 200 kB
_MAX_CONNECTIONS = 100
# A request on a connection that the other side has just closed ends as Unsure and costs its
# seller a minute, so idle connections are given up well before servers usually do.
_KEEPALIVE_SECONDS = 10.0

_JSON = (b"Content-Type", b"application/json")

_NEVER_CONNECTED = (
    aiohttp.ClientConnectorError,  # refused, unreachable, DNS, TLS: all before the first byte
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


class _Transport(AiohttpTransport):
    def get_client(self) -> aiohttp.ClientSession:
        """The session, made at the first call. It keeps no cookies."""
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=_MAX_CONNECTIONS,
                keepalive_timeout=_KEEPALIVE_SECONDS,
                ssl=self.ssl_context,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
        )


class _Client(httpx.AsyncClient):
    """One that sends straight by its transport: nothing here is redirected, signed or hooked, and
    no cookies are kept. Putting a request together and what httpx has for those took 19 µs more."""

    def __init__(self, transport: httpx.AsyncBaseTransport, **options: Any) -> None:
        super().__init__(transport=transport, **options)
        self._straight = transport

    async def send(self, request: httpx.Request, **_options: Any) -> httpx.Response:
        """The answer, whose body is still to be read."""
        return await self._straight.handle_async_request(request)


def create_http(
    api_url: str, api_key: str, *, connect: float = 5.0, total: float = 15.0
) -> httpx.AsyncClient:
    """A client for `CryptoCloud`, to be made once and closed by whoever makes it.

    `connect` bounds, in seconds, the wait for a connection (a free place, DNS, TCP, TLS), `total`
    a whole call. Raises ValueError for a key that cannot be put in a header, without showing it.
    """
    if not api_key or not all("!" <= char <= "~" for char in api_key):
        # Caught here because the encoder's own error would carry the key.
        raise ValueError("the API key is empty or has characters that no key has")
    return _Client(
        base_url=api_url,
        headers={"Authorization": f"Token {api_key}", "User-Agent": "invoice-bot"},
        transport=_Transport(),
        timeout=httpx.Timeout(total, connect=connect, pool=connect),
        follow_redirects=False,
        trust_env=False,
    )


async def post(http: httpx.AsyncClient, path: str, body: bytes) -> tuple[httpx.Response, bytes]:
    """Send once and read the whole answer, within the client's read time-out in all.

    Raises NotSent when no connection was made, Unsure for everything else that fails; cancelling
    the caller cancels the request.
    """
    try:
        async with asyncio.timeout(http.timeout.read):
            return await _exchange(http, path, body)
    except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError) as error:
        # OSError takes in TimeoutError, be it ours or aiohttp's.
        failure, cause = _mapped(path, error)
    # Out here `error` is not the context of what is raised: see _mapped.
    raise failure from cause


async def _exchange(
    http: httpx.AsyncClient, path: str, body: bytes
) -> tuple[httpx.Response, bytes]:
    # Not by `http.stream`, which puts together anew what is the same for every call. aiohttp adds
    # the length and the host.
    request = httpx.Request(
        "POST",
        _address(http.base_url, path),
        headers=_headers(http),
        stream=httpx.ByteStream(body),
        extensions={"timeout": http.timeout.as_dict()},
    )
    request.read()  # of its own stream: the transport wants it whole
    received = bytearray()
    response = await http.send(request, stream=True)
    try:
        async for chunk in response.aiter_bytes():
            received += chunk
            if len(received) > _MAX_BYTES:
                raise Unsure(f"{path}: the answer is over {_MAX_BYTES} bytes")
    finally:
        await response.aclose()
    return response, bytes(received)


@lru_cache  # of one client or two
def _headers(http: httpx.AsyncClient) -> httpx.Headers:
    return httpx.Headers([*http.headers.raw, _JSON])


@lru_cache  # of four calls; to put it together took as long as to send the body
def _address(base: httpx.URL, path: str) -> httpx.URL:
    return base.copy_with(raw_path=base.raw_path + path.lstrip("/").encode())


def _mapped(path: str, error: Exception) -> tuple[ProviderError, BaseException | None]:
    cause: BaseException | None = error
    if isinstance(error, httpx.HTTPError) and error.__cause__ is not None:
        cause = error.__cause__
    kind = type(cause).__name__
    if isinstance(cause, _NEVER_CONNECTED):
        return NotSent(f"{path}: {kind}"), cause
    if isinstance(cause, aiohttp.ClientResponseError):
        # It holds the request's headers and shows them, key included, in its repr.
        cause = cause.__cause__
    return Unsure(f"{path}: {kind}"), cause
