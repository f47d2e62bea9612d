"""Looking into a chat: find a button, wait for a message or for a tap's answer."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence

from bot.sandbox.telegram.state import Callback, CallbackAnswer, Chat, Json, StoredMessage, World
from bot.sandbox.telegram.views import Button, Message, button_view, view, visible

Match = str | re.Pattern[str] | Callable[[Message], bool]


async def wait_for_message(
    world: World, chat: Chat, viewer: int, match: Match, *, since: int | None, timeout: float
) -> Message:
    """The newest message of the bot that matches and that the viewer sees.

    It is waited for `timeout` seconds. With `since`, only messages that were sent or edited after
    that many events count. Raises AssertionError with the chat.
    """
    matches = _matcher(match)
    seen = len(world.events)
    candidates = visible(chat, viewer) if since is None else _touched(world, chat, viewer, since)
    try:
        async with asyncio.timeout(timeout):
            while True:
                for stored in reversed(candidates):
                    if stored.by_bot and matches(view(stored, world.bot)):
                        return view(stored, world.bot)
                while seen == len(world.events):
                    await world.changes.wait()
                candidates = _touched(world, chat, viewer, seen)
                seen = len(world.events)
    except TimeoutError:
        words = f"no message matches {match!r} within {timeout:g} s"
        raise _failure(words, world, chat, viewer) from None


async def wait_for_answers(
    world: World,
    chat: Chat,
    viewer: int,
    callbacks: Sequence[Callback],
    *,
    label: str,
    timeout: float,
) -> CallbackAnswer:
    """What the last of the taps was answered, once all are. Raises AssertionError."""
    if not callbacks:
        raise AssertionError(f"[{label}] asks the bot nothing")
    try:
        async with asyncio.timeout(timeout):
            while True:
                answers = [each.answer for each in callbacks if each.answer is not None]
                if len(answers) == len(callbacks):
                    return answers[-1]
                await world.changes.wait()
    except TimeoutError:
        raise _failure(f"[{label}] still spins after {timeout:g} s", world, chat, viewer) from None


def find_button(
    world: World, chat: Chat, viewer: int, label: str, number: int | None
) -> tuple[StoredMessage, Button]:
    """The button of that label, else the only one that contains it, newest message first.

    Whoever types a label types plain spaces and any case.
    Raises AssertionError with the chat when there is none, or several.
    """
    chosen = visible(chat, viewer) if number is None else [chat.messages[number]]
    for stored in reversed(chosen):
        for raw in _buttons(stored):
            if raw["text"] == label:
                return stored, button_view(raw)
    for stored in reversed(chosen):
        near = [raw for raw in _buttons(stored) if _typed(label) in _typed(raw["text"])]
        if len(near) > 1:
            names = ", ".join(f"[{raw['text']}]" for raw in near)
            raise _failure(f"[{label}] may be any of {names}", world, chat, viewer)
        if near:
            return stored, button_view(near[0])
    raise _failure(f"there is no button [{label}]", world, chat, viewer)


def _typed(label: str) -> str:
    return " ".join(label.split()).casefold()


def _touched(world: World, chat: Chat, viewer: int, since: int) -> list[StoredMessage]:
    """Messages of the chat that were sent or edited since, each once, the latest change last."""
    numbers = dict.fromkeys(
        event.message_id for event in reversed(world.events[since:]) if event.chat_id == chat.id
    )
    seen = {message.id: message for message in visible(chat, viewer)}
    return [seen[number] for number in reversed(numbers) if number in seen]


def _buttons(message: StoredMessage) -> Iterator[Json]:
    for row in message.keyboard:
        yield from row


def _matcher(match: Match) -> Callable[[Message], bool]:
    if isinstance(match, str):
        return lambda message: match in message.text
    if isinstance(match, re.Pattern):
        return lambda message: match.search(message.text) is not None
    return match


def _failure(words: str, world: World, chat: Chat, viewer: int) -> AssertionError:
    from bot.sandbox.transcript import render_chat

    messages = [view(message, world.bot) for message in visible(chat, viewer)]
    return AssertionError(f"{words}; the chat:\n{render_chat(messages)}")
