"""Where the number at the front of a line begins and ends, before it is read."""

import re
from typing import NamedTuple

from bot.domain.amounts import MINUSES, SPACES, read_amount
from bot.domain.fields import read_lifetime
from bot.domain.mentions import has_money_sign, mention_at
from bot.domain.problems import Problem, Rejected
from bot.domain.words import fold, is_number_sign, tokens

_RUN = re.compile(rf"[0-9](?:[0-9.,'’]|[{SPACES}](?=[0-9]))*")
_GAP = re.compile(rf"[{SPACES}]")
_SPACE = re.compile(r"\s*")
_SIGNED = re.compile(rf"[+{re.escape(MINUSES)}]\s{{0,3}}[^\s\d]{{0,8}}\s?\d")
_NOT_NUMBERS = frozenset(("nan", "inf", "infinity"))


class Numeral(NamedTuple):
    """A number as typed, where it ends, and whether a number-like word follows it."""

    text: str
    end: int
    review: bool = False


def skip_space(line: str, start: int) -> int:
    """The index of the first sign from `start` on that is not white space."""
    match = _SPACE.match(line, start)
    return match.end() if match else start


def fault_at(line: str, start: int, *, after_currency: bool) -> Rejected | None:
    """The fault of what stands at `start` in the place of a number but is none of ours."""
    words = tokens(line, start, 1)
    if not words:
        return None
    word = words[0].text
    first, second = word[0], word[1:2]
    if _SIGNED.match(line, start):
        problem = Problem.NOT_A_NUMBER if first == "+" else Problem.NEGATIVE
        return Rejected(problem, line[start:])
    foreign_digits = is_number_sign(first) and not ("0" <= first <= "9")
    cut_off = first in ".,'’" and second.isdigit()
    glued = has_money_sign(word) and any(is_number_sign(char) for char in word)
    if foreign_digits or cut_off or (glued and not word[0].isdigit() and not after_currency):
        return Rejected(Problem.NOT_A_NUMBER, word)
    if fold(word) in _NOT_NUMBERS:
        alone = not line[words[0].end :].strip()
        if alone or after_currency or mention_at(line, words[0].end):
            return Rejected(Problem.NOT_A_NUMBER, word)
    return None


def numeral_at(line: str, start: int) -> Numeral | Rejected | None:
    """The number that begins at `start`; None when no digit stands there."""
    run = _RUN.match(line, start)
    if run is None:
        return None
    text, end = run.group(), run.end()
    if mention_at(line, end) is not None:
        return Numeral(text, end)
    gaps = [gap.start() for gap in _GAP.finditer(text)]
    if end < len(line) and not line[end].isspace():
        return _without_last(line, start, gaps)
    if text[-1] in ".,":
        return _shrink(text[:-1], end, gaps, review=True)  # "50, lunch"
    if gaps and not line[end:].strip() and isinstance(read_amount(text, None), Problem):
        return Numeral(text, end)  # nothing but numbers: let the reading say what is wrong
    return _shrink(text, end, gaps, review=False)


def _without_last(line: str, start: int, gaps: list[int]) -> Numeral | Rejected:
    """The number whose last word is glued to what is no currency: "50 24h", "10k"."""
    if not gaps:
        return Rejected(Problem.NOT_A_NUMBER, tokens(line, start, 1)[0].text)
    end = start + gaps.pop()
    follower = tokens(line, end, 1)[0]
    timed = read_lifetime(follower.text) is not None
    if not timed and mention_at(line, follower.end) is not None:
        return Rejected(Problem.NOT_A_NUMBER, line[start : follower.end])  # "10 000k EUR"
    return _shrink(line[start:end], end, gaps, review=not timed)


def _shrink(text: str, end: int, gaps: list[int], *, review: bool) -> Numeral:
    """Words are given back until the rest is a number: in "50 2 T-shirts" the 2 is not ours."""
    while gaps and read_amount(text, None) is Problem.NOT_A_NUMBER:
        cut = gaps.pop()
        text, end, review = text[:cut], end - (len(text) - cut), True
    return Numeral(text, end, review)
