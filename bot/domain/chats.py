"""What a chat has set for itself."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_SUPERGROUPS: Final = -(10**12)  # their ids, and those of channels, lie below


def is_basic_group(chat_id: int) -> bool:
    """Whether the chat is a group that may become a supergroup, which has another id."""
    return _SUPERGROUPS < chat_id < 0


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """None or empty means: not set here, so the default of the installation applies."""

    currency: str | None = None
    coins: tuple[str, ...] = ()
    lifetime: timedelta | None = None
    language: str | None = None
    reminder: timedelta | None = None  # how long before an invoice's end it goes out
