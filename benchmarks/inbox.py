"""Updates that wait for the bot, as the Bot API hands them out."""

import asyncio
from collections import deque
from typing import Any, Final

from benchmarks.http_server import Answer

Update = tuple[int, int, bytes]  # number, chat, JSON

_MOST: Final = 100


class Inbox:
    """For one poller, or for the delivery to a webhook."""

    def __init__(self) -> None:
        self._updates: deque[Update] = deque()
        self._poll: Answer | None = None
        self._end: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._updates)

    def put(self, number: int, chat: int, update: bytes) -> None:
        """Something happened; who polls hears of it at once."""
        self._updates.append((number, chat, update))
        if self._poll is not None:
            self._answer()

    def take(self) -> Update | None:
        """The oldest, which is then the caller's."""
        return self._updates.popleft() if self._updates else None

    def put_back(self, update: Update) -> None:
        """It could not be delivered."""
        self._updates.appendleft(update)

    def clear(self) -> None:
        """Forget all of them."""
        self._updates.clear()

    def ask(self, asked: dict[str, Any], answer: Answer) -> None:
        """`getUpdates`: an offset confirms what is below it."""
        offset = int(asked.get("offset") or 0)
        while self._updates and self._updates[0][0] < offset:
            self._updates.popleft()
        if self._poll is not None:
            self._answer()  # a former poll, whose connection may be gone
        self._poll = answer
        if self._updates:
            self._answer()
            return
        timeout = float(asked.get("timeout") or 0)
        self._end = asyncio.get_running_loop().call_later(timeout, self._answer)

    def _answer(self) -> None:
        poll, self._poll = self._poll, None
        if self._end is not None:
            self._end.cancel()
            self._end = None
        if poll is not None:
            some = b",".join(update for _, _, update in list(self._updates)[:_MOST])
            poll(b'{"ok":true,"result":[%b]}' % some)
