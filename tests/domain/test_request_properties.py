"""What holds for every line: money survives being shown, nothing raises, nothing is guessed.

The last is checked against an oracle written apart from the reader: a plain regular expression for
amounts that can be read in one way, and the parts of the line put together again.
"""

import random
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.coin_search import find_coins, match_coins
from bot.domain.coins import COINS
from bot.domain.currencies import CURRENCIES, find_currency, is_foreign, is_loose, minor_units
from bot.domain.languages import LANGUAGES
from bot.domain.money import Money, format_money, plain_amount
from bot.domain.problems import Rejected, clean
from bot.domain.requests import Request, looks_like_request, read_request

MORE = settings(max_examples=8 * settings().max_examples)  # the two that carry most
DEFAULTS = st.sampled_from([None, "USD", "EUR", "JPY", "CAD", "RUB"])


def amounts(currency: str) -> st.SearchStrategy[Decimal]:
    decimals = minor_units(currency)
    return st.integers(1, 10**15 - 1).map(lambda units: Decimal(units).scaleb(-decimals))


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("currency", CURRENCIES)
@given(data=st.data(), default=DEFAULTS, text=st.sampled_from(["", " lunch", " usdt trc20 24h"]))
def test_money_shown_reads_as_itself(
    currency: str, locale: str, data: st.DataObject, default: str | None, text: str
) -> None:
    money = Money(data.draw(amounts(currency)), currency)
    request = read_request(format_money(money, locale) + text, default_currency=default)
    assert isinstance(request, Request)
    assert request.currencies == (currency,)
    assert money.amount in request.amounts
    assert request.description == text.strip().removesuffix("usdt trc20 24h")


@pytest.mark.parametrize("currency", CURRENCIES)
@given(data=st.data())
def test_plain_digits_read_as_themselves_at_once(currency: str, data: st.DataObject) -> None:
    amount = data.draw(amounts(currency))
    request = read_request(f"{plain_amount(amount)} {currency}", default_currency=None)
    assert request == Request((amount,), (currency,))


# What lines are made of, and what they are broken with.
NUMBERS = st.one_of(
    st.from_regex(r"[1-9][0-9]{0,3}([.,][0-9]{1,2})?", fullmatch=True),
    st.from_regex(
        r"[1-9][0-9]{0,2}([.,' ’\u00a0\u202f][0-9]{3}){1,2}([.,][0-9]{2})?", fullmatch=True
    ),
    st.from_regex(r"[0-9]{1,4}([.,' ’\u00a0\u202f][0-9]{1,4}){0,3}", fullmatch=True),
    st.sampled_from(["50", "1,000", "1 000,50", "0", "-5", "1e3", "10k", "٥٠", "50²", "½", "NaN"]),
)
MONEY_WORDS = st.sampled_from(
    [
        *(
            "EUR",
            "eur",
            "€",
            "$",
            "¥",
            "JPY",
            "руб",
            "доллар США",
            "US dollars",
            "try",
            "sum",
            "р.",
        ),
        *("CHF", "₩", "kr", "ЕUR", "EUR/USD", "pesos", "A$", "som"),
    ]
)
COIN_WORDS = st.sampled_from(
    ["usdt trc20", "BTC,ETH", "usdt", "ton", "btc", "trc20", "eth base", "ltc", "op", "tether on"]
)
FIELDS = st.sampled_from(
    ["24h", "90m", "2d", "0m", "99d", "#A-17", "#", "#я", "b@mail.com", "a@b", "@x", "—", "\n", ","]
)
TEXT = st.one_of(st.sampled_from(["lunch", "2 T-shirts", "за обед", "20 USD"]), st.text(max_size=9))
PIECES = st.one_of(NUMBERS, MONEY_WORDS, COIN_WORDS, FIELDS, TEXT)
SPACES = st.sampled_from([*" " * 9, "", "\u00a0", "  ", "\t", "\u2003", "\u200b"])
ANYTHING = st.text(st.characters(codec=None), max_size=80)


@st.composite
def lines(draw: st.DrawFn) -> str:
    """Lines that begin as the grammar has it, go on with any pieces, and are broken in places."""
    front = draw(
        st.one_of(
            st.tuples(NUMBERS, SPACES, MONEY_WORDS),
            st.tuples(MONEY_WORDS, SPACES, NUMBERS),
            st.tuples(NUMBERS),
        )
    )
    rest = draw(st.lists(st.tuples(SPACES, PIECES), max_size=5))
    line = "".join(front) + "".join(space + piece for space, piece in rest)
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        at = draw(st.integers(0, len(line)))
        line = line[:at] + draw(st.text(max_size=1)) + line[at + draw(st.integers(0, 1)) :]
    return line


@MORE
@given(line=st.one_of(lines(), ANYTHING), default=DEFAULTS, bare=st.booleans())
def test_no_line_raises_and_every_answer_can_be_shown(
    line: str, default: str | None, bare: bool
) -> None:
    looks_like_request(line)
    answer = read_request(line, default_currency=default, bare=bare)
    if isinstance(answer, Rejected):
        assert len(answer.typed) <= 64
        assert answer.typed == clean(answer.typed)
        answer.typed.encode()
        return
    assert len(answer.description.encode()) <= 240
    assert answer.description == clean(answer.description)
    assert set(answer.currencies) <= set(CURRENCIES)
    assert set(answer.coins) <= set(COINS)
    assert len(set(answer.amounts)) == len(answer.amounts)


