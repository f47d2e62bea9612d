"""Several bots on one store, behind what stands for a TLS proxy: Telegram reaches any of them."""

import asyncio
import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.reliability.process import STEADY, BotProcess, ProcessWorld
from tests.reliability.waiting import until
from tests.world import free_port


class Balancer:
    """Passes each connection on to the next of `ports` that listens; closes it when none does."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.port = 0
        self._turn = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        with suppress(ConnectionError):
            if (behind := await self._next()) is not None:
                async with asyncio.TaskGroup() as group:
                    group.create_task(_pump(reader, behind[1]))
                    group.create_task(_pump(behind[0], writer))
        writer.close()

    async def _next(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in range(len(self.ports)):
            self._turn += 1
            with suppress(OSError):
                port = self.ports[self._turn % len(self.ports)]
                return await asyncio.open_connection("127.0.0.1", port)
        return None


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def balancing() -> AsyncIterator[Balancer]:
    """One that listens."""
    balancer = Balancer()
    server = await asyncio.start_server(balancer.serve, "127.0.0.1", 0)
    balancer.port = server.sockets[0].getsockname()[1]
    try:
        yield balancer
    finally:
        server.close()


class ReplicaWorld(ProcessWorld):
    """As `ProcessWorld`, but with `number` processes in webhook mode behind a balancer."""

    def __init__(
        self, redis_url: str, folder: Path, balancer: Balancer, *, number: int = 2
    ) -> None:
        super().__init__(redis_url, folder, webhook=True, seller_access="anyone")
        self.change(public_url=f"http://127.0.0.1:{balancer.port}")
        balancer.ports = [free_port() for _ in range(number)]
        self.ports = balancer.ports
        self.times = STEADY
        self.lives: dict[int, BotProcess] = {}

    async def start_bot(self) -> None:
        """Start them all."""
        for port in self.ports:
            await self.start_replica(port)

    async def start_replica(self, port: int) -> None:
        """Start one, and wait until it listens."""
        one = copy.copy(self)
        one.change(http_port=str(port))
        self.lives[port] = BotProcess(one, self.log, None)
        looked = len(self.telegram.called("getWebhookInfo"))
        await until(lambda: len(self.telegram.called("getWebhookInfo")) > looked, 15)
        await until(lambda: bool(self.telegram.world.webhook.url))

    async def stop_replica(self, port: int) -> None:
        """SIGTERM."""
        assert await self.lives.pop(port).stop() == 0

    async def kill_replica(self, port: int) -> None:
        """SIGKILL."""
        await self.lives.pop(port).kill()

    async def stop_bot(self) -> None:
        """End them all in order."""
        await asyncio.gather(*(self.stop_replica(port) for port in list(self.lives)))


@asynccontextmanager
async def replicas(redis_url: str, folder: Path, *, number: int = 2) -> AsyncIterator[ReplicaWorld]:
    """A world with so many of them."""
    async with (
        balancing() as balancer,
        ReplicaWorld(redis_url, folder, balancer, number=number) as world,
    ):
        yield world
