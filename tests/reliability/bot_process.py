"""What runs in the bot's own process: the real bot, and the one way to end it at an exact point.

A point that can be seen from outside (a call that the provider or Telegram holds) needs nothing of
this. A point between two lines of the bot does: the process then ends itself with SIGKILL, which is
the same to everybody else.
"""

import asyncio
import logging
import os
from datetime import timedelta
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from unittest.mock import patch

from limits import RateLimitItemPerMinute

from bot.__main__ import _until_signalled
from bot.app import build
from bot.logs import setup_logging
from bot.services.ports import Pace
from bot.settings import Settings
from bot.storage import invoices, limits, turns
from bot.telegram import turn
from tests.reliability.halts import Halt, arm, disarm


def main(
    settings: Settings,
    pace: Pace,
    lease: timedelta,
    log: Path,
    orders: Connection,
    halt: Halt | None,
) -> None:
    """Run the bot until it is told to end: by a signal, by `halt`, or by one over `orders`."""
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    setup_logging(settings.log_level, settings.log_format, settings.secrets())
    logging.getLogger(__name__).info("process %s", os.getpid())
    if halt is not None:
        arm(halt)
    with (
        patch.object(invoices, "LEASE", lease),
        patch.object(turns, "LEASE", lease),
        patch.object(turn, "LEASE", lease.total_seconds()),
        # Who writes here does so faster than any hand, for minutes.
        patch.dict(limits.RATES, create=RateLimitItemPerMinute(100_000)),
    ):
        _until_signalled(_run(settings, pace, orders))


async def _run(settings: Settings, pace: Pace, orders: Connection) -> None:
    loop = asyncio.get_running_loop()
    tests = parent_process()
    assert tests is not None
    loop.add_reader(tests.sentinel, os._exit, 1)  # nobody is left to talk to
    loop.add_reader(orders.fileno(), _obey, orders)
    async with build(settings, pace=pace) as app:
        await app.run()


def _obey(orders: Connection) -> None:
    halt: Halt | None = orders.recv()
    if halt is None:
        disarm()
    else:
        arm(halt)
    orders.send("obeyed")
