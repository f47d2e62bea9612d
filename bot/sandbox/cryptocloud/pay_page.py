"""The pay page of an invoice, where the payer's part is played by hand."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import segno
from aiohttp import web
from pydantic import BaseModel

from bot.sandbox.browser import add_files, guard, harden, read_body
from bot.sandbox.cryptocloud.ledger import Clock, Invoice, Ledger, NotOpenError, Status
from bot.sandbox.cryptocloud.payer import Deed, do, possible
from bot.sandbox.cryptocloud.rates import COINS, Coin

_FILES: Final = Path(__file__).parent / "static"
_QUIET_ZONE: Final = 4  # modules around the code that readers need, ISO/IEC 18004

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Choice(BaseModel, extra="forbid", frozen=True):
    """The payer chooses a coin, by its full code."""

    coin: str


class Act(BaseModel, extra="forbid", frozen=True):
    """The payer does something."""

    deed: Deed


class PayPage:
    """Serves `/pay/<id>` and what it asks for."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def app(self) -> web.Application:
        """To be mounted under `/pay`."""
        app = web.Application(middlewares=[guard, _in_words])
        app.on_response_prepare.append(harden)
        add_files(app, _FILES)
        app.router.add_get("/{id}", self._page)
        app.router.add_get("/{id}/state", self._state)
        app.router.add_get("/{id}/qr.svg", self._qr)
        app.router.add_post("/{id}/coin", self._choose)
        app.router.add_post("/{id}/act", self._act)
        return app

    async def _page(self, request: web.Request) -> web.StreamResponse:
        known = self._ledger.find(request.match_info["id"]) is not None
        name = "pay.html" if known else "unknown.html"
        return web.FileResponse(_FILES / name, status=200 if known else 404)

    async def _state(self, request: web.Request) -> web.Response:
        return self._answer(self._asked(request))

    async def _qr(self, request: web.Request) -> web.Response:
        address = self._asked(request).address
        if not address:
            raise web.HTTPNotFound(text="There is no address before a coin is chosen.")
        image = BytesIO()
        # The bare address: an amount in the code might be short.
        segno.make_qr(address, error="m").save(
            image, kind="svg", border=_QUIET_ZONE, light="#fff", omitsize=True
        )
        return web.Response(body=image.getvalue(), content_type="image/svg+xml")

    async def _choose(self, request: web.Request) -> web.Response:
        asked = await read_body(request, Choice)
        invoice = self._asked(request)
        if asked.coin not in {coin.fullcode for coin in _offered(invoice)}:
            raise web.HTTPUnprocessableEntity(text="This coin is not offered here.")
        return self._answer(self._ledger.choose(invoice.uuid, asked.coin))

    async def _act(self, request: web.Request) -> web.Response:
        asked = await read_body(request, Act)
        invoice = self._asked(request)
        do(self._ledger, invoice, asked.deed)
        return self._answer(self._ledger.get(invoice.uuid))

    def _asked(self, request: web.Request) -> Invoice:
        invoice = self._ledger.find(request.match_info["id"])
        if invoice is None:
            raise web.HTTPNotFound(text="There is no such invoice.")
        return invoice

    def _answer(self, invoice: Invoice) -> web.Response:
        return web.json_response(describe(invoice) | {"now": self._clock().timestamp()})


def describe(invoice: Invoice) -> dict[str, Any]:
    """What the page shows. Amounts are strings, times seconds since the epoch."""
    return {
        "id": invoice.uuid,
        "amount": _plain(invoice.order.amount),
        "currency": invoice.order.currency,
        "status": invoice.status.value,
        "coin": None if invoice.coin is None else _coin(invoice.coin),
        "offered": [_coin(coin) for coin in _offered(invoice)],
        "address": invoice.address,
        "due": _plain(invoice.due),
        "received": _plain(invoice.received),
        "rest": _plain(max(invoice.due - invoice.received, Decimal(0))),
        "expires": invoice.expires.timestamp(),
        "possible": [deed.value for deed in possible(invoice)],
    }


def _offered(invoice: Invoice) -> list[Coin]:
    """What the payer may choose from, while nothing is chosen."""
    if invoice.coin is not None or invoice.status is not Status.CREATED:
        return []
    return [COINS[code] for code in invoice.order.offered] or list(COINS.values())


def _coin(coin: Coin) -> dict[str, str]:
    return {
        "id": coin.fullcode,
        "code": coin.code,
        "network": coin.network,
        "network_name": coin.network_name,
    }


def _plain(amount: Decimal) -> str:
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@web.middleware
async def _in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except NotOpenError:
        raise web.HTTPConflict(text="This invoice has moved on; look again.") from None
