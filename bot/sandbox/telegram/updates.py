"""The queue of updates, as Telegram keeps it: behind getUpdates, or on their way to a webhook."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final, Literal

from bot.sandbox.telegram.changes import Changes
from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.parameters import NOT_BY_DEFAULT, UPDATE_TYPES

Json = dict[str, Any]

AT_ONCE: Final = 100
HASTE: Final = 0.5  # seconds within which an unmoved offset gets one update only
AHEAD: Final = 10  # an offset further than this past the end is taken for another queue's
OTHER_POLL: Final = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
LIVES: Final = 24 * 3600  # seconds that an update waits for the bot
_SHORT_LIVES: Final = {"inline_query": 30, "callback_query": 150, "chosen_inline_result": 600}

_Woken = Literal["update", "other", "webhook", "closed"]
_ENDED: Final = {"other": OTHER_POLL, "webhook": "Conflict: terminated by setWebhook request"}


class UpdateQueue:
    """Unconfirmed updates in order; only the 100 oldest can be seen without confirming."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._monotonic = monotonic
        self._clock = clock
        self._pending: OrderedDict[int, Json] = OrderedDict()
        self._given: dict[int, Json] = {}
        self._again: dict[int, int] = {}
        self._expiry: dict[int, float] = {}
        self._next_expiry = float("inf")
        self._last_id = 700_000_000
        self._waiter: asyncio.Future[_Woken] | None = None
        self._last_poll: tuple[int, float] | None = None
        self._closed = False
        self._to_webhook = False
        self.arrivals = Changes()
        self.allowed: frozenset[str] = frozenset(UPDATE_TYPES) - NOT_BY_DEFAULT

    def __len__(self) -> int:
        self._drop_expired()
        return len(self._pending)

    def push(self, update: Json) -> int | None:
        """Queue `update` and return its id; None when the bot did not ask for this type.

        An update that brings its own `update_id` keeps it.
        """
        kind = next((name for name in update if name != "update_id"), "")
        if kind in UPDATE_TYPES and kind not in self.allowed:
            return None
        update_id = int(update.get("update_id", self._last_id + 1))
        self._last_id = max(self._last_id, update_id)
        full = {"update_id": update_id, **update}
        self._pending[update_id] = self._given[update_id] = full
        expiry = self._clock() + _SHORT_LIVES.get(kind, LIVES)
        self._expiry[update_id] = expiry
        self._next_expiry = min(self._next_expiry, expiry)
        self._wake("update")
        return update_id

    def redeliver(self, update_id: int, times: int) -> None:
        """Hand the update out again after it was confirmed, `times` times.

        A poller gets it once in each of that many answers. Raises KeyError for an update that
        never was.
        """
        update = self._given[update_id]
        if self._to_webhook and update_id not in self._pending:
            self._pending[update_id] = update
            self._pending.move_to_end(update_id, last=False)
            times -= 1
        if times:
            self._again[update_id] = self._again.get(update_id, 0) + times
        self._wake("update")

    def allow(self, types: Iterable[str]) -> None:
        """Take effect for updates to come; an empty list brings the default back."""
        chosen = frozenset(types)
        self.allowed = chosen or frozenset(UPDATE_TYPES) - NOT_BY_DEFAULT

    def drop(self) -> None:
        """Forget everything pending."""
        self._pending.clear()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """One getUpdates: confirm by `offset`, answer at once or wait up to `timeout` seconds.

        A poll that is waiting meanwhile ends with ApiError 409.
        """
        self._wake("other")
        limit = self._allowance(offset, limit)
        self._confirm_below(offset)
        batch = self._batch(limit)
        if batch or timeout <= 0 or self._closed:
            return batch
        woken = await self._wait(timeout)
        if woken in _ENDED:
            raise ApiError(409, _ENDED[woken])
        return self._batch(limit)

    def oldest(self, number: int) -> list[Json]:
        """The oldest pending updates, for a webhook."""
        self._drop_expired()
        return list(islice(self._pending.values(), number))

    def lives_until(self, update_id: int) -> float:
        """When Telegram gives the update up, in seconds since the epoch."""
        return self._expiry[update_id]

    def confirm(self, update_id: int) -> None:
        """The webhook took this update, or it was given up."""
        if not self._again.get(update_id):
            self._pending.pop(update_id, None)
        elif self._again[update_id] > 1:
            self._again[update_id] -= 1
        else:
            del self._again[update_id]

    def goes_to_webhook(self) -> None:
        """End a waiting poll because updates now go to a webhook."""
        self._to_webhook = True
        self._wake("webhook")

    def goes_to_poller(self) -> None:
        """There is no webhook any more."""
        self._to_webhook = False

    def close(self) -> None:
        """Answer whoever waits, and let nobody wait any more."""
        self._closed = True
        self._wake("closed")

    async def _wait(self, timeout: float) -> _Woken:
        waiter: asyncio.Future[_Woken] = asyncio.get_running_loop().create_future()
        self._waiter = waiter
        try:
            async with asyncio.timeout(timeout):
                return await waiter
        except TimeoutError:
            return "update"
        finally:
            if self._waiter is waiter:
                self._waiter = None

    def _wake(self, why: _Woken) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(why)
        self.arrivals.notify()

    def _drop_expired(self) -> None:
        now = self._clock()
        if now < self._next_expiry:
            return
        for number in [number for number in self._pending if self._expiry[number] <= now]:
            del self._pending[number]
        left = (self._expiry[number] for number in self._pending)
        self._next_expiry = min(left, default=float("inf"))

    def _allowance(self, offset: int, limit: int) -> int:
        now = self._monotonic()
        hasty = self._last_poll is not None and (
            self._last_poll[0] == offset and now - self._last_poll[1] < HASTE
        )
        self._last_poll = (offset, now)
        return 1 if hasty else min(max(limit, 1), AT_ONCE)

    def _confirm_below(self, offset: int) -> None:
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popitem(last=False)
        elif offset <= self._last_id + AHEAD:
            while self._pending and next(iter(self._pending)) < offset:
                self._pending.popitem(last=False)

    def _batch(self, limit: int) -> list[Json]:
        self._drop_expired()
        oldest = next(iter(self._pending), self._last_id + 1)
        again = [number for number in self._again if number < oldest][:limit]
        for number in again:
            self._again[number] -= 1
            if not self._again[number]:
                del self._again[number]
        fresh = islice(self._pending.values(), limit - len(again))
        return [*(self._given[number] for number in again), *fresh]
