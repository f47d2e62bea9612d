"""Payment notifications, as the provider sends them: once an invoice is confirmed, and no retry.

Nothing is sent for partial, cancelled and expired invoices. Source: the provider's page on
postbacks; who redirects one with 301 gets a GET without the body, as at the real one.
"""

import asyncio
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urljoin, urlsplit

import jwt
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.sandbox.cryptocloud.documents import Document
from bot.sandbox.cryptocloud.habits import Habits, PostbackForm
from bot.sandbox.cryptocloud.ledger import Clock, Invoice

_LIFE: Final = timedelta(minutes=5)  # of the token
_PATIENCE: Final = ClientTimeout(total=10)
_REDIRECTS: Final = {301, 302, 303}


@dataclass(slots=True)
class Postback:
    """One delivery. `status` is what it was answered, None while under way or when it failed."""

    url: str
    fields: Document
    status: int | None = None
    error: str = ""


class Postbacks:
    """Sends to `url`, when there is one; `sent` has all deliveries in order, failed ones too."""

    def __init__(
        self,
        secret_key: str,
        habits: Habits,
        clock: Clock,
        describe: Callable[[Invoice], Document],
        stepped: Callable[[], None],
    ) -> None:
        self.sent: list[Postback] = []
        self._url: str | None = None
        self._secret_key = secret_key
        self._habits = habits
        self._clock = clock
        self._describe = describe
        self._stepped = stepped
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str | None:
        """Where to; the project's setting at the real provider."""
        return self._url

    @url.setter
    def url(self, url: str | None) -> None:
        """Raises ValueError for an address that is not loopback."""
        if url is not None and not _is_loopback(url):
            raise ValueError(f"{url} is not on loopback")
        self._url = url

    def confirmed(self, invoice: Invoice) -> None:
        """Send the notification in the background."""
        if self._url is None:
            return
        for _ in range(self._habits.postback_copies):
            postback = Postback(self._url, self._fields(invoice))
            self.sent.append(postback)
            task = asyncio.get_running_loop().create_task(self._deliver(postback))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Drop what is under way."""
        under_way = set(self._under_way)
        for task in under_way:
            task.cancel()
        if under_way:
            await asyncio.wait(under_way)

    def _fields(self, invoice: Invoice) -> Document:
        expires = int((self._clock() + _LIFE).timestamp())
        claims = {"id": invoice.id, "exp": expires}
        return {
            "status": "success",
            "invoice_id": invoice.id,
            "amount_crypto": float(invoice.received),
            "currency": invoice.priced_in.fullcode,
            "order_id": invoice.order.order_id,
            "token": jwt.encode(claims, self._secret_key, algorithm="HS256"),
            "invoice_info": self._describe(invoice),
        }

    async def _deliver(self, postback: Postback) -> None:
        try:
            async with ClientSession(timeout=_PATIENCE) as http:
                postback.status = await self._post(http, postback)
        except (ClientError, TimeoutError, ValueError) as error:
            postback.error = f"{type(error).__name__}: {error}"
        self._stepped()

    async def _post(self, http: ClientSession, postback: Postback) -> int:
        as_form = self._habits.postback_form is PostbackForm.FORM
        data = {name: str(value) for name, value in postback.fields.items() if value is not None}
        body = {"data": data} if as_form else {"json": postback.fields}
        async with http.post(postback.url, allow_redirects=False, **body) as answer:
            if answer.status not in _REDIRECTS:
                return answer.status
            there = urljoin(postback.url, answer.headers.get("Location", ""))
        if not _is_loopback(there):
            raise ValueError(f"redirected to {there}, which is not on loopback")
        async with http.get(there, allow_redirects=False) as answer:
            return answer.status


def _is_loopback(url: str) -> bool:
    parts = urlsplit(url)
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
