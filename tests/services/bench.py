"""An asker on a bench: a provider that does as it is told, and a clock that is set by hand."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.errors import ProviderRefused
from bot.domain.provider import NewInvoice, ProviderInvoice, Walk
from bot.services.asker import Asker
from bot.services.ports import Pace
from bot.services.supervisor import Supervisor
from tests.reliability.waiting import until

Start = Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]]

PACE = Pace(
    look=timedelta(seconds=4),
    gather=timedelta(seconds=0.05),
    retry=timedelta(seconds=5),
    longest_rest=timedelta(minutes=5),
)


class Desk:
    """A provider that knows every uuid but those that are told, and answers when it is let."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.unknown: set[str] = set()
        self.refused: set[str] = set()
        self.error: BaseException | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def info(self, uuids: Sequence[str]) -> list[ProviderInvoice]:
        self.calls.append(list(uuids))
        assert len(uuids) <= 100
        error = self.error
        await self.open.wait()
        if error is not None:
            raise error
        if self.refused & set(uuids):
            raise ProviderRefused({"uuids": "Not found."})
        return [
            ProviderInvoice(uuid=uuid, status="created", link="")
            for uuid in uuids
            if uuid not in self.unknown
        ]

    async def create(self, new: NewInvoice) -> ProviderInvoice:
        raise NotImplementedError

    async def walk(self, start: date, end: date) -> Walk:
        raise NotImplementedError

    async def cancel(self, uuid: str) -> None:
        raise NotImplementedError


class Watch:
    """A clock that is set by hand; waiting goes by the loop's."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Bench:
    """An asker, its provider and its clock."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.desk = Desk()
        self.watch = Watch()
        self.asker = Asker(self.desk, supervisor, PACE, self.watch)

    @property
    def calls(self) -> list[list[str]]:
        return self.desk.calls

    async def ask(self, *numbers: int, urgent: bool = False) -> list[Any]:
        """All at once; errors are answers, too."""
        return await asyncio.gather(
            *(self.asker.ask(name(n), urgent=urgent) for n in numbers), return_exceptions=True
        )

    @property
    def rests(self) -> float:
        """How many seconds the provider is left alone from now."""
        until = self.asker.resting_until
        return 0 if until is None else (until - self.watch()).total_seconds()


def name(number: int) -> str:
    return f"INV-{number:08}"


async def settled(calls: int, bench: Bench) -> None:
    """Wait until that many calls were made."""
    await until(lambda: len(bench.calls) >= calls, 2)
