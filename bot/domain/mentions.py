"""Currencies named inside a line, and money there that is not ours."""

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.amounts import MINUSES
from bot.domain.currencies import CURRENCIES, LONGEST_NAME, begins_name, find_currency, is_foreign
from bot.domain.words import tokens

TRAILING = ",;:"  # may close a word of the front: "50 EUR, lunch"
_PREFIX = re.compile(rf"[^\s\d+{re.escape(MINUSES)}]{{1,12}}(?=[+{re.escape(MINUSES)}]?\d)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A currency named: `word` as typed, what it may mean, and where it ends in its line."""

    word: str
    codes: tuple[str, ...]
    end: int

    @property
    def is_firm(self) -> bool:
        """True for an upper-case code or a sign: nothing that could begin a description."""
        return self.word in CURRENCIES or has_money_sign(self.word)


def mention_at(line: str, start: int) -> Mention | None:
    """The currency whose name, sign or code begins at the first token from `start` on."""
    words = tokens(line, start, 1)
    if not words or "0" <= words[0].text[0] <= "9":
        return None
    first = words[0].text.rstrip(TRAILING)
    if first.upper() not in CURRENCIES:
        longer = _longest(line, start, ours=True)
        if longer is not None:
            return longer
    codes = find_currency(first)
    return Mention(first, codes, words[0].end) if codes else None


def mention_before_digits(line: str) -> Mention | None:
    """The currency glued to the number `line` begins with: `€50`, `US$50`, `EUR50`."""
    match = _PREFIX.match(line)
    if match is None or match.group()[-1] in ".,'’":  # "$.50" is not fifty
        return None
    codes = find_currency(match.group())
    return Mention(match.group(), codes, match.end()) if codes else None


def foreign_at(line: str, start: int) -> Mention | None:
    """Money the provider does not take, named at the first token from `start` on."""
    words = tokens(line, start, 1)
    if not words or "0" <= words[0].text[0] <= "9":
        return None
    first = words[0].text.rstrip(TRAILING)
    if is_foreign(first):
        return Mention(first, (), words[0].end)
    return _longest(line, start, ours=False)


def has_money_sign(text: str) -> bool:
    """True when a currency sign of any country is in `text`."""
    return "$" in text or any(unicodedata.category(char) == "Sc" for char in text)


def _longest(line: str, start: int, *, ours: bool) -> Mention | None:
    """The longest name of several words that begins there."""
    words = tokens(line, start, LONGEST_NAME)
    if len(words) < 2 or not begins_name(words[0].text):  # noqa: PLR2004 - "several" is two
        return None
    for count in range(len(words), 1, -1):
        name = " ".join(word.text for word in words[:count]).rstrip(TRAILING)
        codes = find_currency(name)
        if codes if ours else is_foreign(name):
            return Mention(name, codes, words[count - 1].end)
    return None
