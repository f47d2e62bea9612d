"""A group that became a supergroup has a new id: its invoices and everything else follow.

Each invoice follows when the reconciler has it in hand. For those that it would not touch for
long, or never again, the mover goes through the lists of the old chat and hands them over, a few at
a time; an invoice leaves the old list only when it is in the new one, so that a move which was cut
off goes on where it was.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from bot.domain.errors import StorageAway
from bot.domain.invoice import Invoice
from bot.domain.moved import Move
from bot.domain.people import Place
from bot.services.ports import Clock, InvoiceRecords, Moves, OpenDrafts
from bot.services.reconciler import Reconciler

log = logging.getLogger(__name__)

PAGE: Final = 16  # invoices in hand at once
LOOK: Final = 15.0  # seconds between two looks for moves that another process left
SETTLED: Final = timedelta(minutes=1)  # what was under way then may have used the old id
AGAIN: Final = 1.0  # seconds until what somebody else had in hand is tried again

Shown = Callable[[Place], Awaitable[None]]


class Mover:
    """`shown` shows the question of a conversation again, in the chat where it is now."""

    def __init__(
        self,
        moves: Moves,
        drafts: OpenDrafts,
        records: InvoiceRecords,
        reconciler: Reconciler,
        shown: Shown,
        clock: Clock,
    ) -> None:
        self._moves = moves
        self._drafts = drafts
        self._records = records
        self._reconciler = reconciler
        self._shown = shown
        self._clock = clock

    async def run(self) -> None:
        """Do what is pending, and wait for more, until cancelled."""
        pause = 0.0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._moves.noted.wait()
            self._moves.noted.clear()
            pause = LOOK
            try:
                for move in await self._moves.pending():
                    if not await self._move(move):
                        pause = AGAIN
            except StorageAway as error:
                log.warning("moves wait for storage: %s", error)
                pause = AGAIN
            except Exception:  # a record that nobody can read: the loop must go on
                log.exception("a move was cut off")

    async def _move(self, move: Move) -> bool:
        """Let everything follow. False where somebody else had something in hand: do it again."""
        old, new = move.old, move.new
        await self._moves.settings(old, new)
        for place in await self._drafts.move(old, new):
            await self._shown(place)
        left = 0
        while ids := await self._moves.ids(old, skip=left, most=PAGE):
            gone = [
                one
                for one, invoice in zip(ids, await self._handed_over(ids), strict=True)
                # An entry without a record leads nowhere.
                if invoice is None or (invoice.chat_id != old and invoice.indexed)
            ]
            await self._moves.leave(old, gone)
            left += len(ids) - len(gone)
        if not left and self._clock() - move.since > SETTLED:
            await self._moves.done(old)
            log.info("everything of group %s is in %s now", old, new)
        return not left

    async def _handed_over(self, ids: Sequence[str]) -> list[Invoice | None]:
        """The invoices after the reconciler had them in hand, if nobody else had."""
        await asyncio.gather(*(self._reconciler.advance(one, look=False) for one in ids))
        return await asyncio.gather(*map(self._records.get, ids))
