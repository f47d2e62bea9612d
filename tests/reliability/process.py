"""A world whose bot is a process of its own, to be killed at any moment."""

import asyncio
import multiprocessing
from dataclasses import replace
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from bot.sandbox.cryptocloud import Invoice, Status
from bot.sandbox.telegram import Message, Person
from bot.services.ports import Pace
from tests.reliability.bot_process import main
from tests.reliability.halts import Halt
from tests.reliability.waiting import until
from tests.world import QUICK, World

# Leases in proportion to the rest of the quick pace: held for 1 s instead of 4.
LEASE = timedelta(seconds=1)
SWIFT = replace(QUICK, renew=timedelta(seconds=0.25), lease_lost=timedelta(seconds=0.75))

# With the leases of real life, for tests under load: a busy machine loses short ones.
STEADY = (QUICK, timedelta(seconds=4))

# A process that has imported everything forks the bots: a start costs 0.2 s instead of 3 s.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.reliability.preloaded"])


class BotProcess:
    """One life of the bot."""

    def __init__(self, world: "ProcessWorld", log: Path, halt: Halt | None) -> None:
        self._orders, theirs = _FORKS.Pipe()
        self.process: BaseProcess = _FORKS.Process(
            target=main,
            args=(world.settings, *world.times, log, theirs, halt),
            daemon=True,
        )
        self.process.start()
        theirs.close()

    async def die_at(self, halt: Halt | None) -> None:
        """Let it end itself (or another) with SIGKILL there; with None, nowhere any more.

        Raises EOFError when it is dead already.
        """
        self._orders.send(halt)
        assert await asyncio.to_thread(self._orders.recv) == "obeyed"

    async def gone(self, seconds: float) -> bool:
        """Wait at most that long until it is dead."""
        await asyncio.to_thread(self.process.join, seconds)
        return self.process.exitcode is not None

    async def ended(self) -> int | None:
        """Wait until it is gone; its exit code, negative for a signal."""
        assert await self.gone(15), "the bot did not end"
        code = self.process.exitcode
        self._orders.close()
        self.process.close()
        return code

    async def kill(self) -> None:
        """SIGKILL, now."""
        self.process.kill()
        assert await self.ended() == -9

    async def stop(self) -> int | None:
        """SIGTERM, as `docker stop` does; the exit code."""
        self.process.terminate()
        return await self.ended()


class ProcessWorld(World):
    """As `World`, but what is started and stopped is a process. `options` are those of `World`."""

    def __init__(self, redis_url: str, folder: Path, **options: Any) -> None:
        super().__init__(redis_url, **options)
        self.log = folder / "bot.log"
        self.times: tuple[Pace, timedelta] = (SWIFT, LEASE)
        self.life: BotProcess | None = None

    async def start_bot(self) -> None:
        """Start the process and wait until it polls, or has seen to its webhook."""
        asks = "getWebhookInfo" if self.settings.webhook else "getUpdates"
        calls, before = self.telegram.calls, len(self.telegram.calls)
        self.start_dying()
        await until(lambda: any(call.method == asks for call in calls[before:]), 15)
        await until(lambda: not self.settings.webhook or bool(self.telegram.world.webhook.url))

    def start_dying(self, halt: Halt | None = None) -> None:
        """Start the process, which ends itself at `halt`."""
        self.life = BotProcess(self, self.log, halt)

    async def stop_bot(self) -> None:
        """End it in order."""
        if self.life is not None:
            life, self.life = self.life, None
            assert await life.stop() == 0

    async def kill(self) -> None:
        """SIGKILL."""
        assert self.life is not None
        life, self.life = self.life, None
        await life.kill()

    async def die_at(self, call: str, *, after: bool = False, nth: int = 1) -> None:
        """Let the process end itself before or after a call."""
        assert self.life is not None
        await self.life.die_at(Halt(call, after=after, nth=nth))

    async def died(self) -> None:
        """Wait for the end that `die_at` ordered."""
        assert self.life is not None
        life, self.life = self.life, None
        assert await life.ended() == -9

    @property
    def living(self) -> list[Invoice]:
        """The invoices at the provider that somebody could pay."""
        return [one for one in self.cloud.invoices if one.status is Status.CREATED]

    async def card(self, person: Person, *, timeout: float = 10) -> Message:
        """The card, awaited as long as a person is promised after a restart."""
        (invoice,) = await self._one_invoice(timeout)
        return await person.read(
            lambda message: any(
                button.kind == "url" and button.value.endswith(f"/pay/{invoice.id}")
                for row in message.buttons
                for button in row
            ),
            timeout=timeout,
        )

    async def _one_invoice(self, timeout: float) -> list[Invoice]:
        await until(lambda: bool(self.living), timeout)
        return self.living
