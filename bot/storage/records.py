"""An invoice as a Redis hash and back.

Field names are two letters and empty fields are left out, so that a record stays a listpack
(each value under 256 bytes, see `embedded`). Times are whole milliseconds since the epoch.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from bot.domain.cards import Card
from bot.domain.invoice import Bucket, Face, Invoice, RestOf, Stale, Status


def to_ms(moment: datetime) -> int:
    """Milliseconds since the epoch of an aware `moment`."""
    return round(moment.timestamp() * 1000)


def from_ms(text: str) -> datetime:
    """The aware UTC moment of milliseconds since the epoch."""
    return datetime.fromtimestamp(int(text) / 1000, UTC)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    dump: Callable[[Any], str] = str
    load: Callable[[str], Any] = str


def _dump_flag(value: bool) -> str:  # noqa: FBT001 - it is the value
    return "1" if value else ""


def _dump_minutes(value: timedelta) -> str:
    return str(int(value.total_seconds() // 60))


def _load_minutes(text: str) -> timedelta:
    return timedelta(minutes=int(text))


def _dump_cards(cards: tuple[Card, ...]) -> str:
    return ",".join(f"{card.chat_id}:{card.message_id}" for card in cards)


def _load_cards(text: str) -> tuple[Card, ...]:
    pairs = (entry.split(":") for entry in text.split(","))
    return tuple(Card(int(chat), int(message)) for chat, message in pairs)


def _dump_rest_of(value: RestOf) -> str:
    return f"{value.id}.{value.uuid}"


def _load_rest_of(text: str) -> RestOf:
    return RestOf(*text.split("."))


def _load_words(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _moment(name: str) -> _Field:
    return _Field(name, lambda value: str(to_ms(value)), from_ms)


def _flag(name: str) -> _Field:
    return _Field(name, _dump_flag, bool)


def _dump_decimal(value: Decimal) -> str:
    return format(value, "f")


FIELDS: Mapping[str, _Field] = {
    "status": _Field("st", load=Status),
    "amount": _Field("am", _dump_decimal, Decimal),
    "currency": _Field("cu"),
    "chat_id": _Field("ch", load=int),
    "seller_id": _Field("by", load=int),
    "asked_at": _moment("at"),
    "language": _Field("la"),
    "thread_id": _Field("th", load=int),
    "reply_to": _Field("re", load=int),
    "coins": _Field("co", ",".join, _load_words),
    "lifetime": _Field("li", _dump_minutes, _load_minutes),
    "order": _Field("or"),
    "email": _Field("em"),
    "description": _Field("de"),
    "issuer": _Field("is"),
    "attempt_at": _moment("aa"),
    "attempt_ended": _moment("ae"),
    "absent_since": _moment("ab"),
    "waiting": _flag("wa"),
    "retry_at": _moment("ra"),
    "refusal": _Field("no"),
    "uuid": _Field("uu"),
    "link": _Field("ln"),
    "address": _Field("ad"),
    "coin": _Field("cn"),
    "amount_to_pay": _Field("tp", _dump_decimal, Decimal),
    "detailed": _flag("dt"),
    "expires": _moment("ex"),
    "project": _Field("pr"),
    "test_mode": _flag("te"),
    "twins_until": _moment("tw"),
    "paid": _Field("pd", _dump_decimal, Decimal),
    "received": _Field("rv", _dump_decimal, Decimal),
    "fees": _Field("fe", _dump_decimal, Decimal),
    "remaining": _Field("rm", _dump_decimal, Decimal),
    "since": _moment("si"),
    "word": _Field("wo"),
    "accepted": _flag("ac"),
    "rest": _Field("rs"),
    "rest_of": _Field("ro", _dump_rest_of, _load_rest_of),
    "cashier": _flag("ks"),
    "hint": _Field("hi"),
    "remind": _Field("rd", _dump_minutes, _load_minutes),
    "reminded": _flag("rg"),
    "told": _Field("tl", _dump_decimal, Decimal),
    "stale": _Field("sl", load=Stale),
    "indexed": _Field("ix", load=Bucket),
    "announced": _Field("sa", load=Face),
    "showing": _Field("sh", load=int),
    "repeated": _flag("rp"),
    "cards": _Field("ca", _dump_cards, _load_cards),
}

_values: Final = attrgetter(*FIELDS)
_DUMPS: Final = tuple((field.name, field.dump) for field in FIELDS.values())
_ALL: Final = range(len(_DUMPS))
_LOADS: Final = {field.name: (name, field.load) for name, field in FIELDS.items()}

# A field that says the same as another one is kept as this sign: a record is to stay small.
_SAME_AS: Final = "="
_UUID: Final = "\x1f"  # at the end of a link: the provider's id, as no link has such a sign
_REPEATS: Final = {
    "by": "ch",
    "co": "cn",
    "sa": "st",
    "ix": "st",
    "pd": "tp",
    "rv": "pd",
    "tl": "pd",  # read in this order: what comes later may build on it
}
# What is written together, as how one is written depends on another.
_TOGETHER: Final = (
    {"ch", "by", "ca"},
    {"cn", "co"},
    {"st", "sa", "ix"},
    {"tp", "pd", "rv", "tl"},
    {"uu", "ln"},
)


def _with(name: str) -> frozenset[int]:
    names = next((group for group in _TOGETHER if name in group), {name})
    return frozenset(place for place in _ALL if _DUMPS[place][0] in names)


_WITH: Final = tuple(_with(name) for name, _ in _DUMPS)


def dump(invoice: Invoice) -> dict[str, str]:
    """The hash of an invoice, without its id and without what is empty."""
    return _dumped(_values(invoice), _ALL)


def _dumped(values: Sequence[Any], places: Iterable[int]) -> dict[str, str]:
    """Of these fields, and of all that how they are written depends on."""
    full = {}
    for place in places:
        if value := values[place]:
            name, dump = _DUMPS[place]
            full[name] = dump(value)
    for name, other in reversed(_REPEATS.items()):
        if name in full and full[name] == full.get(other):
            full[name] = _SAME_AS
    if "ln" in full:
        uuid = full.get("uu", "").removeprefix("INV-")
        if uuid and full["ln"].endswith(uuid):
            full["ln"] = full["ln"].removesuffix(uuid) + _UUID
    if "ca" in full:
        own = full["ch"]
        full["ca"] = ",".join(
            card.removeprefix(own) if card.startswith(f"{own}:") else card
            for card in full["ca"].split(",")
        )
    return full


def load(invoice_id: str, stored: Mapping[str, str]) -> Invoice:
    """The invoice of a hash."""
    told = dict(stored)
    for name, other in _REPEATS.items():
        if told.get(name) == _SAME_AS:
            told[name] = told[other]
    if told.get("ln", "").endswith(_UUID):
        told["ln"] = told["ln"].removesuffix(_UUID) + told["uu"].removeprefix("INV-")
    if "ca" in told:
        cards = told["ca"].split(",")
        told["ca"] = ",".join(told["ch"] + card if card[0] == ":" else card for card in cards)
    known = {}
    for name, value in told.items():
        if name in _LOADS:  # a lease has fields of its own
            attribute, load_value = _LOADS[name]
            known[attribute] = load_value(value)
    return Invoice(id=invoice_id, **known)


def paired(flat: Iterable[str]) -> Mapping[str, str]:
    """A hash as scripts return it: field, value, field, value …"""
    parts = list(flat)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def changes(old: Invoice, new: Invoice) -> tuple[dict[str, str], list[str]]:
    """Fields to set and fields to delete to make `old` into `new`."""
    before, after = _values(old), _values(new)
    places: set[int] = set()
    for place in _ALL:
        was, is_ = before[place], after[place]
        if was is not is_ and (was != is_ or isinstance(is_, Decimal)):  # 20 is written as it is
            places |= _WITH[place]
    old_hash, new_hash = _dumped(before, places), _dumped(after, places)
    changed = {name: value for name, value in new_hash.items() if old_hash.get(name) != value}
    return changed, [name for name in old_hash if name not in new_hash]


assert {name for group in _TOGETHER for name in group} >= {*_REPEATS, *_REPEATS.values()}  # noqa: S101 - likewise
assert {field.name for field in fields(Invoice)} - {"id"} == FIELDS.keys()  # noqa: S101 - at import: a new field must be stored
