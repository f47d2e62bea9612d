"""`rediss`: the way to every server is encrypted, and to none that cannot show who it is.

The server that comes with the bot speaks no TLS, so here something before it does.
"""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from redis.asyncio.connection import SSLConnection
from redis.asyncio.sentinel import SentinelManagedSSLConnection

from bot.domain.errors import StorageAway
from bot.storage.connection import connect, ping
from bot.storage.pool import PatientSentinelPool
from tests.storage.processes import until_async
from tests.storage.test_connection import pumping
from tests.stores.server import Server, free_port

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one for this machine's address, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test"
    files = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"]
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1", *files],
        check=True,
        capture_output=True,
    )
    return folder


@asynccontextmanager
async def encrypted(certificate: Path, port: int, server: Server) -> AsyncIterator[None]:
    """TLS on `port`, before a server that speaks none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    async with await asyncio.start_server(
        pumping(lambda: server.port), "127.0.0.1", port, ssl=context
    ):
        yield


async def test_one_server(certificate: Path, tmp_path: Path) -> None:
    port = free_port()
    with Server(tmp_path) as server:
        async with encrypted(certificate, port, server):
            trusted = quote(str(certificate / "cert.pem"))
            client = connect(f"rediss://127.0.0.1:{port}?ssl_ca_certs={trusted}")
            assert await client.set("key", "value")
            await client.aclose()
            stranger = connect(f"rediss://127.0.0.1:{port}")
            with pytest.raises(StorageAway, match="certificate verify failed"):
                await ping(stranger)
            await stranger.aclose()


@pytest.mark.slow
async def test_a_cluster(certificate: Path, tmp_path: Path) -> None:
    port = free_port()
    announced = (("cluster-enabled", "yes"), ("cluster-announce-port", str(port)))
    async with AsyncExitStack() as stack:
        server = stack.enter_context(Server(tmp_path, *announced))
        await stack.enter_async_context(encrypted(certificate, port, server))
        with server.client() as admin:
            admin.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
            await until_async(lambda: admin.cluster("info")["cluster_state"] == "ok")
        trusted = quote(str(certificate / "cert.pem"))
        client = connect(f"rediss+cluster://127.0.0.1:{port}?ssl_ca_certs={trusted}")
        stack.push_async_callback(client.aclose)
        await ping(client)
        async with client.pipeline(transaction=False) as pipe:
            pipe.set("key", "value")
            pipe.get("key")
            assert await pipe.execute() == [True, "value"]


async def test_sentinels_and_their_servers(certificate: Path) -> None:
    trusted = quote(str(certificate / "cert.pem"))
    client = connect(
        f"rediss+sentinel://user:test@127.0.0.1:1/shop?ssl_ca_certs={trusted}"
        "&sentinel_username=watcher&sentinel_password=other"
    )
    pool = client.connection_pool
    assert isinstance(pool, PatientSentinelPool)
    assert issubclass(pool.connection_class, SentinelManagedSSLConnection)
    server = pool.connection_kwargs
    assert (server["username"], server["password"]) == ("user", "test")
    [sentinel] = pool.sentinel_manager.sentinels
    watcher = sentinel.connection_pool
    assert watcher.connection_class is SSLConnection
    assert watcher.connection_kwargs["password"] == "other"
    for options in (server, watcher.connection_kwargs):
        assert options["ssl_ca_certs"] == str(certificate / "cert.pem")
    await client.aclose()
