"""What whoever runs the bot looks at: health, metrics and the site that shows them. Used by `app`
alone."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final

from aiogram.types import Update
from prometheus_client.exposition import choose_encoder
from redis.asyncio import Redis

from bot.connections import listen
from bot.domain.condition import Backlog
from bot.domain.errors import PostbackForged, PostbackUnreadable, StorageAway
from bot.domain.provider import Postback
from bot.metrics import Metrics, Readings
from bot.services.health import PATIENCE, Health
from bot.services.ports import Clock
from bot.settings import Settings
from bot.storage.backlog import BacklogStore
from bot.storage.connection import ping
from bot.telegram.metering import kind_of
from bot.web.ops import OpsSite

Read = Callable[[bytes], Postback]
Take = Callable[[Postback], Awaitable[None]]


class Ops:
    """Open before everything else, so that what goes wrong at the start is seen."""

    def __init__(self) -> None:
        self.health = Health()
        self.metrics = Metrics()
        self.readings = Readings(self.metrics.registry)
        self.site = OpsSite(self.health, self._render)
        self._backlog: Backlog | None = None
        self._look: Callable[[], Awaitable[None]] | None = None
        self._announce()

    def watch_store(self, redis: Redis, clock: Clock) -> BacklogStore:
        """Be unready while the store is away, and show what waits in it. Who reads that."""
        store = BacklogStore(redis)

        async def answers() -> str | None:
            try:
                await ping(redis)
            except StorageAway as error:
                return str(error)
            return None

        async def look() -> None:
            try:
                async with asyncio.timeout(PATIENCE):
                    self._backlog = await store.read(clock())
            except (StorageAway, TimeoutError):
                self._backlog = None

        self.health.need("redis", answers)
        self._look = look
        return store

    def count_twins(self, cancelled: Callable[[], int]) -> None:
        """Show how many late twins were cancelled."""
        self.readings.counter(
            "invoicebot_late_twins_cancelled",
            "Invoices cancelled, as another had been created in their place",
            cancelled,
        )

    def update_dropped(self, update: Update) -> None:
        """Count an update that is not for the bot."""
        self.metrics.update(kind_of(update), "dropped")

    def update_deferred(self, update: Update) -> None:
        """Count an update that waits for the store, each time it was tried."""
        self.metrics.update(kind_of(update), "deferred")

    def _announce(self) -> None:
        """Name what is read when somebody asks."""
        gauge = self.readings.gauge
        gauge(
            "invoicebot_redis_up",
            "Whether the store answered",
            lambda: float(self._backlog is not None),
        )
        for name, what, read in _WAITING:
            gauge(f"invoicebot_{name}", what, self._waiting(read))
        gauge(
            "invoicebot_loop_still_seconds",
            "For how long a loop has not moved; over 60 it counts as hung",
            self.health.still,
            label="loop",
        )

    def _waiting(self, read: Callable[[Backlog], float]) -> Callable[[], float | None]:
        return lambda: None if self._backlog is None else read(self._backlog)

    async def _render(self, accept: str) -> tuple[bytes, str]:
        """The metrics in the format that is asked for, and its content type."""
        if self._look is not None:
            await self._look()
        encode, content_type = choose_encoder(accept)
        return encode(self.metrics.registry), content_type

    def counted_read(self, read: Read | None) -> Read | None:
        """Reads a postback, and counts those that cannot be believed."""
        if read is None:
            return None

        def counted(body: bytes) -> Postback:
            try:
                return read(body)
            except PostbackForged:
                self.metrics.postback("forged")
                raise
            except PostbackUnreadable:
                self.metrics.postback("unreadable")
                raise

        return counted

    def counted_take(self, take: Take) -> Take:
        """Takes a postback, and counts it."""

        async def counted(postback: Postback) -> None:
            try:
                await take(postback)
            except Exception:
                self.metrics.postback("deferred")
                raise
            self.metrics.postback("taken")

        return counted


_WAITING: Final[tuple[tuple[str, str, Callable[[Backlog], float]], ...]] = (
    ("invoices_scheduled", "Invoices that will be looked at some time", lambda b: b.scheduled),
    ("invoices_due", "Invoices that are to be looked at now", lambda b: b.due),
    (
        "oldest_due_invoice_age_seconds",
        "For how long the first of these has been due",
        lambda b: b.oldest.total_seconds(),
    ),
    ("updates_parked", "Updates that outlived their batch and are not done", lambda b: b.parked),
)


async def open_ops(settings: Settings, stack: AsyncExitStack) -> Ops:
    """With its site listening, closed with `stack`. Raises `StartError`."""
    ops = Ops()
    stack.push_async_callback(ops.site.close)
    await listen(ops.site.start, "OPS_PORT", settings.http_host, settings.ops_port)
    return ops
