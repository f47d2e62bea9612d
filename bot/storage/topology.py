"""Which node of a Redis Cluster serves which slot, as the nodes themselves tell it."""

import asyncio
import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, cast

from redis.asyncio import Redis
from redis.exceptions import ClusterDownError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.domain.stores import Address
from bot.storage.pool import PatientPool

SLOTS: Final = 16384


class Topology:
    """The map of a cluster, and one client for each node."""

    def __init__(self, seeds: Sequence[Address], client: Callable[[Address], Redis]) -> None:
        self._seeds = tuple(seeds)
        self._new_client = client
        self._clients: dict[Address, Redis] = {}
        self._slots: list[Address | None] = [None] * SLOTS
        self._primaries: tuple[Address, ...] = ()
        self._replicas: tuple[Address, ...] = ()
        self._reading = asyncio.Lock()
        self._failure = ""
        self.number = 0
        """Of the last reading of the map, whether it succeeded or not."""

    async def address_of(self, slot: int | None) -> Address:
        """Who serves it; for no slot in particular any primary.

        Raises `ClusterDownError` when nobody does, and what `read` raises.
        """
        if not self._primaries:
            await self.read(self.number)
        if slot is None:
            return random.choice(self._primaries)  # noqa: S311 - any will do
        address = self._slots[slot]
        if address is None:
            await self.read(self.number)
            address = self._slots[slot]
        if address is None:
            raise ClusterDownError(f"no node serves slot {slot}")
        return address

    async def nodes(self) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
        """The primaries and the replicas, read anew. Raises what `read` raises."""
        await self.read(self.number)
        return self._primaries, self._replicas

    @property
    def primaries(self) -> tuple[Address, ...]:
        """As last read."""
        return self._primaries

    def client(self, address: Address) -> Redis:
        """The client of one node."""
        if address not in self._clients:
            self._clients[address] = self._new_client(address)
        return self._clients[address]

    async def moved(self, slot: int, told: Address, by: Address, seen: int) -> None:
        """A node said that `told` serves the slot; others may have moved with it."""
        address = told if told[0] else (by[0], told[1])  # no host: the one that was asked
        await self.read(seen, first=address)
        self._slots[slot] = address

    async def read(
        self, seen: int, *, first: Address | None = None, last: Address | None = None
    ) -> None:
        """Read the map, unless that was done since reading number `seen`.

        `first` is asked before all others, `last` after them. Raises redis-py's `ConnectionError`
        when no node tells it.
        """
        async with self._reading:
            if self.number == seen:
                self.number += 1
                self._failure = await self._ask(self._askable(first, last))
        if self._failure:  # whoever waited for a reading that failed does not make another one
            raise RedisConnectionError(self._failure)

    def _askable(self, first: Address | None, last: Address | None) -> Iterable[Address]:
        known = [*self._primaries, *self._replicas]
        random.shuffle(known)
        ordered = dict.fromkeys([*([first] if first else []), *known, *self._seeds])
        return sorted(ordered, key=lambda address: address == last)

    async def _ask(self, addresses: Iterable[Address]) -> str:
        """Why no node told the map; nothing when one did."""
        failure = "the cluster has no slots"
        for address in addresses:
            try:
                told = await cast("Any", self.client(address)).execute_command("CLUSTER SLOTS")
            except (RedisError, OSError) as error:
                failure = f"{address[0]}:{address[1]}: {error}"
                continue
            if told:
                await self._learn(told, address)
                return ""
        return f"no node of the cluster answers ({failure})"

    async def _learn(self, told: Iterable[Any], teller: Address) -> None:
        slots: list[Address | None] = [None] * SLOTS
        primaries: dict[Address, None] = {}
        replicas: dict[Address, None] = {}
        for start, end, primary, *others in told:
            address = _address(primary, teller)
            slots[start : end + 1] = [address] * (end + 1 - start)
            primaries[address] = None
            replicas.update(dict.fromkeys(_address(other, teller) for other in others))
        self._slots = slots
        self._primaries, self._replicas = tuple(primaries), tuple(replicas)
        for gone in self._clients.keys() - primaries.keys() - replicas.keys():
            if not cast("PatientPool", self._clients[gone].connection_pool).users:
                await self._clients.pop(gone).aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.aclose()


def _address(node: Sequence[Any], teller: Address) -> Address:
    """A node that does not know its own host is the one that was asked."""
    host, port = node[0], int(node[1])
    return (str(host) if host and host != "?" else teller[0]), port
