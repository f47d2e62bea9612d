"""`python -m bot demo`: the real bot against the sandbox, as a chat in this terminal and a page."""

import asyncio
import os
import sys
from contextlib import suppress

from bot.logs import setup_logging
from bot.sandbox.telegram import LocalTelegram, Person, Sent, Tapped
from bot.sandbox.transcript import render_message
from bot.stage import stage

QUIET = 0.4  # seconds without anything new after which the bot has said what it had to say
LONGEST = 20.0  # seconds to wait for an answer


def _say(text: str = "") -> None:
    print(text, flush=True)  # noqa: T201 - the terminal is the chat


async def demo(language: str, *, port: int = 0, serve: bool = False) -> None:
    """Play the script, then send what is typed until the end of input; the page is up meanwhile.

    With `serve` there is the page only, until cancelled. Raises `StartError` when `port` is taken.
    """
    setup_logging("ERROR", "console", ())
    _say("The real bot on a local Telegram and CryptoCloud; nothing leaves this machine.")
    async with stage(language=language, port=port) as there:
        address = f"Open {there.page.url} to chat in the browser"
        if serve:
            _say(f"{address}; SIGTERM or Ctrl-C ends it.")
            await asyncio.Event().wait()
        _say()
        chat = _Chat(there.telegram, there.seller)
        await _script(chat)
        _say(f"{address}.")
        if sys.stdin.isatty():
            await _prompt(chat)


class _Chat:
    """The seller's chat, printed as it grows."""

    def __init__(self, telegram: LocalTelegram, seller: Person) -> None:
        self.seller = seller
        self._telegram = telegram
        self._shown = len(telegram.events)

    async def send(self, text: str) -> None:
        await self._settled(await self.seller.send(text))

    async def tap(self, button: str) -> None:
        tapped = await self.seller.tap(button)
        if tapped.url is not None:
            _say(f"  (opens {tapped.url})\n")
        elif tapped.copied is not None:
            _say(f"  (copied: {tapped.copied})\n")
        elif tapped.callback_ids:
            _say(f"→ tap [ {tapped.button.text} ]\n")
            answer = await self.seller.answered(tapped)
            if answer.text:
                _say(f"  ({answer.text})\n")
            await self._settled(tapped)

    async def _settled(self, done: Sent | Tapped) -> None:
        """Wait until the bot has answered and is quiet, then print what is new."""
        with suppress(AssertionError):
            await self.seller.read(lambda _: True, after=done, timeout=LONGEST)
        before = -1
        while before != len(self._telegram.events):
            before = len(self._telegram.events)
            await asyncio.sleep(QUIET)
        self._print_new()

    def _print_new(self) -> None:
        fresh = self._telegram.events[self._shown :]
        self._shown = len(self._telegram.events)
        touched = {event.message_id for event in fresh if event.chat_id == self.seller.id}
        gone = {event.message_id for event in fresh if event.what == "deleted"}
        for event in fresh:  # what the seller typed is shown though the bot tidied it away
            if event.message_id in gone and not event.by_bot and event.what == "sent":
                _say(f"→ {event.message['text']}\n")
        for message in self.seller.messages():
            if message.id in touched:
                _say(render_message(message) + "\n")


async def _script(chat: _Chat) -> None:
    _say("— One line is enough —\n")
    await chat.send("/invoice 50 EUR")
    _say("— Or step by step, with taps —\n")
    await chat.send("/invoice")
    await chat.send("120")
    for button in ("EUR", "USDT", "TRON", "success"):
        await chat.tap(_label(chat, button))


def _label(chat: _Chat, wanted: str) -> str:
    """The button's label whatever the language: by its text, else by its colour."""
    newest = next(message for message in reversed(chat.seller.messages()) if message.buttons)
    for button in (button for row in newest.buttons for button in row):
        if wanted in (button.style, button.text) or wanted in button.text:
            return button.text
    raise LookupError(wanted)


async def _prompt(chat: _Chat) -> None:
    _say("Or type here what the seller sends, `tap <button>` to tap, Ctrl-D to end.\n")
    while line := await _typed():
        try:
            if line.startswith("tap "):
                await chat.tap(line.removeprefix("tap ").strip())
            elif line.strip():
                await chat.send(line.rstrip("\n"))
        except (AssertionError, ValueError) as error:
            _say(f"  {str(error).partition('; the chat:')[0]}\n")
    _say()


async def _typed() -> str:
    """The next line from the terminal, empty at its end.

    Not `input` in a thread: nothing ends that but the Enter key, so Ctrl-C would hang.
    """
    print("> ", end="", flush=True)  # noqa: T201 - the terminal is the chat
    terminal, loop = sys.stdin.fileno(), asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(terminal, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(terminal)
    return os.read(terminal, 65536).decode(errors="replace")  # a terminal gives one line at a time
