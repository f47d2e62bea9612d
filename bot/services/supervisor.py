"""Owns all background work: holds the tasks, logs their failures, waits for them at the end."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Final

from bot.domain.errors import Fatal

log = logging.getLogger(__name__)

CANCEL_AGAIN: Final = 0.5  # seconds


class Supervisor:
    """The only place that makes tasks: one that nobody holds can vanish half done."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run `work` in the background; its failure is logged under `name`, but for `Fatal`."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        # One that ends the bot is told once, by whoever ends it.
        if error is not None and not isinstance(error, Fatal):
            log.error("%s failed", task.get_name(), exc_info=error)

    async def settle(self, patience: float, but: set[asyncio.Task[Any]]) -> None:
        """Wait at most `patience` seconds until nothing runs but the tasks in `but`."""

        async def done() -> None:
            while others := self._others() - but:
                await asyncio.wait(others)

        try:
            await asyncio.wait_for(done(), patience)
        except TimeoutError:
            late = sorted(task.get_name() for task in self._others() - but)
            log.warning("not finished in time: %s", ", ".join(late))

    async def close(self) -> None:
        """Cancel what still runs and wait until it has ended."""
        while others := self._others():
            await end(*others)
            await asyncio.sleep(0)  # one that has just ended leaves in the next turn of the loop

    def _others(self) -> set[asyncio.Task[Any]]:
        return self._tasks - {asyncio.current_task()}


def raise_if_cancelled() -> None:
    """Raise `CancelledError` if the current task was cancelled and goes on all the same, see `end`.

    For work that must not go on: the task's own count of cancellations is never lost.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel and wait. Cancelled again until it works: on Python 3.11 a cancellation that meets a
    library's own time-out in the same turn of the loop can be lost."""
    while running := {task for task in tasks if not task.done()}:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=CANCEL_AGAIN)
