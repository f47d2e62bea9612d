"""Connections to Redis: a burst waits for a free one instead of failing."""

import asyncio
from typing import Any, Final

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection

PLACES: Final = 128  # commands and pipelines on their way at once


class PatientPool(ConnectionPool):
    """A plain pool with a queue before it.

    redis-py's own `BlockingConnectionPool` loses a connection whose user is cancelled while it is
    given back, until none is left.
    """

    def __init__(self, **options: Any) -> None:
        # Connections that are being made ready or given back may outnumber the places for a moment.
        super().__init__(max_connections=2 * PLACES, **options)
        self._places = asyncio.Semaphore(PLACES)
        self._taken: set[AbstractConnection] = set()

    async def get_connection(self, *args: Any, **options: Any) -> AbstractConnection:
        """A connection that is ready, waited for as long as it takes."""
        await self._places.acquire()
        try:
            get: Any = super().get_connection  # untyped there
            connection: AbstractConnection = await get(*args, **options)
        except BaseException:
            self._places.release()
            raise
        self._taken.add(connection)
        return connection

    async def release(self, connection: AbstractConnection) -> None:
        """Give it back; one that could not be made ready never had a place."""
        try:
            await super().release(connection)
        finally:
            if connection in self._taken:
                self._taken.discard(connection)
                self._places.release()
