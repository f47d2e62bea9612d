"""Lossless long polling: the next batch is asked for, which confirms this one, only when this one
is finished. aiogram's own loop confirms before its handlers end.

An update that is still being handled after `PATIENCE` is parked: its raw JSON goes to Redis, it
runs on and counts as finished. Parked updates are handled first after a restart.
"""

import asyncio
import logging
from collections.abc import Sequence
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
from pydantic import ValidationError

from bot.domain.errors import StorageAway
from bot.services.supervisor import Supervisor, end, raise_if_cancelled
from bot.telegram.jobs import Jobs
from bot.telegram.ports import Parking
from bot.telegram.relevance import concerns

log = logging.getLogger(__name__)

BATCH: Final = 100
LONG_POLL: Final = 25  # seconds
PATIENCE: Final = 0.5  # seconds a batch may take before its stragglers are parked
SAME_OFFSET: Final = 0.55  # seconds between two asks with one offset: sooner gives one update only
LEASE: Final = 4.0  # seconds


class Intake:
    """The one who asks Telegram for updates. Another process of the same store waits its turn."""

    def __init__(
        self,
        bot: Bot,
        jobs: Jobs,
        parking: Parking,
        supervisor: Supervisor,
        *,
        owner: str,
        username: str,
        update_types: Sequence[str],
    ) -> None:
        self._bot = bot
        self._jobs = jobs
        self._parking = parking
        self._supervisor = supervisor
        self._owner = owner
        self._username = username
        self._update_types = list(update_types)
        self._offset = 0
        self._upto = 0  # beyond the last one received
        self._asked_at = 0.0
        self._asked: int | None = None
        self._turn = False

    async def run(self) -> None:
        """Poll until cancelled; the updates in hand are then finished by whoever waits for them.

        Raises `TelegramUnauthorizedError` when the token is not accepted (any more).
        """
        renewal = self._supervisor.start(self._keep_turn(), "poller lease")
        try:
            while True:
                if self._turn:
                    await self._batch()
                    continue
                await self._take_turn()
                await self._feed_parked()
        finally:
            await end(renewal)

    async def close(self) -> None:
        """Confirm what was handled, so that it is not delivered again, and let another one poll."""
        try:
            offset = self._confirmable(self._upto)
            if offset:
                await self._bot.get_updates(offset=offset, limit=1, timeout=0, request_timeout=3)
            await self._parking.let_go_poller(self._owner)
        except ClientDecodeError:
            pass  # the answer carries the next update, which is nobody's business any more
        except (TelegramAPIError, StorageAway) as error:
            log.info("polling not closed properly: %s", error)

    async def _batch(self) -> None:
        try:
            updates = await self._ask()
        except TelegramUnauthorizedError:
            raise
        except TelegramConflictError as error:
            await self._resolve(error)
            return
        except TelegramRetryAfter as error:
            await asyncio.sleep(error.retry_after)
            return
        except (TelegramNetworkError, TelegramServerError) as error:
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
        if updates:
            self._upto = updates[-1].update_id + 1
            await self._settle()
            self._offset = self._confirmable(self._upto)
            self._jobs.forget(self._offset)

    def _readable(self, error: ClientDecodeError) -> list[Update]:
        """One update that cannot be read must not keep the others from being handled for ever."""
        raw = error.data.get("result") if isinstance(error.data, dict) else None
        updates: list[Update] = []
        for one in raw if isinstance(raw, list) else ():
            try:
                updates.append(Update.model_validate(one, context={"bot": self._bot}))
            except ValidationError as problem:
                number = one.get("update_id") if isinstance(one, dict) else None
                log.error("update %s cannot be read: %s", number, problem.errors()[0]["loc"])
                if isinstance(number, int):
                    updates.append(Update(update_id=number))  # passed over, and confirmed
        if not updates:
            log.warning("updates not received: %s", error.message)
        return updates

    async def _resolve(self, error: TelegramConflictError) -> None:
        """A webhook left by another set-up is removed, its updates kept; a rival is waited for."""
        if "webhook" in error.message:
            log.warning("a webhook was set, removing it: this bot polls")
            with suppress(TelegramAPIError):
                await self._bot.delete_webhook(drop_pending_updates=False)
            return
        log.error("another process polls with this token: %s", error.message)
        await asyncio.sleep(3)

    async def _ask(self) -> list[Update]:
        """Never twice within half a second with an offset that did not move."""
        loop = asyncio.get_running_loop()
        if self._asked == self._offset:
            await asyncio.sleep(max(0.0, self._asked_at + SAME_OFFSET - loop.time()))
        self._asked, self._asked_at = self._offset, loop.time()
        return await self._bot.get_updates(
            offset=self._offset or None,
            limit=BATCH,
            timeout=LONG_POLL,
            allowed_updates=self._update_types,
            request_timeout=LONG_POLL + 10,
        )

    async def _settle(self) -> None:
        """Wait for the batch, then park what is not finished, so that nobody waits for it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                for job in self._jobs.unfinished():
                    await job.done.wait()
        try:
            if late := self._jobs.unfinished():
                await self._jobs.park(late)
        except StorageAway as error:
            log.warning("not parked, so Telegram keeps them: %s", error)

    def _confirmable(self, upto: int) -> int:
        """Everything below is finished or parked."""
        return min([upto, *(job.update.update_id for job in self._jobs.unfinished())])

    async def _feed_parked(self) -> None:
        """Whoever polled before may have died over these."""
        try:
            parked = await self._parking.parked()
        except StorageAway as error:
            log.warning("parked updates not read: %s", error)
            self._turn = False  # taken again, they are read again
            return
        for number, raw in parked.items():
            try:
                update = Update.model_validate_json(raw, context={"bot": self._bot})
            except ValidationError as problem:  # of a former version: it must not stop the start
                log.error("parked update %s cannot be read: %s", number, problem.errors()[0]["loc"])
                continue
            log.info("update %s was parked, handling it again", number)
            self._jobs.start(update, parked=True)

    async def _take_turn(self) -> None:
        waited = False
        while not await self._hold():
            if not waited:
                log.info("another process polls; waiting for its turn to end")
                waited = True
            await asyncio.sleep(LEASE / 8)

    async def _keep_turn(self) -> None:
        while True:
            await asyncio.sleep(LEASE / 4)
            raise_if_cancelled()
            if self._turn:  # else it is taken where parked updates are looked for
                await self._hold()

    async def _hold(self) -> bool:
        """Take or renew the turn. While storage is away it stays as it was."""
        try:
            self._turn = await self._parking.hold_poller(self._owner, LEASE)
        except StorageAway as error:
            log.warning("poller lease not renewed: %s", error)
        return self._turn
