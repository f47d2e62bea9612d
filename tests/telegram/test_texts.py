"""Everything people read, rendered in every language for values of every kind."""

import importlib
import inspect
import itertools
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from types import ModuleType, NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from aiogram.types import InlineKeyboardMarkup

from bot.domain.cards import Card, Sight
from bot.domain.chats import ChatSettings, Issuers
from bot.domain.coins import ASSETS, COINS
from bot.domain.currencies import CURRENCIES
from bot.domain.drafts import Draft, Step, Stored
from bot.domain.history import Cursor, Page
from bot.domain.invoice import Bucket, Invoice, Status
from bot.domain.languages import LANGUAGES
from bot.domain.people import Role, Seller
from bot.domain.periods import Period
from bot.domain.problems import Problem, Rejected
from bot.domain.statistics import Statistics
from bot.sandbox.telegram.entities import utf16_length
from bot.sandbox.telegram.formatting import parse_html
from bot.services.charts import Labels
from bot.telegram import (
    commands,
    keyboards,
    keyboards_admin,
    keyboards_cards,
    keyboards_lists,
    keyboards_settings,
    texts,
)
from bot.telegram.i18n import Html, Translator, Translators, catalogues
from bot.telegram.texts import asking, general, health, reports, settings, views
from tests.telegram.samples import ADMINS, AT, CREATED, MARKUP, PLAIN

TRANSLATORS = Translators(catalogues())
every_language = pytest.mark.parametrize(
    "tr", [TRANSLATORS[code] for code in LANGUAGES], ids=LANGUAGES
)

DRAFTS = [
    Draft("draft", step, amounts, currencies, coins, "USDT", span, order, email, description)
    for step in Step
    for amounts, currencies, coins, span, order, email, description in [
        ((Decimal(50),), ("EUR",), (), None, None, None, ""),
        (
            *((Decimal("1234567.5"),), ("EUR",), ("USDT_TRC20",), timedelta(days=2)),
            *("A-17", "buyer@example.com", MARKUP),
        ),
        ((Decimal(1), Decimal(1000)), ("USD", "CAD"), ("BTC", "ETH_ARB"), None, None, None, ""),
    ]
    if step not in (Step.SUMMARY, Step.CREATING) or len(amounts) == 1
] + [Draft("draft"), Draft("draft", Step.CURRENCY, (Decimal("49.90"),))]
INVOICES = [
    PLAIN,
    replace(PLAIN, waiting=True, description=MARKUP, order="A-17"),
    replace(PLAIN, attempt_ended=AT),
    *(
        replace(PLAIN, status=Status.REFUSED, refusal=why, repeated=True)
        for why in ("unreachable", "unauthorized", "stale", f"invalid:{MARKUP}")
    ),
    CREATED,
    replace(CREATED, coins=tuple(COINS), expires=AT, test_mode=True, chat_id=-1),
    replace(CREATED, coin="USDT_TRC20", address="TADDRESS", issuer=MARKUP, project="Shop"),
    replace(CREATED, coin="BTC", address="bc1", amount_to_pay=Decimal("0.00123"), repeated=True),
    replace(CREATED, word="on_hold", expires=AT),
    *(
        replace(
            CREATED,
            status=status,
            coin="BTC",
            address="bc1",
            amount_to_pay=to_pay,
            paid=Decimal("0.001"),
            fees=Decimal("0.0001"),
            remaining=to_pay,
            expires=AT,
        )
        for status in set(Status) - {Status.CREATING, Status.REFUSED}
        for to_pay in (None, Decimal("0.00123"))
    ),
    replace(CREATED, status=Status.SHORT, accepted=True),
]
STATISTICS = [Statistics.begun(AT), Statistics.begun(AT)]
STATISTICS[1].add(
    [
        *INVOICES,
        *(
            replace(CREATED, status=Status.PAID, currency=c, coin=k)
            for c in CURRENCIES
            for k in ("USDT_TRC20", "BTC")
        ),
    ]
)
SETTINGS = [
    ChatSettings(),
    *(ChatSettings("JPY", ("USDT_BSC",), span, "ru") for span in keyboards.LIFETIMES),
    *(ChatSettings(issuers=Issuers.ADMINS, alerts=where) for where in ("private", "t0", "t7")),
]
SELLERS = [Seller(7, MARKUP, role, 1, AT) for role in (Role.SELLER, Role.CASHIER)]
STRINGS: dict[str, list[str]] = {
    "asset": list(ASSETS),
    "code": [*COINS, "NEW_COIN"],
    "command": ["invite", "invite_cashier"],
    "currency": list(CURRENCIES),
    "default_currency": ["USD"],
    "link": ["", "https://t.me/c/7/5"],
    "about": ["", MARKUP],
    "topic": ["", "t7"],
    "username": ["invoice_bot"],
}
VALUES: dict[object, list[Any]] = {
    Draft: DRAFTS,
    Invoice: INVOICES,
    ChatSettings: SETTINGS,
    Seller: SELLERS,
    list[Invoice]: [INVOICES[:1], INVOICES[:20]],
    Card: [Card(chat, 1, "", sight) for sight in Sight for chat in (1, -1)],
    Page: [
        Page(),
        Page(tuple(INVOICES[:8]), Cursor(1, "a" * 20, newer=True), Cursor(2**44, "a" * 20)),
    ],
    Bucket: list(Bucket),
    Statistics: STATISTICS,
    Period: [Period(AT.date(), AT.date())],
    int: [1, 90, 600],
    list[Seller]: [SELLERS * n for n in (0, 1, 11)],
    Role: list(Role),
    Rejected: [
        Rejected(p, typed, c) for p in Problem for typed in ("", MARKUP) for c in (None, "JPY")
    ],
    Html: [Html("<b>note</b>")],
    Decimal: [Decimal(50), Decimal(1234567)],
    datetime: [AT],
    timedelta: [*keyboards.LIFETIMES, timedelta(days=1, hours=2, minutes=5)],
    tuple[str, ...]: [(), ("BTC",), ("BTC", "NEW_COIN"), tuple(COINS)],
    Stored: [Stored(draft, 3, 5) for draft in DRAFTS],
    **ADMINS,
    NoneType: [None],
    bool: [False, True],
}


