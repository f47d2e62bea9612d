"""Delivery of updates to a webhook, by Telegram's rules for order, parallelism and repetition."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.telegram.updates import UpdateQueue

Json = dict[str, Any]
Execute = Callable[[str, Json], Awaitable[object]]

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
ABROAD: Final = "The local Telegram delivers to loopback only"
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_LONGEST_DELAY: Final = 60  # seconds; drawn from here to twice as much
_LONGEST_RETRY_AFTER: Final = 3600
# What an answer's body may not ask for, beside everything that begins with "get".
_NOT_AS_ANSWER: Final = frozenset({"deletewebhook", "setwebhook", "close", "logout"})


@dataclass(slots=True)
class Webhook:
    """What setWebhook set, and how delivery goes."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str | None = None
    last_error_date: int = field(default=0, compare=False)
    last_error_message: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long Telegram waits: `timeout` for an answer, and what it takes for a second of delay."""

    timeout: float = 60.0
    second: float = 1.0


@dataclass(slots=True)
class _Attempts:
    failed: int = 0
    delay: int = 1
    wake_at: float = 0.0


class _Refused(Exception):
    def __init__(self, words: str, retry_after: int = 0) -> None:
        super().__init__(words)
        self.retry_after = retry_after


class Delivery:
    """Sends what is pending to one webhook until it is closed."""

    def __init__(
        self,
        webhook: Webhook,
        updates: UpdateQueue,
        clock: Callable[[], float],
        patience: Patience,
        execute: Execute,
    ) -> None:
        self._webhook = webhook
        self._updates = updates
        self._clock = clock
        self._patience = patience
        self._execute = execute
        self._attempts: dict[int, _Attempts] = {}
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._runner = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop; what is not answered yet stays pending."""
        tasks = [self._runner, *self._sending.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        if urlsplit(self._webhook.url).hostname not in LOOPBACK:
            self._failed_with(ABROAD)
            return
        connector = aiohttp.TCPConnector(limit=0)  # what is under way is counted here
        timeout = aiohttp.ClientTimeout(total=self._patience.timeout)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            while True:
                wake_at = self._send_ready(session)
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(wake_at):
                        await self._updates.arrivals.wait()

    def _send_ready(self, session: aiohttp.ClientSession) -> float | None:
        """Begin what can begin; the loop time at which more can, if that is known."""
        now = asyncio.get_running_loop().time()
        most = self._webhook.max_connections
        lanes, wake_at = set(), []
        for update in self._updates.oldest(2 * most):
            lane, number = lane_of(update), update["update_id"]
            if lane in lanes:
                continue  # what came first in a lane is taken before anything else starts there
            lanes.add(lane)
            if number in self._sending or len(self._sending) >= most:
                continue
            attempts = self._attempts.setdefault(number, _Attempts())
            if attempts.wake_at > now:
                wake_at.append(attempts.wake_at)
                continue
            self._sending[number] = asyncio.create_task(self._send(session, update))
        return min(wake_at, default=None)

    async def _send(self, session: aiohttp.ClientSession, update: Json) -> None:
        number = update["update_id"]
        try:
            call = await self._post(session, update)
        except _Refused as error:
            self._failed_with(str(error))
            self._again_later(number, error.retry_after)
        else:
            self._done(number)
            if call is not None:
                await self._execute(*call)
        finally:
            self._sending.pop(number, None)
            self._updates.arrivals.notify()

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> tuple[str, Json] | None:
        """The method that the answer asks for, if any. Raises _Refused."""
        secret = self._webhook.secret_token
        headers = {SECRET_HEADER: secret} if secret else {}
        try:
            async with session.post(
                self._webhook.url, json=update, headers=headers, allow_redirects=False
            ) as response:
                if not 200 <= response.status < 300:  # noqa: PLR2004 - HTTP
                    words = f"{response.status} {response.reason}"
                    retry_after = response.headers.get("Retry-After", "")
                    raise _Refused(
                        f"Wrong response from the webhook: {words}",
                        int(retry_after) if retry_after.isdecimal() else 0,
                    )
                return _asked_for(await _asked_parameters(response))
        except TimeoutError:
            raise _Refused("Read timeout expired") from None
        except aiohttp.ClientSSLError as error:
            raise _Refused(f"SSL error {{{error}}}") from None
        except aiohttp.ClientConnectorError:
            raise _Refused("Connection refused") from None
        except aiohttp.ClientError:
            raise _Refused("Webhook connection closed") from None

    def _again_later(self, number: int, retry_after: int) -> None:
        """The first repetition comes at once, later ones ever later; Retry-After is kept to."""
        attempts = self._attempts[number]
        wait = min(retry_after, _LONGEST_RETRY_AFTER)
        if not wait and attempts.failed:
            longest = random.uniform(_LONGEST_DELAY, 2 * _LONGEST_DELAY)  # noqa: S311 - no secret
            wait = attempts.delay = int(min(longest, attempts.delay * 2))
        if self._clock() + wait > self._updates.lives_until(number):
            self._done(number)
            return
        attempts.failed += 1
        attempts.wake_at = asyncio.get_running_loop().time() + wait * self._patience.second

    def _done(self, number: int) -> None:
        self._attempts.pop(number, None)
        self._updates.confirm(number)

    def _failed_with(self, words: str) -> None:
        self._webhook.last_error_date = int(self._clock())
        self._webhook.last_error_message = words


def lane_of(update: Json) -> tuple[str, object]:
    """Updates of one lane are delivered one after the other: those of a chat, those of a user."""
    kind = next(name for name in update if name != "update_id")
    body = update[kind]
    if "chat" in body and kind != "chat_join_request":
        family = kind if kind in {"guest_message", "my_chat_member"} else "message"
        return ("business" if "business" in kind else family), body["chat"]["id"]
    user = body.get("from") or body.get("user") or {}
    return kind, user.get("id", update["update_id"])


async def _asked_parameters(response: aiohttp.ClientResponse) -> Json:
    """The fields of a webhook's answer: JSON, a form or multipart; empty when it is neither."""
    body = await response.read()
    if response.content_type == "application/json":
        with suppress(ValueError):
            given = json.loads(body or b"{}")
            return given if isinstance(given, dict) else {}
    if response.content_type.startswith(("multipart/", "application/x-www-form-urlencoded")):
        from bot.sandbox.telegram.requests import form_parameters

        return form_parameters(response.headers["Content-Type"], body)
    return {}


def _asked_for(given: Json) -> tuple[str, Json] | None:
    method = str(given.pop("method", ""))
    low = method.lower()
    if not method or low in _NOT_AS_ANSWER or low.startswith("get"):
        return None
    return method, given
