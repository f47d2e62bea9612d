"""Asks the provider about many invoices in few calls.

Whoever wants to know about one waits a moment; what was asked for meanwhile goes in the same call,
up to 100. When the provider fails, everybody waits longer each time, and then one call tries
whether it is well again: it is asked by as many calls as there are hundreds of invoices, never by
one call an invoice.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.errors import (
    NotSent,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderUnauthorized,
)
from bot.domain.provider import ProviderInvoice
from bot.services.ports import Clock, Pace, Provider
from bot.services.supervisor import Supervisor

log = logging.getLogger(__name__)

MOST: Final = 100  # uuids in one call, see the provider's API notes
MOST_SPLITS: Final = 24  # of a refused call; more refusals are about all, not about some of them
_LONGEST_DOUBLING: Final = 10

Answer = asyncio.Future[ProviderInvoice | None]


class _Call:
    """What one batch has learned so far, also when it fails half-way."""

    def __init__(self) -> None:
        self.told: dict[str, ProviderInvoice | None] = {}
        self.splits_left = MOST_SPLITS


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
        self._pressing = False  # somebody urgent is among those who wait
        self._since = 0.0  # the loop's time when the first of those who wait came
        self._under_way = 0
        self._failures = 0
        self._pause = timedelta(0)
        self._rest_until: datetime | None = None
        self._busy_until: datetime | None = None
        self._failed_at: datetime | None = None
        self.calls = 0
        self.asked = 0

    @property
    def resting_until(self) -> datetime | None:
        """When the provider, which failed, may be asked again; None when it is well.

        While one call tries whether it is, nobody else needs to wait for how that ends.
        """
        now = self._clock()
        trying = now + self._pause if self._failures and self._under_way else None
        moments = [
            at for at in (trying, self._rest_until, self._busy_until) if at is not None and at > now
        ]
        return max(moments, default=None)

    async def ask(self, uuid: str, *, urgent: bool = False) -> ProviderInvoice | None:
        """What the provider knows of an invoice, None when it does not know it.

        `urgent`: somebody is waiting, so gather others only if calls are under way already. Raises
        `ProviderError`, at once when the provider asked for a rest or failed a moment ago.
        """
        now = self._clock()
        if self._busy_until is not None and now < self._busy_until:
            raise ProviderBusy((self._busy_until - now).total_seconds())
        if self._failed_at is not None and now < self._failed_at + self._pace.retry:
            raise NotSent("not asked: it failed a moment ago")
        answer = self._waiting.get(uuid)
        if answer is None:
            loop = asyncio.get_running_loop()
            self._since = self._since if self._waiting else loop.time()
            answer = self._waiting[uuid] = loop.create_future()
            self.asked += 1
        self._pressing |= urgent
        if len(self._waiting) >= MOST or (urgent and not self._under_way):
            self._flush()
        if self._waiting and self._gathering is None:
            self._gathering = self._supervisor.start(self._gather(), "gather")
        return await asyncio.shield(answer)

    async def _gather(self) -> None:
        """Wait while others join, or calls are under way, whose end lets more join; no longer than
        the first of those who still wait can.

        Without this every wave of due invoices would leave calls that are nearly empty.
        """
        loop = asyncio.get_running_loop()
        patience = self._pace.look.total_seconds() / 4
        joined = True
        while (joined or self._under_way) and loop.time() < self._since + patience:
            before = self.asked
            await asyncio.sleep(self._pace.gather.total_seconds())
            joined = self.asked != before
            if self._pressing:
                break
        self._gathering = None
        self._flush()

    def _flush(self) -> None:
        """Send who waits. While the provider is not well, one call at a time tries it."""
        while self._waiting and not (self._failures and self._under_way):
            batch = dict(list(self._waiting.items())[:MOST])
            for uuid in batch:
                del self._waiting[uuid]
            self._under_way += 1
            self._supervisor.start(self._tell(batch), "ask the provider")
        self._pressing &= bool(self._waiting)

    async def _tell(self, batch: dict[str, Answer]) -> None:
        """Ends every future of the batch, whatever happens."""
        call = _Call()
        try:
            await self._find(list(batch), call)
        except ProviderError as error:
            self._failed(error)
            _answer(batch, call)
            _fail(batch, error)
            # Who waits for the same provider need not wait until it fails once more.
            waiting, self._waiting = self._waiting, {}
            _fail(waiting, error)
        except BaseException as error:
            _fail(batch, asyncio.CancelledError() if _is_end(error) else error)
            raise
        else:
            self._failures, self._rest_until, self._failed_at = 0, None, None
            _answer(batch, call)
        finally:
            self._under_way -= 1
            if self._gathering is None:
                self._flush()  # who waited for how this one ends

    async def _find(self, uuids: Sequence[str], call: _Call) -> None:
        self.calls += 1
        try:
            answer = await self._provider.info(uuids)
        except ProviderUnauthorized:
            raise
        except ProviderRefused as error:
            # Perhaps one of them is not known there and the whole call is refused for it.
            if len(uuids) == 1:
                log.warning("%s: %s", uuids[0], error)
                call.told[uuids[0]] = None
                return
            call.splits_left -= 1
            if not call.splits_left:
                raise
            half = len(uuids) // 2
            await self._find(uuids[:half], call)
            await self._find(uuids[half:], call)
            return
        call.told |= dict.fromkeys(uuids) | {one.uuid: one for one in answer}

    def _failed(self, error: ProviderError) -> None:
        now = self._failed_at = self._clock()
        if self._rest_until is None or now >= self._rest_until:
            # Else it is a call of the same moment as the one that failed first.
            self._pause = min(
                self._pace.retry * 2 ** min(self._failures, _LONGEST_DOUBLING),
                self._pace.longest_rest,
            )
            self._failures += 1
            self._rest_until = now + self._pause
        if isinstance(error, ProviderBusy):
            pause = min(timedelta(seconds=error.retry_after), self._pace.longest_rest)
            self._busy_until = max(self._busy_until or now, now + pause)
        log.warning("provider not asked until %s: %s", self.resting_until, error)


def _is_end(error: BaseException) -> bool:
    return not isinstance(error, Exception)


def _answer(batch: dict[str, Answer], call: _Call) -> None:
    for uuid, told in call.told.items():
        answer = batch.get(uuid)
        if answer is not None and not answer.done():
            answer.set_result(told)


def _fail(batch: dict[str, Answer], error: BaseException) -> None:
    for answer in batch.values():
        if answer.done():
            continue
        if isinstance(error, asyncio.CancelledError):
            answer.cancel()
        else:
            answer.set_exception(error)
            answer.exception()  # who asked may be gone: then nobody else hears of it