EVERYDAY_COINS = {"ton", "sol", "op", "arb", "trump"}
ONE_WAY_AMOUNT = re.compile(r"(0|[1-9][0-9]*)(?:[.,]([0-9]{1,2}))?(?![0-9]|[.,'’][0-9])")


@MORE
@given(line=lines(), default=DEFAULTS)
@example(line="50 EUR 24h #A-17 b@mail.com usdt trc20 lunch", default=None)
@example(line="EUR50—lunch", default="USD")
@example(line="50 lunch", default="EUR")
def test_only_what_reads_in_one_way_creates_at_once(line: str, default: str | None) -> None:
    request = read_request(line, default_currency=default)
    if isinstance(request, Rejected) or not request.is_certain:
        return
    (amount,), (currency,) = request.amounts, request.currencies
    Money(amount, currency)
    number = ONE_WAY_AMOUNT.search(line)
    assert number is not None
    assert amount == Decimal(number.group().replace(",", "."))
    assert len(number.group(2) or "") <= minor_units(currency)
    assert line[number.end() :][:1] not in set("%²½")
    before = line[: number.start()].strip()
    assert before == "" or find_currency(before) == (currency,) or is_loose(before)
    rest = line[number.end() :]
    assert accounted(rest, request)
    if request.description:
        middle = clean(rest).removesuffix(request.description)
        assert not EVERYDAY_COINS & set(re.split(r"[\s,]+", middle.lower()))
    if before == "":
        # Then the currency stands at once behind, or nothing there looks like one.
        named = [name for name in beginnings(rest) if find_currency(name)]
        assert currency == default or named
        assert all(currency in find_currency(name) for name in named[-1:])
        assert not any(is_foreign(name) for name in beginnings(rest))
        assert named or not match_coins(rest.split())[0]


def beginnings(rest: str) -> list[str]:
    """The first word, the first two and so on, as far as the longest name of a currency."""
    words = rest.split()
    return [" ".join(words[:count]).rstrip(",;:") for count in range(1, min(len(words), 4) + 1)]


def accounted(rest: str, request: Request) -> bool:
    """True when every word of `rest` is in the request: as a field, or in the description."""
    text = clean(rest)
    assert text.endswith(request.description)
    middle = text[: len(text) - len(request.description)]
    words = [word.strip(",;:") for word in re.split(r"\s+|—", middle)]
    words = [word for word in words if word not in {"", "-", "–", "--"}]
    order, email = f"#{request.order}", request.email
    left = [word for word in words if word not in {order, email} and not is_time(word, request)]
    starts = {0}
    for _ in range(2):  # a currency may be named twice: "50 $ CAD"
        starts |= {
            start + count
            for start in starts
            for count in range(1, 5)
            if is_money(" ".join(left[start : start + count]), request)
        }
    return any(
        names_coins(left[start:], request) if left[start:] else not request.coins
        for start in starts
    )


def is_time(word: str, request: Request) -> bool:
    parts = re.findall(r"([0-9]+)([a-zа-я])", word.lower())
    seconds = {"d": 86400, "д": 86400, "h": 3600, "ч": 3600, "m": 60, "м": 60}
    total = sum(int(count) * seconds.get(unit, 0) for count, unit in parts)
    return bool(parts) and request.lifetime == timedelta(seconds=total)


def is_money(name: str, request: Request) -> bool:
    return request.currencies[0] in find_currency(name)


def names_coins(words: list[str], request: Request) -> bool:
    choice = find_coins(" ".join(words))
    return choice is not None and choice.coins == request.coins


@given(
    units=st.integers(1, 10**9),
    currency=st.sampled_from(CURRENCIES),
    coins=st.lists(st.sampled_from(list(COINS)), unique=True, max_size=3),
    minutes=st.none() | st.integers(15, 60 * 24 * 30),
    order=st.none() | st.from_regex(r"[A-Za-z0-9._/-]{1,32}", fullmatch=True),
    email=st.none() | st.sampled_from(["b@mail.com", "a.b+c@x-y.co.uk"]),
    description=st.text(st.characters(codec="utf-8", categories=["L"]), max_size=20),
    shuffle=st.randoms(use_true_random=False),
)
def test_a_line_of_the_grammar_says_what_it_was_made_of(
    units: int,
    currency: str,
    coins: list[str],
    minutes: int | None,
    order: str | None,
    email: str | None,
    description: str,
    shuffle: random.Random,
) -> None:
    amount = Decimal(units).scaleb(-minor_units(currency))
    fields = [",".join(coins), f"{minutes}m" if minutes else "", f"#{order}" if order else ""]
    fields.append(email or "")
    shuffle.shuffle(fields)
    line = f"{plain_amount(amount)} {currency} {' '.join(fields)}\n{description}"
    request = read_request(line, default_currency="USD")
    assert isinstance(request, Request)
    assert (request.amounts, request.currencies) == ((amount,), (currency,))
    assert request.coins == tuple(coins)
    assert request.lifetime == (timedelta(minutes=minutes) if minutes else None)
    assert (request.order, request.email) == (order, email)
    assert request.description == clean(description)
