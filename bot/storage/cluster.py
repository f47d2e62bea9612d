"""A Redis Cluster behind the interface of one server.

redis-py's own client of a cluster (7.4) runs no script in a pipeline, makes an event loop and a
thread for each command of a transaction, and fails instead of waiting when its connections are all
in use. Here every node has the client and the queue that a server alone would have, and each
command goes to the node that serves its key.
"""

import asyncio
from typing import Any, Final, cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import (
    AskError,
    ClusterCrossSlotError,
    MovedError,
    NoScriptError,
    RedisError,
)

from bot.domain.stores import Address
from bot.storage.routing import ON_ALL, PASSING, Routing, slot_of
from bot.storage.topology import Topology

_AGAIN: Final = (*PASSING, MovedError, AskError, NoScriptError)


class Cluster(Redis):
    """Commands with keys of one slot, scripts, pipelines of any keys, transactions in one slot."""

    def __init__(self, topology: Topology, *, like: Redis) -> None:
        """`like`: a client of any node, for how keys and answers are written. It is not asked."""
        super().__init__(connection_pool=like.connection_pool)
        self.topology = topology
        self.routing = Routing(topology)

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Run one command where its key is."""
        if str(args[0]).upper() in ON_ALL:
            return await self._on_all(*args, **options)

        async def call(node: Redis, *, asking: bool) -> Any:
            if not asking:
                return await cast("Any", node).execute_command(*args, **options)
            async with node.pipeline(transaction=False) as pipe:
                pipe.execute_command("ASKING")
                pipe.execute_command(*args, **options)
                return (await pipe.execute())[1]

        return await self.routing.at(slot_of(args), call)

    async def _on_all(self, *args: Any, **options: Any) -> Any:
        """Run it on all primaries. A script need only be where it is used: one answer will do."""
        primaries, _ = await self.topology.nodes()
        clients: list[Any] = [self.topology.client(node) for node in primaries]
        answers = await asyncio.gather(
            *(client.execute_command(*args, **options) for client in clients),
            return_exceptions=True,
        )
        failed = [answer for answer in answers if isinstance(answer, BaseException)]
        if failed and (args[0] == "PING" or len(failed) == len(answers)):
            raise failed[0]
        return next(answer for answer in answers if not isinstance(answer, BaseException))

    async def nodes(self) -> dict[str, Redis]:
        """A client for each primary and replica, by host and port."""
        primaries, replicas = await self.topology.nodes()
        return {
            f"{host}:{port}": self.topology.client((host, port))
            for host, port in (*primaries, *replicas)
        }

    def pipeline(
        self,
        transaction: bool = True,  # noqa: FBT001, FBT002 - as redis-py has it
        shard_hint: str | None = None,  # noqa: ARG002 - likewise
    ) -> "ClusterPipeline":
        """Commands to send at once. In a transaction all keys are of one slot."""
        return ClusterPipeline(self, transaction=transaction)

    async def aclose(self, close_connection_pool: bool | None = None) -> None:  # noqa: FBT001 - as redis-py has it
        """Close all connections."""
        await self.topology.aclose()
        await super().aclose(close_connection_pool)


class ClusterPipeline(Pipeline):
    """Sends each node its part, all at once, and puts the answers in order."""

    def __init__(self, cluster: Cluster, *, transaction: bool) -> None:
        super().__init__(cluster.connection_pool, cluster.response_callbacks, transaction, None)
        self._cluster = cluster

    async def immediate_execute_command(self, *args: Any, **options: Any) -> Any:
        """WATCH and what follows it."""
        raise NotImplementedError("use a script: it is atomic without WATCH")

    async def execute(self, raise_on_error: bool = True) -> list[Any]:  # noqa: FBT001, FBT002 - as redis-py has it
        """The answers in the order of the commands. Without `raise_on_error` whatever went wrong
        with a command, a node that is away included, stands in the place of its answer."""
        stack = list(self.command_stack)
        if not stack:
            return []
        try:
            answers = await (self._together(stack) if self.is_transaction else self._apart(stack))
        finally:
            await cast("Any", self).reset()
        if raise_on_error:
            self.raise_first_error(stack, answers)
            for answer in answers:
                if isinstance(answer, RedisError):
                    raise answer
        return answers

    async def _together(self, stack: list[Any]) -> list[Any]:
        slots = {slot_of(args) for args, _ in stack}
        if len(slots) > 1:
            raise ClusterCrossSlotError("a transaction is of one slot")

        async def call(node: Redis, *, asking: bool) -> list[Any]:
            async with node.pipeline(transaction=True) as pipe:
                pipe.command_stack, pipe.scripts = list(stack), set(self.scripts)
                if asking:
                    await cast("Any", pipe).immediate_execute_command(
                        "ASKING"
                    )  # goes for all of a MULTI
                return await pipe.execute()

        return await self._cluster.routing.at(slots.pop(), call)

    async def _apart(self, stack: list[Any]) -> list[Any]:
        parts: dict[Address, list[int]] = {}
        for place, (args, _) in enumerate(stack):
            address = await self._cluster.topology.address_of(slot_of(args))
            parts.setdefault(address, []).append(place)
        answers: list[Any] = [None] * len(stack)
        told = await asyncio.gather(
            *(self._part(node, [stack[n] for n in places]) for node, places in parts.items())
        )
        for places, some in zip(parts.values(), told, strict=True):
            for place, answer in zip(places, some, strict=True):
                answers[place] = answer
        away: dict[Address, RedisError] = {}
        for address, places in parts.items():
            for place in places:
                if isinstance(answers[place], _AGAIN):
                    args, options = stack[place]
                    answers[place] = away.get(address) or await self._alone(
                        answers[place], args, options
                    )
                    if isinstance(answers[place], PASSING):  # the others there would wait in vain
                        away[address] = answers[place]
        return answers

    async def _part(self, address: Address, stack: list[Any]) -> list[Any]:
        async with self._cluster.topology.client(address).pipeline(transaction=False) as pipe:
            pipe.command_stack, pipe.scripts = stack, set(self.scripts)
            try:
                return await pipe.execute(raise_on_error=False)
            except _AGAIN as error:
                return [error] * len(stack)

    async def _alone(self, error: Exception, args: Any, options: Any) -> Any:
        """Run one command again, by itself and wherever it now belongs."""
        try:
            for script in self.scripts if isinstance(error, NoScriptError) else ():
                await self._cluster.script_load(script.script)
            return await self._cluster.execute_command(*args, **options)
        except RedisError as failed:
            return failed
