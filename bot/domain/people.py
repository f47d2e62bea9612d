"""Who may do what."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Role(IntEnum):
    """Ordered: each may do what those below may."""

    STRANGER = 0
    CASHIER = 1
    SELLER = 2
    ADMIN = 3


@dataclass(frozen=True, slots=True)
class Seller:
    """Somebody an admin admitted, under the label that buyers read on a card."""

    user_id: int
    label: str
    role: Role
    admitted_by: int
    admitted_at: datetime


def standing(seller: Seller) -> str:
    """Role and label in one line, as the audit trail keeps them."""
    return f"{seller.role.name.lower()} {seller.label}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person speaks: a conversation belongs to one person in one chat and topic."""

    chat_id: int
    user_id: int
    thread_id: int | None = None
