"""Lossless long polling: the next batch is asked for, which confirms this one, only when this one
is finished. aiogram's own loop confirms before its handlers end.

An update that is still being handled after `PATIENCE` is parked: its raw JSON goes to Redis, it
runs on and counts as finished. Parked updates are handled first after a restart.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import Update

from bot.domain.errors import StorageAway, TokenRefused
from bot.services.health import Pulse
from bot.telegram.dispute import Dispute
from bot.telegram.jobs import BREATH, Jobs
from bot.telegram.relevance import concerns
from bot.telegram.turn import Turn, read_update

log = logging.getLogger(__name__)

BATCH: Final = 100
LONG_POLL: Final = 25  # seconds
PATIENCE: Final = 0.5  # seconds a batch may take before its stragglers are parked
SAME_OFFSET: Final = 0.55  # seconds between two asks with one offset: sooner gives one update only
CLOSING: Final = 2.0  # seconds for the last words to Telegram and to the store


class Intake:
    """The one who asks Telegram for updates. Another process of the same store waits its turn."""

    def __init__(
        self,
        bot: Bot,
        jobs: Jobs,
        turn: Turn,
        *,
        username: str,
        update_types: Sequence[str],
        pulse: Pulse,
        dropped: Callable[[Update], None],
    ) -> None:
        """`pulse` tells that it moves; `dropped` is told of each update that is not for the bot."""
        self._bot = bot
        self._jobs = jobs
        self._turn = turn
        self._username = username
        self._update_types = list(update_types)
        self._pulse = pulse
        self._dropped = dropped
        self._offset = 0
        self._upto = 0  # beyond the last one received
        self._asked_at = 0.0
        self._asked: int | None = None
        self._dispute = Dispute(bot)

    @property
    def renewals(self) -> set[asyncio.Task[None]]:
        """What goes on until `close`."""
        return self._turn.renewals

    async def run(self) -> None:
        """Poll until cancelled; the updates in hand are then finished by whoever waits for them.

        Raises `Fatal` when the token is not accepted any more, or somebody else keeps polling.
        """
        self._turn.keep()
        while True:
            self._pulse.beat()
            if self._turn.held:
                await self._batch()
            else:
                await self._turn.take(self._pulse.beat)
                self._dispute.over()

    async def close(self) -> None:
        """Park what is not handled yet, confirm the rest, so that it is not delivered again, and
        only then let another one poll, who would else handle the same beside us."""
        try:
            async with asyncio.timeout(CLOSING):
                await self._park_late()
                offset = self._confirmable(self._upto)
                with suppress(ClientDecodeError):  # carries the next update: another one's business
                    if offset:
                        await self._bot.get_updates(offset=offset, limit=1, timeout=0)
                await self._turn.let_go()
        except (TelegramAPIError, StorageAway, TimeoutError) as error:
            log.info("polling not closed properly: %s", str(error) or type(error).__name__)
        await self._turn.lapse()
        self._jobs.close()

    async def _batch(self) -> None:
        try:
            updates = await self._ask()
        except TelegramUnauthorizedError:
            raise TokenRefused from None
        except TelegramConflictError as error:
            await self._dispute.face(error)
            return
        except TelegramRetryAfter as error:
            self._pulse.beat(rest=error.retry_after)
            await asyncio.sleep(error.retry_after)
            return
        except (TelegramNetworkError, TelegramServerError) as error:
            self._dispute.over()
            log.warning("updates not received: %s", error)
            await asyncio.sleep(1)
            return
        except ClientDecodeError as error:
            updates = self._readable(error)
            if not updates:
                await asyncio.sleep(1)
        for update in updates:
            if concerns(update, self._bot.id, self._username):
                self._jobs.start(update)
            else:
                self._dropped(update)
        if updates:
            self._upto = updates[-1].update_id + 1
            await self._settle()
            self._offset = self._confirmable(self._upto)
            self._jobs.forget(self._offset)
            await asyncio.sleep(BREATH)  # meanwhile updates gather, too

    def _readable(self, error: ClientDecodeError) -> list[Update]:
        """One update that cannot be read must not keep the others from being handled for ever."""
        raw = error.data.get("result") if isinstance(error.data, dict) else None
        updates: list[Update] = []
        for one in raw if isinstance(raw, list) else ():
            number = one.get("update_id") if isinstance(one, dict) else None
            update = read_update(number, one, self._bot)
            if update is not None:
                updates.append(update)
            elif isinstance(number, int):
                updates.append(Update(update_id=number))  # passed over, and confirmed
        if not updates:
            log.warning("updates not received: %s", error.message)
        return updates

    async def _ask(self) -> list[Update]:
        """Never twice within half a second with an offset that did not move."""
        loop = asyncio.get_running_loop()
        if self._asked == self._offset:
            await asyncio.sleep(max(0.0, self._asked_at + SAME_OFFSET - loop.time()))
        self._asked, self._asked_at = self._offset, loop.time()
        updates = await self._bot.get_updates(
            offset=self._offset or None,
            limit=BATCH,
            timeout=LONG_POLL,
            allowed_updates=self._update_types,
            request_timeout=LONG_POLL + 10,
        )
        self._dispute.over()
        return updates

    async def _settle(self) -> None:
        """Wait for the batch, then park what is not finished, so that nobody waits for it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                for job in self._jobs.unfinished():
                    await job.done.wait()
        await self._park_late()

    async def _park_late(self) -> None:
        try:
            if late := self._jobs.unfinished():
                await self._jobs.park(late)
        except StorageAway as error:
            log.warning("not parked, so Telegram keeps them: %s", error)

    def _confirmable(self, upto: int) -> int:
        """Everything below is finished or parked."""
        return min([upto, *(job.update.update_id for job in self._jobs.unfinished())])
