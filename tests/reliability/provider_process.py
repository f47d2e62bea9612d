"""The local CryptoCloud in a process of its own, so that its work is not counted as the bot's."""

import asyncio
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from typing import Any

from bot.sandbox.cryptocloud import Fault, Invoice, LocalCryptoCloud, Path
from tests.reliability.stock import put

_FORKS = multiprocessing.get_context("forkserver")


class FarCryptoCloud:
    """What a test asks of the one in the other process."""

    def __init__(self, orders: Connection) -> None:
        self._orders = orders
        self.url: str = orders.recv()
        self.invoices: list[Invoice] = orders.recv()

    def looks(self) -> list[tuple[datetime, list[str]]]:
        """When which invoices were asked about, call by call."""
        self._orders.send(None)
        told: list[tuple[datetime, list[str]]] = self._orders.recv()
        return told


@contextmanager
def far_cryptocloud(ages: list[timedelta], takes: float) -> Iterator[FarCryptoCloud]:
    """One with open invoices of these `ages`, which takes that many seconds to answer."""
    ours, theirs = _FORKS.Pipe()
    process = _FORKS.Process(target=_main, args=(theirs, ages, takes), daemon=True)
    process.start()
    theirs.close()
    try:
        yield FarCryptoCloud(ours)
    finally:
        process.kill()
        process.join()
        ours.close()


def _main(orders: Connection, ages: list[timedelta], takes: float) -> None:
    asyncio.run(_serve(orders, ages, takes))


async def _serve(orders: Connection, ages: list[timedelta], takes: float) -> None:
    loop = asyncio.get_running_loop()
    tests = parent_process()
    assert tests is not None
    loop.add_reader(tests.sentinel, os._exit, 1)  # nobody is left to answer
    cloud = LocalCryptoCloud()
    made = put(cloud, ages)
    cloud.faults.every(Path.INFO, 1, Fault.slow(takes))
    await cloud.start()
    orders.send(cloud.url)
    orders.send(made)

    def tell() -> None:
        orders.recv()
        orders.send([(call.at, _uuids(call.body)) for call in cloud.called(Path.INFO)])

    loop.add_reader(orders.fileno(), tell)
    await asyncio.Event().wait()


def _uuids(body: Any) -> list[str]:
    return list(body["uuids"])
