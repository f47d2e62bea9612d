"""Connections on which the dear parts of redis-py are done in another way.

Its own packing is Python and takes 33 µs for a script with 25 arguments; hiredis, which reads the
answers, takes 4. It makes a task of each piece that is sent, to bound its time, and cancels a read
to see whether something is left to be read: two turns of the loop more for each round trip.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import hiredis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError


class _Packing:
    """In place of the methods of the same names in redis-py, and `is_quiet`."""

    _reader: StreamReader | None
    _writer: StreamWriter | None
    _parser: Any
    socket_timeout: float | None
    is_connected: bool
    connect_check_health: Callable[..., Awaitable[None]]
    check_health: Callable[[], Awaitable[None]]
    disconnect: Callable[..., Awaitable[None]]

    def pack_command(self, *args: Any) -> list[bytes]:
        """One command, as it goes over the wire."""
        return [_packed(args)]

    def pack_commands(self, commands: Iterable[tuple[Any, ...]]) -> list[bytes]:
        """Many, in one piece."""
        return [b"".join(map(_packed, commands))]

    @property
    def is_quiet(self) -> bool:
        """Whether it stands, and all answers were read: else those of one would be taken for those
        of another. One that the server has closed since the last turn of the loop looks so, too."""
        reader, writer = self._reader, self._writer
        if reader is None or writer is None or writer.is_closing():
            return False
        unread = reader._buffer or self._parser._reader.has_data()  # type: ignore[attr-defined] # noqa: SLF001 - it cannot be asked otherwise
        return not unread and not reader.at_eof() and reader.exception() is None

    async def send_packed_command(
        self,
        command: bytes | Iterable[bytes],
        check_health: bool = True,  # noqa: FBT001, FBT002 - as redis-py has it
    ) -> None:
        """Send it, within the time that the socket has."""
        if not self.is_connected:
            await self.connect_check_health(check_health=False)
        if check_health:
            await self.check_health()
        writer = self._writer
        assert writer is not None  # noqa: S101 - it is connected
        try:
            async with asyncio.timeout(self.socket_timeout):
                writer.writelines([command] if isinstance(command, bytes) else command)
                await writer.drain()
        except TimeoutError:
            await self.disconnect(nowait=True)
            raise RedisTimeoutError("Timeout writing to socket") from None
        except OSError as error:
            await self.disconnect(nowait=True)
            raise RedisConnectionError(f"Error while writing to socket: {error}") from error
        except BaseException:
            await self.disconnect(nowait=True)  # half of it may have gone out
            raise


def _packed(args: tuple[Any, ...]) -> bytes:
    name = args[0]
    if isinstance(name, str) and " " in name:  # as redis-py writes CONFIG GET
        args = (*name.split(), *args[1:])
    packed: bytes = hiredis.pack_command(args)
    return packed


def packing(kind: type[AbstractConnection]) -> type[AbstractConnection]:
    """The same kind of connection, which takes less."""
    return type(f"Packing{kind.__name__}", (_Packing, kind), {})
