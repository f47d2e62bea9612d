"""What the store says when it takes no writes, and an address behind which the server changes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.domain.errors import StorageAway
from bot.storage import scripts
from bot.storage.connection import connect, ping, translated
from bot.storage.durability import StoreUnfit, check_durability
from tests.stores.server import Server

Write = Callable[[Redis], Awaitable[object]]


@translated
async def command(redis: Redis) -> object:
    return await redis.set("key", "value")


@translated
async def script(redis: Redis) -> object:
    return await redis.register_script(scripts.HOLD)(keys=["poller"], args=["me", 1000])


async def _pipe(redis: Redis, *, transaction: bool) -> object:
    async with redis.pipeline(transaction=transaction) as pipe:
        pipe.get("key")
        pipe.set("key", "Command # 1 of pipeline caused error")
        return await pipe.execute()


@translated
async def pipeline(redis: Redis) -> object:
    return await _pipe(redis, transaction=False)


@translated
async def transaction(redis: Redis) -> object:
    return await _pipe(redis, transaction=True)


@translated
async def scripts_in_a_pipeline(redis: Redis) -> object:
    async with redis.pipeline(transaction=False) as pipe:
        await redis.register_script(scripts.HOLD)(keys=["k"], args=["me", 1000], client=pipe)
        return await pipe.execute()


every_write = pytest.mark.parametrize(
    "write", [command, script, pipeline, transaction, scripts_in_a_pipeline]
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One whose settings are changed."""
    with Server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
async def redis(server: Server) -> AsyncIterator[Redis]:
    client = connect(server.url)
    yield client
    await client.aclose()


@every_write
async def test_too_few_replicas(redis: Redis, write: Write) -> None:
    await redis.config_set("min-replicas-to-write", "1")
    try:
        with pytest.raises(StorageAway, match="NOREPLICAS"):
            await write(redis)
    finally:
        await redis.config_set("min-replicas-to-write", "0")
    assert await write(redis)


@every_write
async def test_no_memory_left(redis: Redis, write: Write) -> None:
    await redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(StorageAway, match="OutOfMemory"):
            await write(redis)
    finally:
        await redis.config_set("maxmemory", "0")
    assert await write(redis)


@every_write
async def test_a_primary_that_became_a_replica(redis: Redis, server: Server, write: Write) -> None:
    with server.client() as admin:
        admin.execute_command("REPLICAOF", "127.0.0.1", "1")
        try:
            with pytest.raises(StorageAway, match="ReadOnly"):
                await write(redis)
        finally:
            admin.execute_command("REPLICAOF", "NO", "ONE")
    assert await write(redis)


async def test_a_script_that_a_restart_forgot(redis: Redis) -> None:
    @translated
    async def unknown(pipe: Redis) -> object:
        await pipe.evalsha("0" * 40, 1, "key")  # type: ignore[misc]
        return await pipe.execute()  # type: ignore[attr-defined]

    async with redis.pipeline(transaction=False) as pipe:
        with pytest.raises(StorageAway, match="NoScript"):
            await unknown(pipe)


async def test_a_fault_of_ours_is_none_of_the_store(redis: Redis) -> None:
    await redis.set("text", "no hash, though it says MISCONF and NOREPLICAS")

    @translated
    async def wrong() -> object:
        async with redis.pipeline(transaction=False) as pipe:
            pipe.hset("text", "MISCONF", "NOREPLICAS")
            return await pipe.execute()

    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await wrong()


def pumping(port: Callable[[], int]) -> Callable[..., Awaitable[None]]:
    """What a server does that passes everything on to whichever port `port` says."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port())
        await asyncio.gather(pump(reader, back), pump(there, writer))

    return serve


@asynccontextmanager
async def forwarder(port: Callable[[], int]) -> AsyncIterator[str]:
    """An address that leads now here, now there, as a managed store has one."""
    async with await asyncio.start_server(pumping(port), "127.0.0.1", 0) as listening:
        yield f"redis://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("write", [command, script, pipeline, transaction])
async def test_the_server_behind_an_address_changes(
    server: Server, tmp_path: Path, write: Write
) -> None:
    """The old one still answers, but takes no writes: the connections to it are given up."""
    with Server(tmp_path) as second, server.client() as old:
        current = server
        async with forwarder(lambda: current.port) as url:
            client = connect(url)
            await asyncio.gather(*(write(client) for _ in range(10)))
            old.execute_command("REPLICAOF", "127.0.0.1", second.port)
            current = second
            try:
                await asyncio.gather(*(write(client) for _ in range(10)))
            finally:
                old.execute_command("REPLICAOF", "NO", "ONE")
                await client.aclose()


async def test_a_replica_is_refused(server: Server, tmp_path: Path) -> None:
    with Server(tmp_path, ("replicaof", f"127.0.0.1 {server.port}")) as replica:
        client = connect(replica.url)
        with pytest.raises(StoreUnfit, match="name the primary"):
            await check_durability(client)
        await client.aclose()


async def test_an_old_redis_is_refused() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            said = b"redis_version:6.2.14\r\n"
            answer = b"$%d\r\n%s\r\n" % (len(said), said) if b"$4\r\nINFO" in data else b""
            writer.write(answer or b"+OK\r\n" * data.count(b"*"))
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        client = connect(f"redis://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
        with pytest.raises(StoreUnfit, match=r"Redis 6\.2\.14; use Redis 7"):
            await check_durability(client)
        await client.aclose()
        listening.close()


async def test_a_password_that_is_wrong(server: Server) -> None:
    client = connect(server.url.replace("redis://", "redis://:wrong@"))
    with pytest.raises(StorageAway, match="AuthenticationError") as refused:
        await ping(client)
    assert "wrong" not in str(refused.value)
    await client.aclose()
