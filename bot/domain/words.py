"""Words as they are compared: NFKC and case folding serve names, never amounts."""

import re
import unicodedata
from typing import NamedTuple

_LONGEST = 48  # characters; no name we know is longer, and hostile words cost nothing
_TOKEN = re.compile(r"\S+")


class Token(NamedTuple):
    """A run without white space and where it stands in its line."""

    text: str
    start: int
    end: int


def tokens(line: str, start: int = 0, limit: int | None = None) -> list[Token]:
    """The tokens of `line` from `start` on, at most `limit` of them."""
    found: list[Token] = []
    for match in _TOKEN.finditer(line, start):
        if len(found) == limit:
            break
        found.append(Token(match.group(), match.start(), match.end()))
    return found


def names(text: str) -> frozenset[str]:
    """The words of a table written as one text."""
    return frozenset(text.split())


def fold(word: str) -> str:
    """`word` for comparing: NFKC, no case, ё as е; empty when it is too long to be a name."""
    if len(word) > _LONGEST:
        return ""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", word).casefold().replace("ё", "е")


def is_number_sign(char: str) -> bool:
    """True for digits of any script, superscripts, fractions, roman numerals and the like."""
    return unicodedata.category(char)[0] == "N"
