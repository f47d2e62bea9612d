"""The HTTP side: who asks for which path, and how answers and refusals look."""

import asyncio
import ipaddress
from typing import Any, Final

from aiohttp import web

from bot.sandbox.telegram.calls import Call, Calls, Cut
from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.files import Files
from bot.sandbox.telegram.requests import raw_parameters

_LARGEST_BODY: Final = 50 * 2**20  # bytes


class Site:
    """Serves one token on loopback."""

    def __init__(self, token: str, calls: Calls, files: Files) -> None:
        self.url = ""
        self._token = token
        self._calls = calls
        self._files = files
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[web.Response]] = set()

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one. Raises ValueError for a host that is not loopback."""
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"the local Telegram listens on loopback only, not on {host}")
        app = web.Application(client_max_size=_LARGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.router.add_route("*", "/{path:.*}", _nothing_here)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=1.0, handler_cancellation=True
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{bound}"

    async def close(self) -> None:
        """Stop listening."""
        for task in self._tasks:
            task.cancel()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _answer(self, request: web.Request) -> web.Response:
        call = self._calls.begin(request.match_info["method"])
        if call.method == "getUpdates":
            return await self._do(request, call)  # ends with the client: nobody waits any more
        # Everything else is done to its end though the client may be gone, as servers do.
        task = asyncio.create_task(self._do(request, call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _do(self, request: web.Request, call: Call) -> web.Response:
        try:
            self._check_token(request)
            await self._calls.do(call, await raw_parameters(request))
        except ApiError as error:
            call.status, call.description = error.status, error.description
            return _refusal(error)
        except Cut:
            if isinstance(request.transport, asyncio.WriteTransport):
                request.transport.abort()
            return web.Response()
        return web.json_response({"ok": True, "result": call.result})

    async def _download(self, request: web.Request) -> web.Response:
        file = self._files.at(request.match_info["path"])
        if file is None or request.match_info["token"] != self._token:
            return await _nothing_here(request)
        return web.Response(body=file.data, content_type="application/octet-stream")

    def _check_token(self, request: web.Request) -> None:
        if request.match_info["token"] != self._token:
            raise ApiError(401, "Unauthorized")


def _refusal(error: ApiError) -> web.Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": error.status,
        "description": error.description,
    }
    if error.parameters:
        body["parameters"] = error.parameters
    headers = {}
    if "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return web.json_response(body, status=error.status, headers=headers)


async def _nothing_here(request: web.Request) -> web.Response:  # noqa: ARG001 - aiohttp's signature
    return _refusal(ApiError(404, "Not Found"))
