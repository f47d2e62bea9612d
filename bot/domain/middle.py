"""The middle of a line: coins, lifetime, `#order` and e-mail in any order, each once."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.coin_search import CoinChoice, choose, match_coins
from bot.domain.coin_words import Atom
from bot.domain.fields import is_email, is_order, lifetime_allowed, read_lifetime
from bot.domain.mentions import TRAILING
from bot.domain.problems import Problem, Rejected
from bot.domain.words import tokens

_DASHES = frozenset(("-", "–", "--"))
_MOST_WORDS = 320  # more than all coins, each by its longest name; the rest is a description
_SHORT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Middle:
    """What was named; `end` is where the description begins in its line.

    `review`: to be read as a summary first; `everyday`: so when a description follows.
    """

    end: int
    choice: CoinChoice
    lifetime: timedelta | None = None
    order: str | None = None
    email: str | None = None
    review: bool = False
    everyday: bool = False


def read_middle(line: str, start: int) -> Middle | Rejected:
    """The fields of `line` from `start` up to the first word that is none, or a lone dash."""
    reader = _Reader()
    found = tokens(line, start, _MOST_WORDS)
    words = [token.text for token in found]
    at, end = 0, start
    while at < len(words):
        if words[at] in _DASHES:
            end = found[at].end
            break
        used = reader.take(words, at)
        if isinstance(used, Rejected):
            return used
        if used == 0:
            end = found[at].start
            break
        at += used
        end = found[at - 1].end
    choice = choose(reader.atoms)
    if choice is None:
        return Rejected(Problem.NO_SUCH_COIN, " ".join(reader.coins))
    return Middle(
        end,
        choice,
        reader.lifetime,
        reader.order,
        reader.email,
        review=reader.review or choice.loose,
        everyday=choice.everyday or reader.everyday,
    )


class _Reader:
    """Takes the words one by one and keeps what they say."""

    def __init__(self) -> None:
        self.coins: list[str] = []
        self.atoms: list[Atom] = []
        self.lifetime: timedelta | None = None
        self.order: str | None = None
        self.email: str | None = None
        self.review = False
        self.everyday = False

    def take(self, words: list[str], at: int) -> int | Rejected:
        """How many words from `at` on are a field; 0 begins the description.

        A field that comes twice begins it too, to be read first: which one is meant is not ours
        to say.
        """
        word = words[at].rstrip(TRAILING)
        if not word:
            return 1
        if word.startswith("#"):
            return self._take_order(word)
        if "@" in word.strip("@"):
            return self._take_email(word)
        lifetime = read_lifetime(word)
        if lifetime is not None:
            return self._take_lifetime(word, lifetime)
        atoms, after = match_coins(words, at)
        if atoms:
            self.atoms += atoms
            self.coins += words[at:after]
            self.everyday = False
        return after - at

    def _take_order(self, word: str) -> int | Rejected:
        if not is_order(word[1:]):
            return Rejected(Problem.BAD_ORDER, word)
        if self.order is not None:
            return self._again()
        self.order, self.everyday = word[1:], False
        return 1

    def _take_email(self, word: str) -> int | Rejected:
        if not is_email(word):
            return Rejected(Problem.BAD_EMAIL, word)
        if self.email is not None:
            return self._again()
        self.email, self.everyday = word, False
        return 1

    def _take_lifetime(self, word: str, lifetime: timedelta) -> int | Rejected:
        if self.lifetime is not None:
            return self._again()
        if not lifetime_allowed(lifetime):
            return Rejected(Problem.BAD_LIFETIME, word)
        self.lifetime = lifetime
        # "5m cable", "3d model": a size as much as a time when a description comes next.
        self.everyday = lifetime < _SHORT or word.lower() in {"2d", "3d"}
        return 1

    def _again(self) -> int:
        self.review = True
        return 0
