"""QR codes of pay links. Drawn in a thread: a picture must not hold up anybody's chat."""

import asyncio
import io
from typing import Final

SCALE: Final = 12  # pixels a module: some 500 across, which a phone shows sharply
BORDER: Final = 4  # modules of quiet around it, as the standard wants


async def png(content: str) -> bytes:
    """A PNG of `content`. It carries the link alone: an amount in it might be short."""
    return await asyncio.to_thread(_draw, content)


def _draw(content: str) -> bytes:
    import segno  # not before somebody asks for one

    buffer = io.BytesIO()
    segno.make(content, error="m", micro=False).save(buffer, "png", scale=SCALE, border=BORDER)
    return buffer.getvalue()
