"""A local CryptoCloud: the invoice calls of its API v2, over real HTTP, on loopback only."""

import asyncio
import ipaddress
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from aiohttp import web

from bot.sandbox.cryptocloud import documents
from bot.sandbox.cryptocloud.desk import Desk
from bot.sandbox.cryptocloud.exchange import Answer, Call, Path
from bot.sandbox.cryptocloud.faults import Fault, Faults
from bot.sandbox.cryptocloud.habits import AuthError, Habits
from bot.sandbox.cryptocloud.ledger import Clock, FeePayer, Invoice, Ledger
from bot.sandbox.cryptocloud.pay_page import PayPage
from bot.sandbox.cryptocloud.postbacks import Postbacks


def _utc_now() -> datetime:
    return datetime.now(UTC)


class LocalCryptoCloud:
    """Start it, give `url`, `api_key` and `shop_id` to the client, look at `calls` afterwards.

    `ledger` moves invoices (pay, expire, cancel), `faults` makes calls fail, `habits` sets what the
    documentation leaves open. `clock` returns aware UTC. `postbacks.url` is where notifications go,
    signed with `secret_key`; nowhere unless it is set.
    """

    def __init__(
        self,
        *,
        clock: Clock = _utc_now,
        api_key: str = "test-api-key-local-cryptocloud",
        shop_id: str = "test-shop",
        secret_key: str = "test-secret-key-of-the-local-cryptocloud",  # noqa: S107 - opens nothing
        transfer_fee_by: FeePayer = FeePayer.CLIENT,
        service_fee_by: FeePayer = FeePayer.MERCHANT,
    ) -> None:
        self.api_key = api_key
        self.shop_id = shop_id
        self.habits = Habits()
        self.faults = Faults()
        self.secret_key = secret_key
        self.postbacks = Postbacks(secret_key, self.habits, clock, self._describe, self._stepped)
        self.ledger = Ledger(clock, transfer_fee_by, service_fee_by, self.postbacks.confirmed)
        self.desk = Desk(self.ledger, self.habits, clock, shop_id, self._link)
        self.calls: list[Call] = []
        self._clock = clock
        self._origin = ""
        self._step = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Base of the API, as `CRYPTOCLOUD_API_URL` wants it."""
        return f"{self._origin}/v2"

    @property
    def invoices(self) -> list[Invoice]:
        """All there are, oldest first."""
        return self.ledger.all()

    def called(self, path: Path) -> list[Call]:
        """The calls of one path, in order of arrival."""
        return [call for call in self.calls if call.path == path]

    async def until(self, holds: Callable[[], bool], within: float = 5) -> None:
        """Wait, at most that many seconds, until `holds` is true after some step of a call.

        A step is an arrival, an effect or an end, or the end of a postback. Raises TimeoutError.
        """
        async with asyncio.timeout(within):
            while not holds():
                await self._step.wait()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. ValueError for a host that is not loopback."""
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"{host} is not a loopback address")
        app = web.Application()
        app.router.add_post("/v2/{path:.+}", self._serve)
        app.add_subapp("/pay", PayPage(self.ledger, self._clock).app())
        # Handlers that sleep through the end of a test are not waited for.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        taken = self._runner.addresses[0][1]
        self._origin = f"http://{f'[{host}]' if ':' in host else host}:{taken}"

    async def close(self) -> None:
        """Stop listening and drop what is under way."""
        await self.postbacks.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _link(self, invoice: Invoice) -> str:
        return f"{self._origin}/pay/{invoice.id}"

    def _describe(self, invoice: Invoice) -> documents.Document:
        return documents.info(invoice, self._link(invoice), invoice.address)

    def _stepped(self) -> None:
        """Wake all who wait now; who comes later waits for the next step."""
        self._step.set()
        self._step.clear()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        path = "/" + request.match_info["path"]
        call = Call(path, dict(request.headers), raw, _parsed(raw), self._clock())
        self.calls.append(call)
        self._stepped()
        try:
            return await self._act(call, self.faults.take(call) or Fault(), request)
        finally:
            call.ended = True
            self._stepped()

    async def _act(self, call: Call, fault: Fault, request: web.Request) -> web.StreamResponse:
        # aiohttp lets a handler run on when its client has gone: a late commit needs no more.
        await asyncio.sleep(fault.before)
        answer = self._answer(call) if fault.commit else Answer(200, b"")
        self._stepped()
        await asyncio.sleep(fault.after)
        if fault.cut:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.rewrite is not None:
            answer = fault.rewrite(answer)
        call.status = answer.status
        return web.Response(
            status=answer.status,
            body=answer.body,
            content_type=answer.content_type,
            headers=answer.headers,
        )

    def _answer(self, call: Call) -> Answer:
        if call.headers.get("Authorization") != f"Token {self.api_key}":
            return self._unauthorized()
        if not isinstance(call.body, dict):
            return Answer.of({"detail": "JSON parse error"}, 400)
        handlers: dict[str, Callable[[dict[str, object]], Answer]] = {
            Path.CREATE: self.desk.create,
            Path.INFO: self.desk.info,
            Path.LIST: self.desk.list,
            Path.CANCEL: self.desk.cancel,
        }
        handler = handlers.get(call.path)
        if handler is None:
            return Answer.of({"detail": "Not found."}, 404)
        answer = handler(call.body)
        call.committed = answer.status == web.HTTPOk.status_code
        return answer

    def _unauthorized(self) -> Answer:
        status = self.habits.auth_status
        if self.habits.auth_error is AuthError.DETAIL:
            return Answer.of({"detail": "Signature verification failed"}, status)
        result = {"authorization": "Unauthorized request."}
        return Answer.of({"status": "error", "result": result}, status)


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(raw, parse_float=Decimal)
    except ValueError:
        return None
