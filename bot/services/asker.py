"""Asks the provider about many invoices in few calls.

Whoever wants to know about one waits a moment; what was asked for meanwhile goes in the same call,
up to 100. When the provider fails, everybody waits longer each time: it is asked by as many calls
as there are hundreds of invoices, never by one call an invoice.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.errors import ProviderBusy, ProviderError, ProviderRefused, ProviderUnauthorized
from bot.domain.provider import ProviderInvoice
from bot.services.ports import Clock, Pace, Provider
from bot.services.supervisor import Supervisor

log = logging.getLogger(__name__)

MOST: Final = 100  # uuids in one call, see the provider's API notes
MOST_SPLITS: Final = 24  # of a refused call; more refusals are about all, not about some of them
_LONGEST_DOUBLING: Final = 10

Answer = asyncio.Future[ProviderInvoice | None]


@dataclass(slots=True)
class _Budget:
    left: int


class Asker:
    """`calls` and `asked` count calls and the invoices in them, for tests and metrics."""

    def __init__(
        self, provider: Provider, supervisor: Supervisor, pace: Pace, clock: Clock
    ) -> None:
        self._provider = provider
        self._supervisor = supervisor
        self._pace = pace
        self._clock = clock
        self._waiting: dict[str, Answer] = {}
        self._gathering: asyncio.Task[None] | None = None
        self._failures = 0
        self._rest_until: datetime | None = None
        self.calls = 0
        self.asked = 0

    @property
    def resting_until(self) -> datetime | None:
        """When the provider, which failed, may be asked again; None when it is well."""
        until = self._rest_until
        return until if until is not None and self._clock() < until else None

    async def ask(self, uuid: str, *, urgent: bool = False) -> ProviderInvoice | None:
        """What the provider knows of an invoice, None when it does not know it.

        `urgent`: somebody is waiting, so do not gather others first. Raises `ProviderError`.
        """
        answer = self._waiting.get(uuid)
        if answer is None:
            answer = self._waiting[uuid] = asyncio.get_running_loop().create_future()
            self.asked += 1
        if urgent or len(self._waiting) >= MOST:
            self._flush()
        elif self._gathering is None:
            self._gathering = self._supervisor.start(self._gather(), "gather")
        return await asyncio.shield(answer)

    async def _gather(self) -> None:
        await asyncio.sleep(self._pace.gather.total_seconds())
        self._gathering = None
        self._flush()

    def _flush(self) -> None:
        while self._waiting:
            batch = dict(list(self._waiting.items())[:MOST])
            for uuid in batch:
                del self._waiting[uuid]
            self._supervisor.start(self._tell(batch), "ask the provider")

    async def _tell(self, batch: dict[str, Answer]) -> None:
        """Ends every future of the batch, whatever happens."""
        try:
            told = await self._told(list(batch), _Budget(MOST_SPLITS))
        except ProviderError as error:
            self._failed(error)
            _fail(batch, error)
        except BaseException as error:
            _fail(batch, asyncio.CancelledError() if _is_end(error) else error)
            raise
        else:
            self._failures, self._rest_until = 0, None
            for uuid, answer in batch.items():
                if not answer.done():
                    answer.set_result(told.get(uuid))

    async def _told(self, uuids: Sequence[str], splits: _Budget) -> dict[str, ProviderInvoice]:
        self.calls += 1
        try:
            answer = await self._provider.info(uuids)
        except ProviderUnauthorized:
            raise
        except ProviderRefused as error:
            # Perhaps one of them is not known there and the whole call is refused for it.
            if len(uuids) == 1:
                log.warning("%s: %s", uuids[0], error)
                return {}
            splits.left -= 1
            if not splits.left:
                raise
            half = len(uuids) // 2
            return await self._told(uuids[:half], splits) | await self._told(uuids[half:], splits)
        return {one.uuid: one for one in answer}

    def _failed(self, error: ProviderError) -> None:
        self._failures += 1
        pause = self._pace.retry * 2 ** min(self._failures - 1, _LONGEST_DOUBLING)
        if isinstance(error, ProviderBusy):
            pause = max(pause, timedelta(seconds=error.retry_after))
        self._rest_until = self._clock() + min(pause, self._pace.longest_rest)
        log.warning("provider not asked until %s: %s", self._rest_until, error)


def _is_end(error: BaseException) -> bool:
    return not isinstance(error, Exception)


def _fail(batch: dict[str, Answer], error: BaseException) -> None:
    for answer in batch.values():
        if answer.done():
            continue
        if isinstance(error, asyncio.CancelledError):
            answer.cancel()
        else:
            answer.set_exception(error)
            answer.exception()  # who asked may be gone: then nobody else hears of it
