"""A wire between the bot and Valkey that counts what goes over it, for figures that are exact.

Every client here writes a command, or a pipeline, in one piece and waits for its answer: a piece is
a round trip. What the bot does by itself, however long nobody wants anything (schedule, leases), is
learned first, and pieces of nothing else are not counted.
"""

import asyncio
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_VARYING: Final = re.compile(rb"\d+")
_COMMAND: Final = re.compile(rb"(?=\*\d+\r\n\$\d+\r\n[A-Za-z])")
# Of a connection, not of an invoice: how many are open is up to the pool.
_CONNECTING: Final = re.compile(
    rb"\*\d+\r\n\$\d+\r\n(CLIENT|HELLO|AUTH|SELECT|PING|INFO)\r\n", re.IGNORECASE
)
# Which updates are in hand is noted beside the work, all of some 20 ms at once.
_BESIDE: Final = b"{intake}:begun"
_PIECE: Final = 1 << 20


@dataclass(slots=True)
class Counted:
    """Since `begin`."""

    round_trips: int = 0
    bytes_out: int = 0
    bytes_in: int = 0
    pieces: list[bytes] = field(default_factory=list)


class Wire:
    """Listens on a unix socket and passes everything on to another."""

    def __init__(self, to: Path, at: Path) -> None:
        self._to = to
        self._at = at
        self._idle: set[bytes] = set()
        self._learning = False
        self._counting = False
        self.counted = Counted()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_unix_server(self._connected, self._at)

    async def close(self) -> None:
        """Stop listening; the connections end with those who made them."""
        if self._server is not None:
            self._server.close()

    async def learn(self, seconds: float) -> None:
        """What is sent now is what the bot does by itself."""
        self._learning = True
        await asyncio.sleep(seconds)
        self._learning = False

    def begin(self) -> None:
        """Count from here."""
        self.counted, self._counting = Counted(), True

    def end(self) -> Counted:
        """What was counted."""
        self._counting = False
        return self.counted

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        their_reader, their_writer = await asyncio.open_unix_connection(self._to)
        counts = [False]  # whether the answers that come now are counted
        answers = asyncio.create_task(self._answers(their_reader, writer, counts))
        try:
            while piece := await reader.read(_PIECE):
                counts[0] = self._note(piece)
                their_writer.write(piece)
        finally:
            their_writer.close()
            answers.cancel()

    def _note(self, piece: bytes) -> bool:
        shapes = {_VARYING.sub(b"0", one) for one in _COMMAND.split(piece) if one}
        if self._learning:
            self._idle |= shapes
        wanted = {shape for shape in shapes - self._idle if _BESIDE not in shape}
        if not self._counting or not wanted or _CONNECTING.match(piece):
            return False
        self.counted.round_trips += 1
        self.counted.bytes_out += len(piece)
        self.counted.pieces.append(piece)
        return True

    async def _answers(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counts: list[bool]
    ) -> None:
        try:
            while piece := await reader.read(_PIECE):
                if counts[0]:
                    self.counted.bytes_in += len(piece)
                writer.write(piece)
        finally:
            writer.close()
