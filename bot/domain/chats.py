"""What a chat has set for itself."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

_SUPERGROUPS: Final = -(10**12)  # their ids, and those of channels, lie below


def is_basic_group(chat_id: int) -> bool:
    """Whether the chat is a group that may become a supergroup, which has another id."""
    return _SUPERGROUPS < chat_id < 0


class Issuers(StrEnum):
    """Who may create invoices in a group. It narrows those who may anyway and admits nobody."""

    SELLERS = "sellers"  # everybody who was admitted
    ADMINS = "admins"  # of those, who administers the group


TO_SELLER: Final = "private"
_TOPIC: Final = "t"


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """None or empty means: not set here, so the default of the installation applies.

    `alerts` is where the messages that ring go: empty for where the invoice was asked for,
    `TO_SELLER` for the private chat of who issued it, or a topic as `in_topic` writes it.
    """

    currency: str | None = None
    coins: tuple[str, ...] = ()
    lifetime: timedelta | None = None
    language: str | None = None
    reminder: timedelta | None = None  # how long before an invoice's end it goes out
    issuers: Issuers = Issuers.SELLERS
    alerts: str = ""

    @property
    def alert_topic(self) -> int | None:
        """The topic of the group where alerts go; 0 is the general one, None is no topic."""
        number = self.alerts.removeprefix(_TOPIC)
        return int(number) if self.alerts.startswith(_TOPIC) and number.isdecimal() else None


def in_topic(thread_id: int | None) -> str:
    """`alerts` for a topic of the group; the general one has no number."""
    return f"{_TOPIC}{thread_id or 0}"
