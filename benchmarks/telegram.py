"""A cheap local Telegram: hands out updates by long polling or webhook, takes what the bot sends,
and tells the load of each call.

`python -m benchmarks.telegram`. The load speaks to a second port, a line each: `<update id> <chat>
<json>` puts an update into the queue; `count` is answered with how often each method was called
since the last time; `reset` forgets the queue and the webhook. Each call that the load may wait for
comes as `[method, chat, message id, monotonic ns, 1 if it shows a pay link, reply markup]`.
"""

import asyncio
import json
import time
from collections import Counter
from typing import Any, Final, cast

from benchmarks.delivery import Delivery
from benchmarks.helper import main
from benchmarks.http_server import Answer, serve
from benchmarks.inbox import Inbox
from benchmarks.parameters import read
from benchmarks.replies import message, reply

PAY_LINK: Final = b"pay.cryptocloud.plus"
_SENDS: Final = ("sendMessage", "sendPhoto", "editMessageText")
_UNHEARD: Final = ("getUpdates", "getMe", "setMyCommands", "getMyCommands")


class Telegram:
    """One bot, and as many people as the load has."""

    def __init__(self) -> None:
        self._inbox = Inbox()
        self._delivery = Delivery(self._inbox)
        self._counts: Counter[str] = Counter()
        self._messages = 0
        self.load: asyncio.Transport | None = None

    def take(self, path: str, body: bytes, answer: Answer) -> None:
        """One call of the bot."""
        now = time.monotonic_ns()
        method = path.rpartition("/")[2]
        self._counts[method] += 1
        asked = read(body)
        if method == "getUpdates":
            self._inbox.ask(asked, answer)
            return
        if method in _SENDS:
            chat, number = int(asked["chat_id"]), int(asked.get("message_id") or 0)
            if not number:
                self._messages += 1
                number = self._messages
            markup = asked.get("reply_markup") or ""
            answer(message(chat, number, str(asked.get("text", "")), _text(markup)))
            self._tell([method, chat, number, now, int(PAY_LINK in body), markup])
            return
        if method == "setWebhook":
            self._delivery.to(asked)
        elif method == "deleteWebhook":
            self._delivery.stop()
        answer(reply(method))
        if method not in _UNHEARD:
            self._tell([method, int(asked.get("chat_id") or 0), 0, now, 0, ""])

    def order(self, line: bytes) -> None:
        """One line of the load."""
        if line == b"count":
            self._tell({**self._counts, "waiting": len(self._inbox)})
            self._counts.clear()
        elif line == b"reset":
            self._delivery.stop()
            self._inbox.clear()
            self._counts.clear()
            self._tell({})
        else:
            number, chat, update = line.split(b" ", 2)
            self._inbox.put(int(number), int(chat), update)
            self._delivery.wake()

    def _tell(self, what: Any) -> None:
        if self.load is not None:
            self.load.write(json.dumps(what).encode() + b"\n")


def _text(markup: Any) -> str:
    return markup if isinstance(markup, str) else json.dumps(markup)


class Orders(asyncio.Protocol):
    """The load's connection."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The load is there."""
        self._telegram.load = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Lines, perhaps many at once."""
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            self._telegram.order(line)


async def _start() -> dict[str, int]:
    telegram = Telegram()
    loop = asyncio.get_running_loop()
    orders = await loop.create_server(lambda: Orders(telegram), "127.0.0.1", 0)
    return {"port": await serve(telegram.take), "load": orders.sockets[0].getsockname()[1]}


if __name__ == "__main__":
    main(_start)
