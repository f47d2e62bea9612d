"""A primary, a replica and one sentinel that watches them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

from redis.exceptions import RedisError

from tests.storage.processes import until
from tests.stores.server import Server

SERVICE = "invoices"
AWAY_AFTER = 500  # ms until a server that does not answer counts as gone


class Watched:
    """`servers[0]` begins as the primary."""

    def __init__(self, servers: list[Server], sentinel: Server) -> None:
        self.servers = servers
        self.sentinel = sentinel
        self.url = f"redis+sentinel://127.0.0.1:{sentinel.port}/{SERVICE}"

    def primary(self) -> Server:
        """Whom the sentinel names."""
        with self.sentinel.client() as client:
            told: Any = cast("Any", client).execute_command(
                "SENTINEL GET-MASTER-ADDR-BY-NAME", SERVICE
            )
        return next(server for server in self.servers if server.port == int(told[1]))

    def follows(self, server: Server) -> bool:
        """Whether it is a replica that has everything."""
        try:
            with server.client() as client:
                told = client.info("replication")
        except RedisError:
            return False
        return bool(told["role"] == "slave" and told["master_link_status"] == "up")

    def seen(self) -> bool:
        """Whether the sentinel knows a replica that could take over."""
        with self.sentinel.client() as client:
            told: Any = cast("Any", client).execute_command("SENTINEL REPLICAS", SERVICE)
        return any(_fit(replica) for replica in told)


def _fit(told: Any) -> bool:
    replica = told if isinstance(told, dict) else dict(zip(told[::2], told[1::2], strict=True))
    return bool(replica["flags"] == "slave" and replica["master-link-status"] == "ok")


@contextmanager
def watched(folder: Path) -> Iterator[Watched]:
    """They run, and the sentinel would promote the replica."""
    with ExitStack() as stack:
        primary = stack.enter_context(Server(folder / "first"))
        follow = ("replicaof", f"127.0.0.1 {primary.port}")
        replica = stack.enter_context(Server(folder / "second", follow))
        sentinel = stack.enter_context(
            Server(
                folder / "sentinel",
                ("sentinel monitor", f"{SERVICE} 127.0.0.1 {primary.port} 1"),
                ("sentinel down-after-milliseconds", f"{SERVICE} {AWAY_AFTER}"),
                ("sentinel failover-timeout", f"{SERVICE} 3000"),
                sentinel=True,
            )
        )
        running = Watched([primary, replica], sentinel)
        until(lambda: running.follows(replica), 20)
        until(running.seen, 20)
        yield running
