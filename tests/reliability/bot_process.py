"""What runs in the bot's own process: the real bot, and the one way to end it at an exact point.

A point that can be seen from outside (a call that the provider or Telegram holds) needs nothing of
this. A point between two lines of the bot does: the process then ends itself with SIGKILL, which is
the same to everybody else.
"""

import asyncio
import functools
import itertools
import logging
import os
import pkgutil
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.__main__ import _until_signalled
from bot.app import build
from bot.logs import setup_logging
from bot.services.ports import Pace
from bot.settings import Settings
from bot.storage import invoices
from bot.telegram import turn


@dataclass(frozen=True, slots=True)
class Halt:
    """End the process before or after the `nth` call of a method, as "module:Class.method"."""

    call: str
    after: bool = False
    nth: int = 1


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
        _arm(halt)
    with (
        patch.object(invoices, "LEASE", lease),
        patch.object(turn, "LEASE", lease.total_seconds()),
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
    _arm(orders.recv())
    orders.send("armed")


def _arm(halt: Halt) -> None:
    where, _, method = halt.call.rpartition(".")
    owner = pkgutil.resolve_name(where)
    patch.object(owner, method, _halting(getattr(owner, method), halt)).start()


def _halting(original: Callable[..., Awaitable[Any]], halt: Halt) -> Callable[..., Awaitable[Any]]:
    calls = itertools.count(1)

    @functools.wraps(original)
    async def halting(*args: Any, **kwargs: Any) -> Any:
        here = next(calls) == halt.nth
        if here and not halt.after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = await original(*args, **kwargs)
        if here:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return halting
