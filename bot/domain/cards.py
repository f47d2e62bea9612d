"""The messages that show an invoice."""

from dataclasses import dataclass
from enum import StrEnum


class Sight(StrEnum):
    """What a card shows, and which buttons it has."""

    OWN = "o"  # where it was asked for: in a group everybody reads along
    MANAGER = "m"  # opened by who may do everything about it
    VIEWER = "v"  # opened by who may only look
    BUYER = "b"  # opened by its link: what everybody may see


@dataclass(frozen=True, slots=True)
class Card:
    """A message that shows an invoice and is edited as the invoice lives.

    `language` is its reader's, empty where it is the invoice's own.
    """

    chat_id: int
    message_id: int
    language: str = ""
    sight: Sight = Sight.OWN

    @property
    def public(self) -> bool:
        """Whether it stands in a group, where buyers may read along."""
        return self.chat_id < 0
