"""Where a description begins to look like money, so that the line is read before it is made."""

import re

from bot.domain.currencies import CURRENCIES, foreign_codes
from bot.domain.front import read_front
from bot.domain.mentions import TRAILING, has_money_sign
from bot.domain.problems import Problem, Rejected
from bot.domain.words import names, tokens

MAX_DESCRIPTION = 240  # bytes of UTF-8: it keeps the stored record small

_ONLY_NUMBERS = re.compile(r"[\d\s.,'’]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_CODE_LETTERS = 3
_MONEY_PROBLEMS = frozenset(
    (Problem.UNKNOWN_CURRENCY, Problem.TWO_CURRENCIES, Problem.AMOUNT_IN_COIN),
)


def doubtful_start(description: str, *, currency_named: bool) -> bool:
    """True when `description` begins like a second amount or, with none named, like a currency.

    "50 EUR 20 USD" must not become 50 EUR for "20 USD" unseen, nor "50 ЕUR" with a Cyrillic letter
    fifty of the chat's own currency.
    """
    if not description:
        return False
    if _ONLY_NUMBERS.fullmatch(description):
        return True
    front = read_front(description, None)
    if isinstance(front, Rejected):
        if front.problem in _MONEY_PROBLEMS:
            return True
    elif front.named:
        return True
    if currency_named:
        return False
    first = tokens(description, 0, 1)[0].text.rstrip(TRAILING)
    return has_money_sign(first) or any(map(_like_code, _LETTERS.findall(first[:64])))


# Well-known coins that the provider does not take.
_FOREIGN_COINS = names(
    "ada atom avax bch cardano dash doge dogecoin dot etc matic monero near pol ripple sui xlm xmr "
    "xrp zec догикоин рипл"
)


def names_foreign_coin(description: str) -> bool:
    """True when `description` begins with a coin that cannot be had: "50 EUR doge" asks for it."""
    first = tokens(description, 0, 1)
    return bool(first) and first[0].text.rstrip(TRAILING).lower() in _FOREIGN_COINS


def _like_code(letters: str) -> bool:
    if len(letters) != _CODE_LETTERS:
        return False
    code = letters.upper()
    mixed = not letters.isascii() and any(char.isascii() for char in letters)
    return letters.isupper() or mixed or code in CURRENCIES or code in foreign_codes()
