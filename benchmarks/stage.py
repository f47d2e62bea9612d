"""Telegram, CryptoCloud, Valkey and one bot at a time, each in its process."""

import asyncio
import json
import socket
import statistics
import urllib.request
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

from redis.asyncio import Redis

from benchmarks import people
from benchmarks.load import Heard, Load
from benchmarks.processes import Process, helper
from benchmarks.proxy import Wire
from benchmarks.subjects import Subject, environment
from bot.domain.audit import Deed, Entry
from bot.domain.chats import ChatSettings
from bot.domain.people import Role, Seller
from bot.storage.chats import ChatStore
from bot.storage.connection import connect
from bot.storage.embedded import EmbeddedValkey
from bot.storage.sellers import SellerStore

IDLE: Final = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that answers. `started` is from exec to its first card, in seconds."""

    process: Process
    started: float
    memory: float
    ops_port: int


class Stage:
    """What bots run on; made by `stage`."""

    def __init__(self, folder: Path, redis: Redis, socket: Path, load: Load, ports: dict[str, int]):
        self.folder = folder
        self.redis = redis
        self.socket = socket
        self.load = load
        self._ports = ports

    async def provider_counts(self) -> dict[str, int]:
        """How often each path of the provider was called, and for how many invoices in all."""
        url = f"http://127.0.0.1:{self._ports['cryptocloud']}/counts"

        def read() -> dict[str, int]:
            with urllib.request.urlopen(url, timeout=5) as answer:
                counts: dict[str, int] = json.load(answer)
                return counts

        return await asyncio.to_thread(read)

    async def redis_info(self) -> dict[str, Any]:
        """What Valkey tells of itself."""
        return cast("dict[str, Any]", await self.redis.info("everything"))

    async def reads(self) -> int:
        """How often Redis has read something from a client: a pipeline is one."""
        return int((await self.redis_info())["total_reads_processed"])

    async def idle_reads(self) -> float:
        """Reads a second while nobody wants anything."""
        before = await self.reads()
        await asyncio.sleep(IDLE)
        return (await self.reads() - before - 1) / IDLE  # without our own question

    async def bytes_of(self, pattern: str) -> float:
        """The median memory of the keys that match."""
        sizes = [
            await cast("Any", self.redis.memory_usage(key))
            async for key in self.redis.scan_iter(pattern)
        ]
        return float(statistics.median(sizes))

    async def empty(self) -> None:
        """A store without invoices, in which the sellers were admitted, half of them Russian."""
        await self.redis.flushall()
        sellers, chats, now = SellerStore(self.redis), ChatStore(self.redis), datetime.now(UTC)

        async def admit(user: int) -> None:
            seller = Seller(user, "Flower shop", Role.SELLER, people.ADMIN, now)
            made = partial(Entry, f"b{user}", who=people.ADMIN, at=now)
            await sellers.save_seller(seller, made(Deed.ADMITTED, whom=user))
            settings = ChatSettings(currency="EUR", language="ru" if user % 2 else None)
            await chats.save_settings(user, settings, made(Deed.SETTING, chat=user))

        await asyncio.gather(*map(admit, people.SELLERS))

    def wire(self) -> Wire:
        """Counts what goes to the store."""
        return Wire(self.socket, self.folder / "wire.sock")

    @asynccontextmanager
    async def running(
        self, subject: Subject, *, wire: bool = False, **settings: str
    ) -> AsyncIterator[Running]:
        """The bot, from its first card until it is ended. Its store is used as it is found."""
        await self.load.reset()
        log = self.folder / f"{subject.name}.log"
        path = self.folder / "wire.sock" if wire else self.socket
        site, ops = _free_port(), _free_port()
        env = environment(
            subject,
            telegram=self._ports["telegram"],
            cryptocloud=self._ports["cryptocloud"],
            redis_url=f"unix://{path}",
            ports=(site, ops),
        )
        process = Process(subject.arguments, log, {**env, **settings})
        try:
            first = asyncio.create_task(self.load.say(people.SELLERS[0], "/invoice 50 EUR"))
            while not first.done():
                await asyncio.wait({first}, timeout=0.5)
                if process.ended:
                    first.cancel()
                    raise process.failed("it ended")
            if first.exception() is not None:
                raise process.failed(str(first.exception()))
            heard: Heard = first.result()[1]
            await asyncio.sleep(0.5)
            started = (heard.at - process.started_ns) / 1e9
            yield Running(process, started, process.memory(), ops)
        finally:
            await process.end()


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Everything but the bot."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        store = EmbeddedValkey(folder / "store")
        url = await store.start()
        stack.push_async_callback(store.stop)
        redis = connect(url)
        stack.push_async_callback(redis.aclose)
        ports: dict[str, int] = {}
        for name in ("telegram", "cryptocloud"):
            process = helper(name, folder)
            stack.push_async_callback(process.end)
            told = process.told()
            ports |= {name: told["port"]} | ({"load": told["load"]} if "load" in told else {})
        load = await Load.connect(ports["load"])
        stack.push_async_callback(load.close)
        socket_path = Path(url.removeprefix("unix://").partition("?")[0])
        yield Stage(folder, redis, socket_path, load, ports)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
