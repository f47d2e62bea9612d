"""What is noted about the webhook."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SecretNote:
    """HMACs of the secret that Telegram has, and of the one it had before."""

    current: str = ""
    former: str = ""
    former_until: datetime | None = None
