"""What the app makes of a typed text before it sends it."""

from collections.abc import Iterator
from typing import Final

from bot.sandbox.telegram.entities import clean, is_blank, utf16_length

_MOST_UNITS: Final = 4096


def typed(text: str) -> str:
    """The text as it is sent. Raises ValueError for one that shows nothing."""
    text, _ = clean(text.encode("utf-8", "replace").decode())
    if is_blank(text):
        raise ValueError("Telegram sends no empty message")
    return text


def parts(text: str) -> Iterator[str]:
    """Cut as the app cuts: at most 4096 UTF-16 units each, no character torn."""
    part: list[str] = []
    units = 0
    for char in text:
        units += utf16_length(char)
        if units > _MOST_UNITS:
            yield "".join(part)
            part, units = [], utf16_length(char)
        part.append(char)
    yield "".join(part)
