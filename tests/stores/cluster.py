"""A real cluster: three nodes, a third of the slots each, and replicas where a test wants them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

from redis.exceptions import RedisError

from tests.storage.processes import until
from tests.stores.server import Server

BOUNDS = (0, 5461, 10923, 16384)
NODE_TIMEOUT = 1000  # ms until a node that does not answer counts as gone


class Nodes:
    """The nodes: `nodes[:3]` begin as the primaries, those after them as their replicas."""

    def __init__(self, nodes: list[Server]) -> None:
        self.nodes = nodes
        self.url = "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in nodes[:3])

    def tell(self, node: Server, *words: str | int) -> Any:
        """Send one node a command."""
        with node.client() as client:
            return cast("Any", client).execute_command(*words)

    def flush(self) -> None:
        """Empty it."""
        for node in self.nodes[:3]:
            self.tell(node, "FLUSHALL")

    def name(self, node: Server) -> str:
        """What the cluster calls it."""
        return str(self.tell(node, "CLUSTER MYID"))

    def owner(self, slot: int) -> Server:
        """Who serves it, as the first node has it."""
        for start, end, primary, *_ in self.tell(self.nodes[0], "CLUSTER SLOTS"):
            if start <= slot <= end:
                return next(node for node in self.nodes if node.port == primary[1])
        raise AssertionError("nobody serves it")

    def settled(self, nodes: list[Server] | None = None) -> bool:
        """Whether all (of these) nodes know all others and take commands."""
        return all(self._settled(node) for node in nodes or self.nodes)

    def _settled(self, node: Server) -> bool:
        try:
            told = self.tell(node, "CLUSTER INFO")
        except RedisError:
            return False
        known = int(told["cluster_known_nodes"]) == len(self.nodes)
        return bool(known and told["cluster_state"] == "ok")

    def move(self, slot: int, to: Server) -> None:
        """Move a slot and all its keys."""
        source = self.owner(slot)
        self.begin_move(slot, source, to)
        self.end_move(slot, source, to)

    def begin_move(self, slot: int, source: Server, to: Server) -> None:
        self.tell(to, "CLUSTER SETSLOT", slot, "IMPORTING", self.name(source))
        self.tell(source, "CLUSTER SETSLOT", slot, "MIGRATING", self.name(to))

    def move_keys(self, source: Server, to: Server, keys: list[str]) -> None:
        self.tell(source, "MIGRATE", "127.0.0.1", to.port, "", 0, 5000, "KEYS", *keys)

    def end_move(self, slot: int, source: Server, to: Server) -> None:
        """Move what keys are left, and tell everybody."""
        while keys := self.tell(source, "CLUSTER GETKEYSINSLOT", slot, 100):
            self.move_keys(source, to, keys)
        for node in self.nodes[:3]:
            self.tell(node, "CLUSTER SETSLOT", slot, "NODE", self.name(to))


@contextmanager
def cluster(folder: Path, *, replicas: int = 0) -> Iterator[Nodes]:
    """One that runs. `replicas`: of the first so many primaries."""
    options = (("cluster-enabled", "yes"), ("cluster-node-timeout", str(NODE_TIMEOUT)))
    nodes = [Server(folder / str(number), *options) for number in range(3 + replicas)]
    with ExitStack() as stack:
        for node in nodes:
            stack.callback(node.kill)
            node.start()
        for node in nodes:
            node.wait()
        running = Nodes(nodes)
        _join(running)
        yield running


def _join(running: Nodes) -> None:
    nodes = running.nodes
    for number, node in enumerate(nodes):
        if number < 3:
            running.tell(node, "CLUSTER ADDSLOTSRANGE", BOUNDS[number], BOUNDS[number + 1] - 1)
        running.tell(node, "CLUSTER SET-CONFIG-EPOCH", number + 1)
    for node in nodes[1:]:
        running.tell(nodes[0], "CLUSTER MEET", "127.0.0.1", node.port)
    until(running.settled, 20)
    for number, node in enumerate(nodes[3:]):
        running.tell(node, "CLUSTER REPLICATE", running.name(nodes[number]))
    for node in nodes[3:]:
        until(lambda node=node: _follows(running.tell(node, "INFO", "replication")), 20)  # type: ignore[misc]


def _follows(told: Any) -> bool:
    return bool(told["role"] == "slave" and told["master_link_status"] == "up")
