"""A sign of life while the provider takes its time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.domain.errors import MessageError
from bot.domain.ids import short
from bot.domain.invoice import Invoice
from bot.services.ports import Announcer, Pace
from bot.services.supervisor import Supervisor

log = logging.getLogger(__name__)


class Hint:
    """Gives the sign only to those who would otherwise wait in silence."""

    def __init__(self, announcer: Announcer, supervisor: Supervisor, pace: Pace) -> None:
        self._announcer = announcer
        self._supervisor = supervisor
        self._pace = pace

    @asynccontextmanager
    async def given(self, invoice: Invoice) -> AsyncIterator[None]:
        """Give the sign if the body takes longer than `Pace.patience`.

        A sign on its way is waited for: as an edit it must not arrive after the card it precedes.
        """
        giving: list[asyncio.Task[None]] = []

        def begin() -> None:
            name = f"hint {short(invoice.id)}"
            giving.append(self._supervisor.start(self._give(invoice), name))

        patience = self._pace.patience.total_seconds()
        timer = asyncio.get_running_loop().call_later(patience, begin)
        try:
            yield
        finally:
            timer.cancel()
            if giving:
                await asyncio.wait(giving)

    async def _give(self, invoice: Invoice) -> None:
        try:
            await self._announcer.working(invoice)
        except MessageError as error:
            log.info("hint for %s: %s", short(invoice.id), error)
