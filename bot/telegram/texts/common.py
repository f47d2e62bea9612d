"""Pieces that several texts are made of."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_datetime, format_skeleton
from babel.numbers import format_decimal

from bot.domain.coins import COINS
from bot.domain.money import Money, format_money
from bot.telegram.i18n import Html, Translator


def money(tr: Translator, amount: Decimal, currency: str) -> str:
    """An amount as the reader writes it: "50.00 EUR"."""
    return _money(amount, currency, tr.language)


@lru_cache(maxsize=1024)  # a card says the same amount three times
def _money(amount: Decimal, currency: str, language: str) -> str:
    return format_money(Money(amount, currency), language)


def moment(tr: Translator, at: datetime) -> Html:
    """A moment in the reader's own time zone; old clients show it in UTC."""
    fallback = tr.html(
        "{time} UTC", time=format_datetime(at, "d MMM, HH:mm", tzinfo=at.tzinfo, locale=tr.language)
    )
    return Html(f'<tg-time unix="{int(at.timestamp())}" format="Dt">{fallback}</tg-time>')


def duration(tr: Translator, span: timedelta) -> str:
    """A lifetime in words: "2 days 3 h"."""
    minutes = int(span.total_seconds() // 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = []
    if days:
        parts.append(tr.plural("{n} day", "{n} days", days))
    if hours:
        parts.append(tr.plural("{n} hour", "{n} hours", hours))
    if minutes:
        parts.append(tr.plural("{n} minute", "{n} minutes", minutes))
    return " ".join(parts)


def coin(tr: Translator, code: str) -> str:
    """A coin and its network in words: "USDT on TRON (TRC20)"."""
    found = COINS.get(code)
    if found is None:
        return code  # the provider may know coins that we do not
    return found.own_title or tr(
        "{asset} on {network}", asset=found.asset, network=found.network_name
    )


def coins(tr: Translator, codes: tuple[str, ...]) -> str:
    """What may be paid with."""
    if not codes:
        return tr("any coin, the buyer chooses")
    if len(codes) == 1:
        return tr("{coin} only", coin=coin(tr, codes[0]))
    return tr("the buyer chooses among {coins}", coins=", ".join(coin(tr, code) for code in codes))


def lines(*parts: str | None) -> Html:
    """One below the other, without those that say nothing."""
    return Html("\n".join(part for part in parts if part))


def number(tr: Translator, amount: Decimal) -> str:
    """An amount whose currency is not settled yet."""
    return format_decimal(amount, locale=tr.language, decimal_quantization=False)


def day(tr: Translator, at: datetime) -> str:
    """A day on a button, where no `<tg-time>` can stand: by UTC."""
    return format_skeleton("MMMd", at, tzinfo=at.tzinfo, locale=tr.language)
