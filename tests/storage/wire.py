"""Between a client and the store: sees each piece that is sent, and breaks when told to."""

import asyncio
from pathlib import Path


class Wire:
    """Passes everything on. `cut`: nothing any more. `lose_replies`: so many, and their
    connections with them."""

    def __init__(self, to: Path, at: Path) -> None:
        self.at = at
        self.pieces: list[bytes] = []
        self.cut = False
        self.lose_replies = 0
        self._to = to
        self._server: asyncio.Server

    async def start(self) -> None:
        self._server = await asyncio.start_unix_server(self._connected, self.at)

    async def close(self) -> None:
        self._server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        their_reader, their_writer = await asyncio.open_unix_connection(self._to)
        try:
            while not self.cut and (piece := await reader.read(1 << 20)) and not self.cut:
                self.pieces.append(piece)
                their_writer.write(piece)
                answer = await their_reader.read(1 << 20)
                if self.lose_replies and b"CLIENT" not in piece:
                    self.lose_replies -= 1
                    return
                writer.write(answer)
        finally:
            their_writer.close()
            writer.close()
