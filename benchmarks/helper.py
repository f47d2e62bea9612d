"""What every helper process does: say where it listens, and end with whoever started it."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable

import uvloop


def main(start: Callable[[], Awaitable[dict[str, int]]]) -> None:
    """Run until standard input ends; what `start` returns is the first line of the output."""

    async def run() -> None:
        told = await start()
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        over = asyncio.Event()

        def heard() -> None:
            if not os.read(0, 1):
                over.set()

        asyncio.get_running_loop().add_reader(0, heard)
        await over.wait()

    uvloop.run(run())
