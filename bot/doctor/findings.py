"""What the doctor says."""

from dataclasses import dataclass
from enum import StrEnum


class Sign(StrEnum):
    """How a finding is marked."""

    GOOD = "✓"
    MIND = "!"  # works, and is better known
    BAD = "✗"  # does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what about, what was found, and, unless it is good, what to do."""

    sign: Sign
    text: str

    def __str__(self) -> str:
        return f"{self.sign} {self.text}"


def good(text: str) -> Finding:
    """All is well."""
    return Finding(Sign.GOOD, text)


def mind(text: str) -> Finding:
    """It works all the same."""
    return Finding(Sign.MIND, text)


def bad(text: str) -> Finding:
    """It does not work like this."""
    return Finding(Sign.BAD, text)
