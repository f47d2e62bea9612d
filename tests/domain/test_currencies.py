"""The 25 currencies: complete, with their decimals, and found by what people call them."""

import pytest

from bot.domain.currencies import (
    CURRENCIES,
    currency_name,
    currency_symbol,
    find_currency,
    is_everyday,
    is_foreign,
    is_loose,
    minor_units,
    settle,
)
from bot.domain.currency_words import EVERYDAY, FOREIGN, LONG_NAMES, LOOSE, PRIMARY, WORDS
from bot.domain.languages import LANGUAGES
from bot.domain.words import fold

# The API page, word for word.
DOCUMENTED = (
    "USD, UZS, KGS, KZT, AMD, AZN, BYN, AUD, TRY, AED, CAD, CNY, HKD, IDR, INR, JPY, PHP, SGD, "
    "THB, VND, MYR, RUB, UAH, EUR, GBP"
)
DOLLARS = ("USD", "AUD", "CAD", "HKD", "SGD")


def test_all_of_the_page_and_nothing_else() -> None:
    assert sorted(CURRENCIES) == sorted(DOCUMENTED.split(", "))


def test_decimals_are_those_of_cldr() -> None:
    without = {code for code in CURRENCIES if minor_units(code) == 0}
    assert without == {"JPY", "VND"}
    assert {minor_units(code) for code in CURRENCIES} == {0, 2}


def test_decimals_of_another_currency_are_refused() -> None:
    with pytest.raises(KeyError):
        minor_units("KWD")


@pytest.mark.parametrize("code", CURRENCIES)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_found_by_code_and_by_its_name_and_sign_in_each_language(code: str, locale: str) -> None:
    assert find_currency(code) == find_currency(code.lower()) == (code,)
    assert find_currency(currency_name(code, locale)) == (code,)
    assert code in find_currency(currency_symbol(code, locale))


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("euro", ("EUR",)),
        ("Euros", ("EUR",)),
        ("ЕВРО", ("EUR",)),
        ("€", ("EUR",)),
        ("доллар США", ("USD",)),
        ("долларов США", ("USD",)),
        ("доллары США", ("USD",)),
        ("US dollars", ("USD",)),
        ("US$", ("USD",)),
        ("A$", ("AUD",)),
        ("hong kong dollars", ("HKD",)),
        ("UAE dirhams", ("AED",)),
        ("pounds sterling", ("GBP",)),
        ("₽", ("RUB",)),
        ("белорусских рублей", ("BYN",)),
        ("сум", ("UZS",)),
        ("сом", ("KGS",)),
        ("тенге", ("KZT",)),
        ("грн.", ("UAH",)),
        ("ｅｕｒ", ("EUR",)),  # NFKC serves words
        ("$", DOLLARS),
        ("＄", DOLLARS),
        ("dollars", DOLLARS),
        ("долларов", DOLLARS),
        ("¥", ("JPY", "CNY")),
        ("￥", ("JPY", "CNY")),
        ("руб.", ("RUB", "BYN")),
        ("рублей", ("RUB", "BYN")),
        ("som", ("KGS", "UZS")),
        ("рупий", ("INR", "IDR")),
        ("rupiah", ("IDR",)),
        ("kr", ()),
        ("CHF", ()),
        ("hello", ()),
        ("", ()),
        ("€²", ()),
        ("eur" * 2000, ()),
    ],
)
def test_found_by_word(word: str, codes: tuple[str, ...]) -> None:
    assert find_currency(word) == codes


@pytest.mark.parametrize(
    ("word", "default", "codes"),
    [
        ("$", "USD", ("USD",)),
        ("$", "CAD", DOLLARS),
        ("$", None, DOLLARS),
        ("руб", "RUB", ("RUB",)),
        ("руб", "BYN", ("RUB", "BYN")),
        ("¥", "JPY", ("JPY", "CNY")),
        ("¥", "CNY", ("JPY", "CNY")),
        ("€", "USD", ("EUR",)),
    ],
)
def test_a_shared_word_settles_on_its_own_default_only(
    word: str, default: str | None, codes: tuple[str, ...]
) -> None:
    assert settle(word, find_currency(word), default) == codes


@pytest.mark.parametrize("word", ["CHF", "₩", "kr", "zł", "Swiss francs", "шведских крон", "лари"])
def test_money_that_is_not_taken_is_known_as_money(word: str) -> None:
    assert is_foreign(word)


@pytest.mark.parametrize("word", ["EUR", "$", "lunch", "ABC", "chf", "all", "два слова", ""])
def test_other_words_are_not(word: str) -> None:
    assert not is_foreign(word)


def test_words_shared_with_other_money_are_loose() -> None:
    assert is_loose("$")
    assert is_loose("pesos")
    assert not is_loose("€")
    assert not is_loose("EUR")


def test_a_code_in_upper_case_is_no_everyday_word() -> None:
    assert is_everyday("try")
    assert not is_everyday("TRY")


@pytest.mark.parametrize("table", [WORDS, PRIMARY, LOOSE, EVERYDAY, FOREIGN, LONG_NAMES])
def test_tables_are_written_as_words_are_compared(table: "dict[str, object]") -> None:
    assert [word for word in table if fold(word).rstrip(".") != word] == []


def test_no_word_is_both_ours_and_foreign() -> None:
    assert not FOREIGN & WORDS.keys()
    assert all(code in CURRENCIES for codes in WORDS.values() for code in codes)
    assert all(word in WORDS for word in LOOSE)
