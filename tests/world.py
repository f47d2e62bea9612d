"""The bot among the servers it talks to, in one process: what flow tests drive.

Everything is real but Telegram and CryptoCloud, which are the sandbox's, over HTTP; the store is
the worker's Valkey. The bot process itself can be ended and started again over the same store.
"""

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from bot.app import build
from bot.running import App
from bot.sandbox.cryptocloud import LocalCryptoCloud, Path
from bot.sandbox.telegram import LocalTelegram, Patience, Person
from bot.services.ports import Pace
from bot.settings import Settings
from tests import leak_watch

ADMIN_ID, SELLER_ID, STRANGER_ID = 1001, 2002, 3003

# Set, every world that does not say otherwise has a webhook: `make full` runs the flows so, too.
WEBHOOK = bool(os.environ.get("TEST_BY_WEBHOOK"))
WEBHOOK_SECRET = "test-webhook-secret"

# What a redelivered update or a late tap leads to: the thing is done already, which is no fault.
# Repeats and late taps lead to the first two, a person's own choice to the third.
NO_FAULT = (
    "message is not modified",
    "message to delete not found",
    "bot was blocked by the user",
)

# As slow as the real pace in its order, thirty times as fast.
QUICK = Pace(
    patience=timedelta(seconds=0.2),
    tick=timedelta(seconds=0.05),
    first_look=timedelta(seconds=0.1),
    longest_look=timedelta(seconds=0.5),
    first_walk=timedelta(seconds=1),
    second_walk=timedelta(seconds=0.5),
    retry=timedelta(seconds=0.2),
    unreachable=timedelta(seconds=3),
    twin_look=timedelta(seconds=0.3),
    gather=timedelta(seconds=0.02),
    longest_rest=timedelta(seconds=0.5),
)


class World:
    """`async with World(redis_url) as world:` starts the servers and the bot.

    `postbacks`: the provider sends them; without, the bot finds out by asking alone. `webhook`:
    Telegram delivers updates, and waits for answers with `patience`; without, the bot polls.
    """

    def __init__(
        self,
        redis_url: str,
        *,
        pace: Pace = QUICK,
        postbacks: bool = False,
        webhook: bool = WEBHOOK,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        **settings: Any,
    ) -> None:
        self.telegram = LocalTelegram(patience=patience)
        self.cloud = LocalCryptoCloud()
        self.app: App
        self._redis_url = redis_url
        self._pace = pace
        self._postbacks = postbacks
        self._settings = settings
        if webhook:
            port = free_port()  # the same in every life, as Telegram delivers there
            self._settings = {
                "http_port": str(port),
                "public_url": f"http://127.0.0.1:{port}",
                "webhook_secret": WEBHOOK_SECRET,
            } | settings
        self._stack = AsyncExitStack()
        self._bot = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self.telegram.start()
        self._stack.push_async_callback(self.telegram.close)
        await self.cloud.start()
        self._stack.push_async_callback(self.cloud.close)
        self.admin = self.telegram.person(ADMIN_ID, "Admin")
        self.seller = self.telegram.person(SELLER_ID, "Seller")
        self.stranger = self.telegram.person(STRANGER_ID, "Stranger")
        await self.start_bot()
        await self.admit(self.seller)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop_bot()
        await self._stack.aclose()
        if error is None:
            refused = [
                (call.method, call.params, call.description)
                for call in self.telegram.refusals
                if not any(words in call.description for words in NO_FAULT)
            ]
            assert not refused, f"Telegram refused {refused}"
            leak_watch.assert_untold(
                str(call.params) for call in self.telegram.calls if call.method != "setWebhook"
            )

    @property
    def settings(self) -> Settings:
        values = {
            "bot_token": self.telegram.token,
            "admin_ids": str(ADMIN_ID),
            "cryptocloud_api_key": self.cloud.api_key,
            "cryptocloud_shop_id": self.cloud.shop_id,
            "cryptocloud_secret_key": self.cloud.secret_key,
            "cryptocloud_api_url": self.cloud.url,
            "telegram_api_url": self.telegram.url,
            "redis_url": self._redis_url,
            "http_port": "0",
            "ops_port": "0",
        }
        return Settings.build(**values | self._settings)

    def change(self, **settings: Any) -> None:
        """Settings of the next life."""
        self._settings = self._settings | settings

    async def start_bot(self) -> None:
        """A new bot over the same store, as after a restart."""
        leak_watch.know(self.settings)
        self.app = await self._bot.enter_async_context(build(self.settings, pace=self._pace))
        await self._bot.enter_async_context(_running(self.app))
        self.ops_url = f"http://127.0.0.1:{self.app.ops.site.port}"
        self.postback_url = f"http://127.0.0.1:{self.app.site.port}/cryptocloud/postback"
        if self._postbacks:
            self.cloud.postbacks.url = self.postback_url

    async def stop_bot(self) -> None:
        """End it in order."""
        await self._bot.aclose()

    async def admit(
        self, person: Person, label: str = "Flower shop", *, cashier: bool = False
    ) -> None:
        """The admin invites, the person follows the link."""
        command = "/invite_cashier" if cashier else "/invite"
        sent = await self.admin.send(f"{command} {label}")
        shown = await self.admin.read("https://", after=sent)
        link = (await self.admin.tap("Copy link", message=shown.id)).copied
        assert link is not None
        start = await person.open(link)
        await person.read(label, after=start)

    @property
    def created(self) -> list[Any]:
        """The create calls that reached the provider."""
        return self.cloud.called(Path.CREATE)

    def cards(self, person: Person) -> list[Any]:
        """The messages with a pay button that the person sees."""
        return [
            message
            for message in person.messages()
            if any(label.startswith("Pay ") for label in message.labels)
        ]


def free_port() -> int:
    """A port of loopback that nobody listens on, and that no outgoing connection is given: who
    starts a bot again finds it free."""
    while True:
        port = random.SystemRandom().randrange(22_000, 32_000)
        with socket.socket() as unused, suppress(OSError):
            unused.bind(("127.0.0.1", port))
            return port


@asynccontextmanager
async def _running(app: App) -> AsyncIterator[None]:
    task = asyncio.create_task(app.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
