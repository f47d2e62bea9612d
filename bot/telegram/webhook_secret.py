"""The secret that Telegram shows with every delivery, and the one before it.

The store keeps HMACs of them, never the secrets. So a process knows the former secret that it was
never given, and one that still runs with the former settings learns of the new.
"""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot.domain.errors import StorageAway
from bot.domain.webhook import SecretNote
from bot.telegram.ports import SecretNotes

log = logging.getLogger(__name__)

FORMER_LASTS: Final = timedelta(minutes=10)  # what was on its way at the change bears the former
LOOK_AGAIN: Final = 1.0  # seconds between two looks at the note for a secret that is not known


class WebhookSecret:
    """Knows which secrets are ours. `plain` is for Telegram alone."""

    def __init__(
        self, plain: str, key: bytes, notes: SecretNotes, clock: Callable[[], datetime]
    ) -> None:
        self.plain = plain
        self._key = key
        self._notes = notes
        self._clock = clock
        self._own = self._digest(plain.encode())
        self._note = SecretNote()
        self._looked_at: float | None = None

    async def is_noted(self) -> bool:
        """Whether it is the one that was given to Telegram last. Raises `StorageAway`."""
        self._note = await self._notes.read()
        return hmac.compare_digest(self._note.current, self._own)

    async def note(self) -> None:
        """Telegram has it. Raises `StorageAway`."""
        until = self._clock() + FORMER_LASTS
        self._note = await self._notes.write(self._own, former_until=until)

    async def accepts(self, presented: bytes) -> bool:
        """Whether these bytes are our secret, or were until ten minutes ago."""
        digest = self._digest(presented)
        if self._is_known(digest):
            return True
        await self._look()  # another process may have changed it
        return self._is_known(digest)

    def _is_known(self, digest: str) -> bool:
        known = [self._own, self._note.current]
        if self._note.former_until is not None and self._clock() < self._note.former_until:
            known.append(self._note.former)
        # Each is compared, so that the time does not tell which it is. An empty one equals none.
        return sum(hmac.compare_digest(digest, one) for one in known) > 0

    async def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._looked_at is not None and now - self._looked_at < LOOK_AGAIN:
            return
        self._looked_at = now
        try:
            self._note = await self._notes.read()
        except StorageAway as error:
            log.warning("secrets not looked up: %s", error)

    def _digest(self, secret: bytes) -> str:
        return hmac.new(self._key, b"webhook secret:" + secret, hashlib.sha256).hexdigest()
