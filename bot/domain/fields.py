"""What may stand between the money and the description: lifetime, order number, e-mail."""

import re
from datetime import timedelta

# The provider states no bounds for `time_to_pay`; these only keep out slips.
MIN_LIFETIME = timedelta(minutes=1)
MAX_LIFETIME = timedelta(days=30)

_LIFETIME = re.compile(
    r"(?:([0-9]{1,6})(?:days?|d|дней|дня|день|дн|д))?"
    r"(?:([0-9]{1,6})(?:hours?|hrs?|h|часов|часа|час|ч))?"
    r"(?:([0-9]{1,6})(?:minutes?|mins?|m|минут|минуты|мин|м))?",
)
_ORDER = re.compile(r"[A-Za-z0-9._/-]{1,32}")
_EMAIL_LIMIT = 254  # RFC 5321, a path without its brackets
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LOCAL_LIMIT = 64
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_TOP_LABEL = re.compile(r"[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59}", re.IGNORECASE)


def read_lifetime(word: str) -> timedelta | None:
    """`24h`, `90m`, `2d`, `1d12h`, `24ч`; None for another word. Bounds: `lifetime_allowed`."""
    match = _LIFETIME.fullmatch(word.lower()) if word[:1].isdigit() else None
    if match is None:
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def lifetime_allowed(lifetime: timedelta) -> bool:
    """True within the bounds of one minute and thirty days."""
    return MIN_LIFETIME <= lifetime <= MAX_LIFETIME


def is_order(number: str) -> bool:
    """True for a seller's order number, without its `#`: what `order_id` leaves room for."""
    return _ORDER.fullmatch(number) is not None


def is_email(address: str) -> bool:
    """True for a plain address `local@host.tld` in ASCII of at most 254 characters."""
    local, _, host = address.rpartition("@")
    labels = host.split(".")
    return (
        len(address) <= _EMAIL_LIMIT
        and len(local) <= _LOCAL_LIMIT
        and _LOCAL.fullmatch(local) is not None
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and _TOP_LABEL.fullmatch(labels[-1]) is not None
    )
