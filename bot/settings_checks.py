"""What a setting must look like. Each raises ValueError with what to put, never with the value."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from bot.domain.languages import LANGUAGES
from bot.domain.stores import parse_store

WEBHOOK_PORTS = (443, 80, 88, 8443)  # those that Telegram delivers to

_BOT_TOKEN = re.compile(r"[0-9]{5,}:[A-Za-z0-9_-]{30,}")
_HEADER_WORD = re.compile(r"[!-;=?-~]+")  # printable ASCII; no < >, so that placeholders are seen
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")  # the alphabet setWebhook allows
_USERNAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?")


def split_commas(value: object) -> object:
    """`a, b` as the environment has it; anything else is left to the type."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return (value,) if isinstance(value, int) else value


def bot_token(value: SecretStr) -> SecretStr:
    if not _BOT_TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("put the token as BotFather sent it: digits, a colon, 35 characters")
    return value


def header_word(value: SecretStr) -> SecretStr:
    if not _HEADER_WORD.fullmatch(value.get_secret_value()):
        raise ValueError("copy it from the project's page: no spaces, no quotes around it")
    return value


def shop_id(value: str) -> str:
    if not _HEADER_WORD.fullmatch(value):
        raise ValueError("copy it from the project's page: no spaces, no quotes around it")
    return value


def webhook_secret(value: SecretStr) -> SecretStr:
    if not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
        raise ValueError("put 16 to 256 characters of A-Z a-z 0-9 _ -")
    return value


def admin_ids(value: tuple[int, ...]) -> tuple[int, ...]:
    if not value or min(value) <= 0:
        raise ValueError("put at least one Telegram user id, a positive number")
    return tuple(dict.fromkeys(value))


def contact(value: str) -> str:
    if _USERNAME.fullmatch(value) or _url(value, "https", "http", "tg"):
        return value
    raise ValueError("put a @username or a link that begins with https://")


def host(value: str) -> str:
    if _HOST_NAME.fullmatch(value) or _is_address(value):
        return value
    raise ValueError("put an address or a host name to listen on, without a port")


def currency(value: str) -> str:
    from bot.domain.currencies import CURRENCIES

    if value.upper() not in CURRENCIES:
        raise ValueError(f"put one of {', '.join(CURRENCIES)}")
    return value.upper()


def language(value: str) -> str:
    if value.lower() not in LANGUAGES:
        raise ValueError(f"put one of {', '.join(LANGUAGES)}")
    return value.lower()


def api_url(value: str) -> str:
    """A base to append paths to. Plain http is for a server of one's own, in one's own network."""
    if not (parts := _url(value, "https", "http")) or parts.query or parts.fragment:
        raise ValueError("put an address that begins with https://, without ? and #")
    if parts.username is not None:  # no secret, so it may be shown; and it would replace the key's
        raise ValueError("put an address without a user name and password in it")
    return value.rstrip("/")


def provider_url(value: str) -> str:
    """As `api_url`, but the key travels there: unencrypted to this machine only."""
    parts = urlsplit(api_url(value))
    if parts.scheme != "https" and not _is_loopback(parts):
        raise ValueError("put an address that begins with https:// (http only for this machine)")
    return value.rstrip("/")


def public_url(value: str) -> str:
    parts = _url(value, "https", "http")
    if not parts or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("put the site's address, such as https://pay.example.com")
    if not _is_loopback(parts):
        if parts.scheme != "https":
            raise ValueError("put an address that begins with https://: Telegram calls no other")
        if (parts.port or 443) not in WEBHOOK_PORTS:
            raise ValueError("Telegram calls only the ports 443, 80, 88 and 8443: put one of them")
    return value.rstrip("/")


def redis_url(value: SecretStr) -> SecretStr:
    parse_store(value.get_secret_value())
    return value


def _url(value: str, *schemes: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        valid = parts.scheme in schemes and parts.hostname and (parts.port is None or parts.port)
    except ValueError:  # a port that is no number, an address that is none
        return None
    return parts if valid and not re.search(r"[\s<>]", value) else None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(parts: SplitResult) -> bool:
    name = parts.hostname or ""
    return name == "localhost" or (_is_address(name) and ip_address(name).is_loopback)
