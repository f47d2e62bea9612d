"""How much a bot may send: Telegram's documented rates, off until they are switched on."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.model import Chat


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of `burst` calls that fills up with `per_second`."""

    burst: int
    per_second: float


OVERALL: Final = Rate(30, 30.0)
PRIVATE: Final = Rate(5, 1.0)  # "short bursts" over 1 a second are let through; how short is ours
GROUP: Final = Rate(20, 20 / 60)
_COUNTED: Final = ("send", "edit")


@dataclass(slots=True)
class _Bucket:
    rate: Rate
    level: float
    at: float

    def fill(self, now: float) -> None:
        grown = self.level + (now - self.at) * self.rate.per_second
        self.level, self.at = min(grown, self.rate.burst), now

    def wait(self) -> float:
        """Seconds until one more call is let through."""
        return max(0.0, (1 - self.level) / self.rate.per_second)


class Rates:
    """Counts what is sent and edited, overall and by chat. `sendChatAction` is not a message."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.on = False
        self._clock = clock
        self._buckets: dict[int | None, _Bucket] = {}

    def count(self, method: str, params: dict[str, Any], chats: dict[int, Chat]) -> None:
        """Count a call. Raises ApiError 429, and counts nothing, when it is one too many."""
        if not self.on or not method.startswith(_COUNTED) or method == "sendChatAction":
            return
        now = self._clock()
        buckets = [self._bucket(None, OVERALL, now)]
        chat = chats.get(params.get("chat_id", 0))
        if chat is not None:
            rate = PRIVATE if chat.type == "private" else GROUP
            buckets.append(self._bucket(chat.id, rate, now))
        wait = max(bucket.wait() for bucket in buckets)
        if wait > 0:
            seconds = math.ceil(wait)
            words = f"Too Many Requests: retry after {seconds}"
            raise ApiError(429, words, retry_after=seconds)
        for bucket in buckets:
            bucket.level -= 1

    def _bucket(self, key: int | None, rate: Rate, now: float) -> _Bucket:
        bucket = self._buckets.setdefault(key, _Bucket(rate, rate.burst, now))
        bucket.fill(now)
        return bucket
