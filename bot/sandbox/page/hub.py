"""One numbered log of everything the page has to show, for any number of open pages.

A page says up to where it knows the log and gets the rest, so a lost connection loses nothing.
"""

import json
import secrets
from typing import Any

from bot.sandbox.telegram.changes import Changes
from bot.sandbox.telegram.state import Event, World


class Hub:
    """Turns what happens in the world into server-sent events. `run` it while pages are open."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._run = secrets.token_hex(4)  # a page that outlived another run starts anew
        self._frames: list[str] = []
        self._events = self._actions = 0
        self._taps: set[str] = set()
        self._in_place: set[tuple[int, int]] = set()
        self._grown = Changes()

    @property
    def cursor(self) -> str:
        """Names the end of the log, for `after`."""
        self._catch_up()
        return f"{self._run}-{len(self._frames)}"

    def after(self, cursor: str) -> int | None:
        """How many entries the holder of `cursor` knows; None when it is of another run."""
        run, _, number = cursor.partition("-")
        known = int(number) if number.isdecimal() else -1
        return known if run == self._run and 0 <= known <= len(self._frames) else None

    def since(self, known: int) -> list[str]:
        """The entries after the first `known`, as server-sent events."""
        return self._frames[known:]

    async def grown(self) -> None:
        """Wait until the log is longer."""
        await self._grown.wait()

    def watch(self, callback_id: str) -> None:
        """Report the answer to this tap when it comes."""
        self._taps.add(callback_id)
        self._catch_up()

    async def run(self) -> None:
        """Follow the world until cancelled."""
        while True:
            self._catch_up()
            await self._world.changes.wait()

    def _catch_up(self) -> None:
        before = len(self._frames)
        world = self._world
        for event in world.events[self._events :]:
            self._add("message", self._change(event))
        self._events = len(world.events)
        for chat_id, action in world.actions[self._actions :]:
            self._add("action", {"chat": chat_id, "action": action, "at": world.clock()})
        self._actions = len(world.actions)
        for number in [each for each in self._taps if world.callbacks[each].answer is not None]:
            self._taps.discard(number)
            answer = world.callbacks[number].answer
            assert answer is not None  # noqa: S101 - chosen so
            said = {"text": answer.text, "alert": answer.show_alert, "url": answer.url}
            self._add("answer", {"callback": number, **said})
        if len(self._frames) > before:
            self._grown.notify()

    def _add(self, kind: str, data: dict[str, Any]) -> None:
        number = f"{self._run}-{len(self._frames) + 1}"
        body = json.dumps(data, ensure_ascii=False)
        self._frames.append(f"id: {number}\nevent: {kind}\ndata: {body}\n\n")

    def _change(self, event: Event) -> dict[str, Any]:
        """`anew` when it is about a message that stands in another's place: load the chat anew."""
        key = (event.chat_id, event.message_id)
        chat = self._world.chats.get(event.chat_id)
        stored = chat.messages.get(event.message_id) if chat is not None else None
        if stored is not None and stored.replaces is not None:
            self._in_place.add(key)
        return {
            "what": event.what,
            "chat": event.chat_id,
            "message": event.message,
            "anew": key in self._in_place,
        }
