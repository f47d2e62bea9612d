"""What a chat has set for itself."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """None or empty means: not set here, so the default of the installation applies."""

    currency: str | None = None
    coins: tuple[str, ...] = ()
    lifetime: timedelta | None = None
    language: str | None = None
    reminder: timedelta | None = None  # how long before an invoice's end it goes out
