"""The load: puts updates into the local Telegram and hears what the bot does about them."""

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Self

from benchmarks import people
from benchmarks.errors import BenchError

PATIENCE: Final = 30.0  # seconds for one answer
_LINE_LIMIT: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Heard:
    """A call of the bot: `at` in monotonic ns, `card` whether it shows a pay link."""

    method: str
    chat: int
    message_id: int
    at: int
    card: bool
    markup: Any

    def button(self, part: str) -> str:
        """The data or the link of the first button that has `part` in it."""
        markup = json.loads(self.markup) if isinstance(self.markup, str) else self.markup
        for button in itertools.chain(*markup["inline_keyboard"]):
            for name in ("callback_data", "url"):
                if part in button.get(name, ""):
                    return str(button[name])
        raise BenchError(f"no button with {part} in {markup}")


class Load:
    """All people of the local Telegram."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._updates = itertools.count(1)
        self._messages = itertools.count(1_000)
        self._waiting: dict[int, deque[asyncio.Future[Heard]]] = defaultdict(deque)
        self._wanted: dict[int, Callable[[Heard], bool]] = {}
        self._told: deque[asyncio.Future[dict[str, int]]] = deque()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def connect(cls, port: int) -> Self:
        """To the local Telegram's second port."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=_LINE_LIMIT))

    async def close(self) -> None:
        """Leave."""
        self._listening.cancel()
        self._writer.close()

    async def counts(self) -> dict[str, int]:
        """How often each method was called since this was last asked."""
        return await self._order(b"count\n")

    async def reset(self) -> None:
        """As at the start."""
        await self._order(b"reset\n")

    def put(self, chat: int, update: dict[str, Any]) -> int:
        """Something happens; returns when, in monotonic ns."""
        now = time.monotonic_ns()
        self._writer.write(people.line(next(self._updates), chat, update))
        return now

    def next_message(self) -> int:
        """A number for a message of a person."""
        return next(self._messages)

    async def say(
        self, user: int, words: str, wanted: Callable[[Heard], bool] = lambda heard: heard.card
    ) -> tuple[int, Heard]:
        """Write in private; when, and the wanted answer: a card, if nothing else is."""
        heard = self._expect(user, wanted)
        at = self.put(user, people.text(user, words, self.next_message()))
        return at, await self._patiently(heard, words)

    async def tap(
        self, user: int, data: str, message_id: int, wanted: Callable[[Heard], bool]
    ) -> tuple[int, Heard]:
        """Tap a button; when, and the wanted answer."""
        heard = self._expect(user, wanted)
        at = self.put(user, people.tap(user, data, message_id, self.next_message()))
        return at, await self._patiently(heard, data)

    def _expect(self, chat: int, wanted: Callable[[Heard], bool]) -> asyncio.Future[Heard]:
        heard: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        self._waiting[chat].append(heard)
        self._wanted[chat] = wanted
        return heard

    @staticmethod
    async def _patiently(heard: asyncio.Future[Heard], to: str) -> Heard:
        try:
            return await asyncio.wait_for(heard, PATIENCE)
        except TimeoutError:
            raise BenchError(f"no answer to {to!r} within {PATIENCE:.0f} s") from None

    async def _order(self, order: bytes) -> dict[str, int]:
        told: asyncio.Future[dict[str, int]] = asyncio.get_running_loop().create_future()
        self._told.append(told)
        self._writer.write(order)
        return await asyncio.wait_for(told, PATIENCE)

    async def _listen(self) -> None:
        while line := await self._reader.readline():
            told = json.loads(line)
            if isinstance(told, dict):
                self._told.popleft().set_result(told)
                continue
            heard = Heard(told[0], told[1], told[2], told[3], bool(told[4]), told[5])
            waiting = self._waiting.get(heard.chat)
            if waiting and self._wanted[heard.chat](heard):
                answer = waiting.popleft()
                if not answer.done():
                    answer.set_result(heard)


async def in_flight(
    many: int, width: int, one: Callable[[int], Awaitable[tuple[int, Heard]]]
) -> tuple[list[float], float]:
    """Do `one(number of the person)` so many times, `width` at once. Milliseconds of each, and
    seconds of all."""
    took: list[float] = []
    left = iter(range(many))

    async def again(who: int) -> None:
        for _ in left:
            at, heard = await one(who)
            took.append((heard.at - at) / 1e6)

    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for who in range(width):
            group.create_task(again(who))
    return took, time.monotonic() - began


async def at_rate(
    many: int, rate: float, one: Callable[[int], Awaitable[tuple[int, Heard]]]
) -> list[float]:
    """Begin one every 1/rate seconds, whatever became of the former ones. Milliseconds of each."""
    began = time.monotonic()

    async def later(number: int) -> float:
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        at, heard = await one(number)
        return (heard.at - at) / 1e6

    return await asyncio.gather(*map(later, range(many)))
