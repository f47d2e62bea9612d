"""Taking turns at Telegram: everybody at once until it complains, then one after another.

A flood limit (429) does not say whose it is. It is taken for that of the chat it was met in, whose
calls then wait in a line of their own; when several chats meet one in the same second, it may be
the bot's, and everybody stands in one more line. It may also be that of each of these chats, which
anybody can bring about: so all are held up shortly, and longer only as long as that does not help.
In each line answers to people go before what the bot has to say by itself, and in the order of
their coming.
"""

import asyncio
import heapq
import itertools
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from typing import Any, Final

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

# Telegram documents these as what a bot should not exceed for long: 1 message a second in a chat,
# 20 a minute in a group, 30 a second in all.
IN_PRIVATE: Final = 1.0  # seconds between two calls of a line
IN_GROUP: Final = 3.0
IN_ALL: Final = 1 / 30
STRAINED: Final = 30.0  # seconds after the last complaint in which turns are taken
COMPLAINTS: Final = 3  # different chats' within `WITHIN` seconds are the bot's
WITHIN: Final = 1.0
ALL_AT_FIRST: Final = 2.0  # seconds that all are held up; twice as long each time it goes on

Key = int | str  # a chat, or a method that is about none


class Urgency(IntEnum):
    """Who goes first."""

    ANSWER = 0
    BACKGROUND = 1


_URGENCY: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.BACKGROUND)


def urgency() -> Urgency:
    """Whether somebody is waiting for what this task says."""
    return _URGENCY.get()


@contextmanager
def answering() -> Iterator[None]:
    """Somebody waits for what the body says, and what the tasks say that it starts."""
    token = _URGENCY.set(Urgency.ANSWER)
    try:
        yield
    finally:
        _URGENCY.reset(token)


class AnsweringMiddleware(BaseMiddleware):
    """What an update leads to answers whoever caused it."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Handle it with urgency."""
        with answering():
            return await handler(event, data)


class TooLong(Exception):
    """The turn would come later than the caller is willing to wait; `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s")
        self.seconds = seconds


class _Line:
    """Lets one through every `spacing` seconds, the most urgent first."""

    def __init__(self, spacing: float) -> None:
        self._spacing = spacing
        self._opens = 0.0  # when the next one may go, by `time.monotonic`
        self._calm = 0.0
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def over(self) -> bool:
        """Whether nobody needs to stand in it any more."""
        return not self._waiting and time.monotonic() >= self._calm

    def shut(self, seconds: float) -> None:
        """Telegram complained: nobody goes for that long."""
        self._opens = max(self._opens, time.monotonic() + seconds)
        self._calm = self._opens + STRAINED

    def _until_turn(self, mine: Urgency) -> float:
        before = sum(1 for other, _, turn in self._waiting if other <= mine and not turn.done())
        return max(0.0, self._opens - time.monotonic()) + before * self._spacing

    async def turn(self, mine: Urgency, patience: float) -> None:
        """Wait for one's turn. Raises `TooLong`, at once where that can be foreseen."""
        if not self._waiting and time.monotonic() >= self._opens:
            self._opens = time.monotonic() + self._spacing
            return
        if (seconds := self._until_turn(mine)) > patience:
            raise TooLong(seconds)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (mine, next(self._numbers), turn))
        self._arm()
        try:
            async with asyncio.timeout(patience):
                await turn
        except TimeoutError:  # others went first
            raise TooLong(self._until_turn(mine)) from None
        finally:
            turn.cancel()  # nobody's turn any more, whatever ended the waiting

    def _arm(self) -> None:
        if self._timer is None:
            delay = max(0.0, self._opens - time.monotonic())
            self._timer = asyncio.get_running_loop().call_later(delay, self._next)

    def _next(self) -> None:
        self._timer = None
        if time.monotonic() >= self._opens:
            while self._waiting:
                _, _, turn = heapq.heappop(self._waiting)
                if not turn.done():
                    turn.set_result(None)
                    self._opens = time.monotonic() + self._spacing
                    break
        if self._waiting:  # also when it was shut again meanwhile
            self._arm()


class Lines:
    """All lines there are: none while Telegram does not complain."""

    def __init__(self) -> None:
        self._lines: dict[Key, _Line] = {}
        self._all = _Line(IN_ALL)
        self._complaints: deque[tuple[float, Key]] = deque(maxlen=COMPLAINTS * 4)
        self._all_held_up, self._held_up_until = 0.0, -math.inf
        self.complaints = 0

    async def turn(self, key: Key, ends: float) -> None:
        """Wait until a call to `key` may go, at most until `ends` by `time.monotonic`.

        Raises `TooLong`.
        """
        line = self._lines.get(key)
        if line is None and self._all.over:
            return
        mine = urgency()
        if line is not None:
            if line.over:
                del self._lines[key]
            else:
                await line.turn(mine, ends - time.monotonic())
        if isinstance(key, int) and not self._all.over:
            await self._all.turn(mine, ends - time.monotonic())

    def complained(self, key: Key, seconds: float) -> None:
        """A call to `key` was answered that it should wait."""
        self.complaints += 1
        line = self._lines.get(key)
        if line is None:
            self._tidy()
            in_group = isinstance(key, int) and key < 0
            line = self._lines[key] = _Line(IN_GROUP if in_group else IN_PRIVATE)
        line.shut(seconds)
        if not isinstance(key, int):
            return
        now = time.monotonic()
        self._complaints.append((now, key))
        if len({one for at, one in self._complaints if now - at < WITHIN}) >= COMPLAINTS:
            self._hold_up_all(now, seconds)

    def _hold_up_all(self, now: float, seconds: float) -> None:
        """`seconds` are what one chat was told, and belong to that one: never longer."""
        if now >= self._held_up_until:  # and not a call that was on its way already
            goes_on = now < self._held_up_until + STRAINED
            self._all_held_up = 2 * self._all_held_up if goes_on else ALL_AT_FIRST
            self._held_up_until = now + min(seconds, self._all_held_up)
        self._all.shut(min(seconds, self._held_up_until - now))

    def _tidy(self) -> None:
        for key in [key for key, line in self._lines.items() if line.over]:
            del self._lines[key]
