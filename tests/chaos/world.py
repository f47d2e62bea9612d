"""A bot in a process of its own, with a store, a provider and a Telegram that can each fail it."""

import tempfile
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from redis.asyncio import Redis

from bot.domain.invoice import Invoice
from bot.sandbox.telegram import Patience
from bot.storage.records import load
from tests.reliability.process import SWIFT, ProcessWorld
from tests.reliability.redis_proxy import RedisProxy
from tests.reliability.store import store
from tests.world import free_port

# Looks at open invoices come soon: who would have told of a payment may have told it in vain.
# And a bot that has just been started on a busy machine stands still for half a second.
PACE: Final = replace(
    SWIFT,
    look=timedelta(seconds=0.5),
    renew=timedelta(seconds=0.5),
    lease_lost=timedelta(seconds=1.5),
)
LASTS: Final = 2.0  # seconds of a lease
# Where writing costs nothing: what SIGKILL ends has handed its writes to the system already.
MEMORY: Final = Path("/dev/shm")
EXPECTED: Final = (
    "terminated by other getUpdates",  # two bots poll for a moment
    "message to edit not found",  # of two openings of one link the first one's card is taken away
)
REPEATS: Final = Patience(second=0.1)  # Telegram repeats a delivery ten times as soon as in life


class ChaosWorld(ProcessWorld):
    """`webhook`: Telegram delivers updates; else the bot polls. Everybody who writes may sell."""

    def __init__(self, folder: Path, *, webhook: bool = False) -> None:
        site = {} if webhook else {"http_port": str(free_port())}
        super().__init__(
            "", folder, webhook=webhook, patience=REPEATS, seller_access="anyone", **site
        )
        self.times = (PACE, timedelta(seconds=LASTS))
        # The same in every life, as Telegram and the provider are told where it is.
        self.port = int(self._settings["http_port"])
        self.webhook = webhook
        self._servers = AsyncExitStack()

    async def __aenter__(self) -> Self:
        enter = self._servers.enter_async_context
        folder = tempfile.TemporaryDirectory(dir=_in_memory())
        self.store = await enter(store(Path(self._servers.enter_context(folder))))
        socket = self.store.socket.with_name("proxy.sock")
        self.proxy = await enter(RedisProxy(socket, self.store.socket))
        self._redis_url = self.proxy.url
        self.redis = await enter(Redis.from_url(self.store.url, decode_responses=True))
        self.cloud.postbacks.url = f"http://127.0.0.1:{self.port}/cryptocloud/postback"
        return await super().__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        calls = self.telegram.calls
        calls[:] = [call for call in calls if not any(one in call.description for one in EXPECTED)]
        try:
            await super().__aexit__(kind, error, trace)
        finally:
            await self._servers.aclose()

    async def start_beside(self) -> None:
        """Start another process, which takes the first one's place in `life`: a replica, whose site
        is elsewhere and not told of."""
        own, self._settings = self._settings, self._settings | {"http_port": "0"}
        try:
            await self.start_bot()
        finally:
            self._settings = own

    async def records(self) -> list[Invoice]:
        """Every record, as it is in the store."""
        keys = [key async for key in self.redis.scan_iter("inv:*", count=1000)]
        async with self.redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.hgetall(key)
            stored = await pipe.execute()
        return [load(key.rpartition(":")[2], one) for key, one in zip(keys, stored, strict=True)]


def _in_memory() -> Path | None:
    return MEMORY if MEMORY.is_dir() else None
