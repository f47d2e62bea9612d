"""Keeps a page on loopback to itself: other sites can neither read it, post to it nor frame it.

A site of the world can point its own name at 127.0.0.1 (DNS rebinding) and can post blindly to any
address, so the name a browser asked for and the page a post came from are both checked.
"""

import ipaddress
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

_SAFE: Final = {"GET", "HEAD"}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse with 403 what was not asked for by a loopback name, or posted by another site."""
    if not _is_loopback(request.host):
        raise web.HTTPForbidden(text="The sandbox answers to loopback names only.")
    if request.method not in _SAFE and request.headers.get("Origin") != _origin(request):
        raise web.HTTPForbidden(text="Only the sandbox's own page may do that.")
    return await handler(request)


async def harden(_: web.Request, response: web.StreamResponse) -> None:
    """Say to the browser what the page may load: its own files, nothing inline."""
    response.headers.update(_HEADERS)


def _origin(request: web.Request) -> str:
    return f"http://{request.host}"


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
