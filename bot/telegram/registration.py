"""Where Telegram sends updates: set when it differs from what is wanted, and only then."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramUnauthorizedError,
)
from aiogram.types import WebhookInfo

from bot.domain.errors import StorageAway, TokenRefused, WebhookRefused
from bot.telegram.webhook_secret import WebhookSecret

log = logging.getLogger(__name__)

CONNECTIONS: Final = 100  # deliveries at once, the most there is: each chat's come in order anyway
PAUSE: Final = 2.0  # seconds
LONGEST_PAUSE: Final = 60.0


class Registration:
    """Address, kinds of update and secret of the webhook."""

    def __init__(
        self, bot: Bot, secret: WebhookSecret, *, url: str, update_types: Sequence[str]
    ) -> None:
        self._bot = bot
        self._secret = secret
        self._url = url
        self._update_types = list(update_types)

    async def publish(self) -> None:
        """Make Telegram deliver here; tried until it works.

        Raises `Fatal`: `WebhookRefused` when Telegram does not want the address, `TokenRefused`.
        """
        pause = PAUSE
        while True:
            try:
                await self._publish()
            except TelegramBadRequest as error:
                raise WebhookRefused(f"PUBLIC_URL: Telegram says: {error.message}") from None
            except TelegramUnauthorizedError:
                raise TokenRefused from None
            except (TelegramAPIError, ClientDecodeError, StorageAway) as error:
                log.warning("webhook not set: %s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return

    async def restore(self) -> None:
        """Set it again where another set-up has removed it: nobody would ever call here again.

        An address that differs is left alone: a newer process of ours may have set it. Raises
        `Fatal` as `publish` does.
        """
        try:
            info = await self._bot.get_webhook_info()
        except TelegramUnauthorizedError:
            raise TokenRefused from None
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("webhook not looked up: %s", error)
            return
        if not info.url:
            log.error("the webhook was removed by somebody with this BOT_TOKEN")
            await self.publish()

    async def _publish(self) -> None:
        info = await self._bot.get_webhook_info()
        differs = self._differences(info)
        if not await self._secret.is_noted():
            differs.append("secret")
        if not differs:
            log.info("the webhook is set")
            return
        await self._bot.set_webhook(
            self._url,
            secret_token=self._secret.plain,
            allowed_updates=self._update_types,
            max_connections=CONNECTIONS,
            drop_pending_updates=False,
        )
        # Only now: noted before, a crash in between would leave Telegram with another secret.
        await self._secret.note()
        log.info("the webhook was set anew: %s", ", ".join(differs))

    def _differences(self, info: WebhookInfo) -> list[str]:
        return [
            name
            for name, there, here in (
                ("url", info.url, self._url),
                ("update types", set(info.allowed_updates or ()), set(self._update_types)),
                ("connections", info.max_connections, CONNECTIONS),
            )
            if there != here
        ]
