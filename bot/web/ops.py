"""The site for whoever runs the bot: health and metrics. Never to be published."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from bot.services.health import Health, Phase

Render = Callable[[str], Awaitable[tuple[bytes, str]]]
"""From an `Accept` header to the metrics and their content type."""


class OpsSite:
    """`GET /healthz`, `GET /readyz` and `GET /metrics`."""

    def __init__(self, health: Health, render: Render) -> None:
        self._health = health
        self._render = render
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        # Who asks may ask again: at the end nobody is waited for.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; `port` tells where, as 0 chooses a free one. Raises `OSError`."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.port = int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Listen no longer."""
        await self._runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        """503 when a loop hangs: only a new process helps."""
        hung = self._health.hung()
        still = {name: round(seconds, 1) for name, seconds in self._health.still().items()}
        return _said(
            {"status": "hung" if hung else "ok", "hung": hung, "still": still}, fine=not hung
        )

    async def _readyz(self, _: web.Request) -> web.Response:
        """503 when it cannot do its work now; no reason to end it."""
        troubles = await self._health.troubles()
        running = self._health.phase is Phase.RUNNING
        fine = running and not any(troubles.values())
        status = "unready" if running and not fine else self._health.phase
        checks = {name: trouble or "ok" for name, trouble in troubles.items()}
        return _said({"status": "ready" if fine else status, "checks": checks}, fine=fine)

    async def _metrics(self, request: web.Request) -> web.Response:
        body, content_type = await self._render(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})


def _said(document: dict[str, object], *, fine: bool) -> web.Response:
    status = HTTPStatus.OK if fine else HTTPStatus.SERVICE_UNAVAILABLE
    return web.json_response(document, status=status, headers={"Cache-Control": "no-store"})
