"""Pages of a list that may be long: each is asked for by where the last one ended."""

from dataclasses import dataclass
from typing import Final

from bot.domain.invoice import Invoice

PAGE: Final = 8  # invoices, a button each: what a phone shows without scrolling


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list, newest first: just before or after the invoice `id` asked for at `at`
    (ms since the epoch). `newer`: the page that ends there rather than the one that begins."""

    at: int
    id: str
    newer: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first. The cursors lead to its neighbours; None where there is none."""

    invoices: tuple[Invoice, ...] = ()
    newer: Cursor | None = None
    older: Cursor | None = None
