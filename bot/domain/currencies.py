"""The 25 fiat currencies of the provider and how people name them.

Source of the list: CryptoCloud API v2, `POST /invoice/create`, field `currency`. Decimals and names
are CLDR's (Babel), loaded on first use because most lines need only a code.
"""

import unicodedata
from functools import cache

from bot.domain.currency_words import EVERYDAY, FOREIGN, LONG_NAMES, LOOSE, PRIMARY, WORDS
from bot.domain.languages import LANGUAGES
from bot.domain.words import fold

# In the order of a picker: the most used first, then by region.
CURRENCIES: tuple[str, ...] = (
    *("USD", "EUR", "GBP", "RUB", "UAH", "KZT", "BYN", "UZS", "KGS", "AMD", "AZN", "TRY", "AED"),
    *("CNY", "HKD", "JPY", "INR", "IDR", "SGD", "THB", "VND", "MYR", "PHP", "AUD", "CAD"),
)
LONGEST_NAME = 4  # words: "United Arab Emirates dirham"

_CODES = {code.lower(): (code,) for code in CURRENCIES}


@cache
def minor_units(code: str) -> int:
    """Decimals of `code` by CLDR; KeyError for a currency the provider does not take."""
    from babel.numbers import get_currency_precision

    if code not in CURRENCIES:
        raise KeyError(code)
    return get_currency_precision(code)


def currency_name(code: str, locale: str) -> str:
    """CLDR's name for a list or a button: "US Dollar", "доллар США"."""
    from babel.numbers import get_currency_name

    return get_currency_name(code, locale=locale)


def currency_symbol(code: str, locale: str) -> str:
    """The sign readers of `locale` know, distinct among ours, or the code where there is none."""
    from babel.numbers import get_currency_symbol

    return get_currency_symbol(code, locale=locale)


def find_currency(word: str) -> tuple[str, ...]:
    """The currencies `word` may mean: by code, sign or name in the interface languages.

    None: not a currency of ours. Several: a shared sign or word, to be asked about, never guessed.
    """
    key = fold(word).rstrip(".")
    return _CODES.get(key) or WORDS.get(key) or (_names().get(key, ()) if " " in key else ())


def settle(word: str, found: tuple[str, ...], default: str | None) -> tuple[str, ...]:
    """`found` narrowed to the chat's default where the shared `word` is that currency's own."""
    if len(found) > 1 and default is not None and PRIMARY.get(fold(word).rstrip(".")) == default:
        return (default,)
    return found


def is_loose(word: str) -> bool:
    """True when `word` is shared with another currency, ours or not: to be read first."""
    key = fold(word).rstrip(".")
    return key in LOOSE or len(WORDS.get(key, ())) > 1


def is_everyday(word: str) -> bool:
    """True when `word` is also plain language; an upper-case code never is."""
    return fold(word).rstrip(".") in EVERYDAY and not (word.isupper() and len(word) > 1)


def is_foreign(word: str) -> bool:
    """True for money the provider does not take: "CHF", "₩", "kr", "Swiss francs"."""
    key = fold(word).rstrip(".")
    if not key or find_currency(word):
        return False
    if " " in key:
        return key in _names()
    if any(unicodedata.category(char) == "Sc" for char in key) or key in FOREIGN:
        return True
    return word in foreign_codes()  # in lower case most are everyday words: all, cup, top


def begins_name(word: str) -> bool:
    """True when `word` is the first of a name of several words, of any currency."""
    return fold(word) in _first_words()


@cache
def foreign_codes() -> frozenset[str]:
    """Codes of money in use today that the provider does not take."""
    from babel.core import get_global

    in_use = {
        code
        for rows in get_global("territory_currencies").values()
        for code, _start, end, _tender in rows
        if end is None
    }
    return frozenset(in_use - set(CURRENCIES))


@cache
def _first_words() -> frozenset[str]:
    return frozenset(name.partition(" ")[0] for name in _names())


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """CLDR names of several words, in every plural form; empty tuple: not one of ours."""
    from babel.numbers import get_currency_name

    names: dict[str, tuple[str, ...]] = {}
    for code in (*foreign_codes(), *CURRENCIES):
        for locale in LANGUAGES:
            for count in (None, 1, 2, 5, 1.5):
                name = fold(get_currency_name(code, count=count, locale=locale))
                if " " in name:
                    names[name] = (code,) if code in CURRENCIES else ()
    return names | LONG_NAMES