def values(name: str, kind: object) -> list[Any]:
    """What a parameter may be. A new type needs its values here."""
    if get_origin(kind) is not None and NoneType in get_args(kind):
        return [value for one in get_args(kind) for value in values(name, one)]
    return STRINGS.get(name, [MARKUP]) if kind is str else VALUES[kind]


def rendered(function: Callable[..., Any], tr: Translator) -> Iterator[Any]:
    hints = get_type_hints(function)
    names = [name for name in inspect.signature(function).parameters if name != "tr"]
    for chosen in itertools.product(*(values(name, hints[name]) for name in names)):
        yield function(tr=tr, **dict(zip(names, chosen, strict=True)))


def functions(*modules: ModuleType) -> list[Callable[..., Any]]:
    """The public ones that speak."""
    return [
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "tr" in inspect.signature(function).parameters
        and not inspect.iscoroutinefunction(function)
    ]


TEXTS = [
    function
    for found in pkgutil.iter_modules(texts.__path__)
    for function in functions(importlib.import_module(f"{texts.__name__}.{found.name}"))
]
KEYBOARDS = functions(
    keyboards, keyboards_admin, keyboards_cards, keyboards_lists, keyboards_settings
)
ALERTS = [  # shown in a window over a button, as plain text
    *(asking.outdated, asking.not_yours, asking.created_already, asking.creating),
    *(general.failed_alert, general.not_allowed),
    *(settings.not_here, settings.seller_gone, settings.removed, settings.admins_invoice),
    *(health.fed, health.dropped, health.gone),
    *(views.wait, views.gone, views.ended, views.busy, views.looked, views.sure),
    *(views.cancelled, views.accepted, views.rest_exists),
]


def said(texts: Iterable[Any]) -> Iterator[Any]:
    """Every text on its own. A part of a card may say nothing of some invoices."""
    for text in texts:
        if isinstance(text, list):
            yield from said(text)
        elif text is not None and not isinstance(text, Labels):
            yield text


@every_language
@pytest.mark.parametrize(
    "function", TEXTS, ids=lambda function: f"{function.__module__}.{function.__name__}"
)
def test_a_text_renders_whatever_it_is_of(function: Callable[..., Any], tr: Translator) -> None:
    for text in said(rendered(function, tr)):
        if not isinstance(text, Html):
            assert isinstance(text, str)
            assert text.strip() == text != ""
            continue
        plain, _ = parse_html(text)  # what Telegram would refuse, this refuses
        assert 0 < utf16_length(plain) <= 4096
        assert MARKUP in plain or MARKUP not in text
        assert not re.search(r"\{\w*\}", plain.replace(MARKUP, ""))
        assert "None" not in plain


@every_language
@pytest.mark.parametrize("function", ALERTS, ids=lambda function: function.__name__)
def test_a_window_over_a_button_holds_its_text(
    function: Callable[..., Any], tr: Translator
) -> None:
    for text in rendered(function, tr):
        assert utf16_length(text) <= 200
        assert not re.search("[<&]", text.replace(MARKUP, "")), text


@every_language
@pytest.mark.parametrize("function", KEYBOARDS, ids=lambda function: function.__name__)
def test_buttons_are_short(function: Callable[..., Any], tr: Translator) -> None:
    for markup in rendered(function, tr):
        if not isinstance(markup, InlineKeyboardMarkup):
            assert markup is None
            continue
        for row in markup.inline_keyboard:
            assert row
            for button in row:
                assert button.text.strip() == button.text != ""
                assert len(button.text) <= 40, button.text


@every_language
def test_the_command_menu_is_within_the_limits_of_telegram(tr: Translator) -> None:
    """https://core.telegram.org/bots/api#botcommand, #setmydescription, #setmyshortdescription"""
    menu = commands.admins(tr)
    assert [one.command for one in menu] == [
        one.command for one in commands.admins(TRANSLATORS["en"])
    ]
    for one in menu:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", one.command)
        assert 1 <= utf16_length(one.description) <= 256
    assert 1 <= utf16_length(commands.description(tr)) <= 512
    assert 1 <= utf16_length(commands.short_description(tr)) <= 120


def test_languages_differ() -> None:
    english, russian = (commands.admins(TRANSLATORS[code]) for code in ("en", "ru"))
    for one, other in zip(english, russian, strict=True):
        assert one.description != other.description


@every_language
def test_the_figures_fit_under_a_picture(tr: Translator) -> None:
    """https://core.telegram.org/bots/api#sendphoto: 1024 characters after entities parsing"""
    for figures in STATISTICS:
        plain, _ = parse_html(reports.statistics(tr, figures))
        assert 0 < utf16_length(plain) <= 1024
