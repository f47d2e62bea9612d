"""Serving a page from loopback: its files, its JSON, its life."""

import ipaddress
from pathlib import Path
from typing import Final, Self, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

SHARED_FILES: Final = Path(__file__).parent / "static"

Body = TypeVar("Body", bound=BaseModel)


class Listener:
    """A server that listens on loopback until it is closed."""

    def __init__(self, runner: web.AppRunner, url: str) -> None:
        self._runner = runner
        self.url = url

    @classmethod
    async def open(cls, app: web.Application, host: str, port: int) -> Self:
        """Port 0 takes a free one. Raises ValueError for a host that is not loopback."""
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"the sandbox listens on loopback only, not on {host}")
        # A stream of events never ends by itself: it ends with its reader, or with the server.
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await runner.cleanup()
            raise
        bound = runner.addresses[0][1]
        return cls(runner, f"http://{f'[{host}]' if ':' in host else host}:{bound}")

    async def close(self) -> None:
        """Stop listening and cut what is under way."""
        await self._runner.cleanup()


def add_files(app: web.Application, page: Path) -> None:
    """`/static/…` from the page's own folder, `/shared/…` from the one all pages have."""
    app.router.add_static("/static", page)
    app.router.add_static("/shared", SHARED_FILES)


async def read_body(request: web.Request, model: type[Body]) -> Body:
    """The JSON of a request; answers 400 with the reason when it is not what `model` says."""
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise web.HTTPBadRequest(
            text=f"{where}: {first['msg']}" if where else first["msg"]
        ) from None
