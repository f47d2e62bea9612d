"""Connections to Redis: a burst waits for a free one instead of failing."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Any, Final, cast

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection, Connection
from redis.asyncio.sentinel import SentinelConnectionPool

from bot.storage.packing import packing

PLACES: Final = 128  # commands and pipelines on their way to one server at once


class PatientPool(ConnectionPool):
    """A plain pool with a queue before it.

    redis-py's own `BlockingConnectionPool` loses a connection whose user is cancelled while it is
    given back, until none is left.
    """

    def __init__(self, *, answered: Callable[[float], None] | None = None, **options: Any) -> None:
        """`answered` is told for how many seconds a connection was in use: for one command or one
        pipeline, repetitions included."""
        # Connections that are being made ready or given back may outnumber the places for a moment.
        options["connection_class"] = packing(options.get("connection_class", Connection))
        super().__init__(max_connections=2 * PLACES, **options)
        self._places = asyncio.Semaphore(PLACES)
        self._taken: dict[AbstractConnection, float] = {}
        self._answered = answered
        self.users = 0
        """Commands and pipelines that have a connection or wait for one."""

    async def get_connection(self, *_: Any, **__: Any) -> AbstractConnection:
        """A connection that is ready, waited for as long as it takes."""
        self.users += 1
        try:
            await self._places.acquire()
        except BaseException:
            self.users -= 1
            raise
        # Not by `super()`, which tells redis-py's own metrics of it: nobody reads them here.
        connection: AbstractConnection | None = None
        try:
            connection = cast("Any", self).get_available_connection()  # untyped there
            await self.ensure_connection(connection)
        except BaseException:
            self._leave()
            if connection is not None:
                await self.release(connection)
            raise
        self._taken[connection] = perf_counter()
        return connection

    async def ensure_connection(self, connection: AbstractConnection) -> None:
        """Make it ready to be written to, which it nearly always is."""
        if not getattr(connection, "is_quiet", False):
            await super().ensure_connection(connection)

    async def release(self, connection: AbstractConnection) -> None:
        """Give it back; one that could not be made ready never had a place."""
        try:
            await super().release(connection)
        finally:
            taken = self._taken.pop(connection, None)
            if taken is not None:
                self._leave()
                if self._answered is not None:
                    self._answered(perf_counter() - taken)

    def _leave(self) -> None:
        self._places.release()
        self.users -= 1


class PatientSentinelPool(PatientPool, SentinelConnectionPool):
    """The same to whichever server the sentinels call the primary, asked with each connection."""

    async def disconnect(self, inuse_connections: bool = True) -> None:  # noqa: FBT001, FBT002 - as redis-py has it
        """From the server; where that is the end, from the sentinels too."""
        await super().disconnect(inuse_connections)
        if inuse_connections:
            for sentinel in self.sentinel_manager.sentinels:
                await sentinel.aclose()
