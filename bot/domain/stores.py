"""The forms of `REDIS_URL`, taken apart.

    redis://[user:password@]host[:port][/db]                        one server; rediss:// for TLS
    unix://[user:password@]/path/to/socket[?db=…]                   one server on this machine
    redis+cluster://[user:password@]host[:port][,host[:port]…]      a cluster, by some of its nodes
    redis+sentinel://[user:password@]host[:port][,…]/service[/db]   whichever server is the primary

`rediss+cluster://` and `rediss+sentinel://` speak TLS to all of them. After `?` may follow the
`OPTIONS` below: those of redis-py, and the login of the sentinels.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, quote_plus, unquote, urlencode, urlsplit

FORMS: Final = (
    "put redis://host:6379/0, rediss://… for TLS, unix:///path/to/socket, "
    "redis+cluster://host:6379,host:6379 or redis+sentinel://host:26379,host:26379/service"
)

_PLAIN: Final = ("db", "username", "password", "client_name")
_SPEED: Final = ("socket_timeout", "socket_connect_timeout", "health_check_interval")
_TLS: Final = (
    "ssl_ca_certs",
    "ssl_certfile",
    "ssl_keyfile",
    "ssl_password",
    "ssl_cert_reqs",
    "ssl_check_hostname",
)
_SENTINEL: Final = ("sentinel_username", "sentinel_password")
OPTIONS: Final = (*_PLAIN, *_SPEED, *_TLS, *_SENTINEL)

Address = tuple[str, int]


class Kind(StrEnum):
    """How many servers an address stands for, and who says which one is asked."""

    SERVER = ""
    CLUSTER = "cluster"
    SENTINEL = "sentinel"


_PORTS: Final = {Kind.SERVER: 6379, Kind.CLUSTER: 6379, Kind.SENTINEL: 26379}


@dataclass(frozen=True, slots=True, repr=False)
class Store:
    """What an address says. `server` is the URL of its first host, as redis-py reads it; on a
    unix socket there are no `hosts`."""

    kind: Kind
    server: str
    hosts: tuple[Address, ...] = ()
    service: str = ""
    sentinel: tuple[tuple[str, str], ...] = ()  # username and password of the sentinels
    secrets: tuple[str, ...] = ()


def parse_store(text: str) -> Store:
    """Take an address apart. Raises ValueError with what to put, without the address itself."""
    scheme, separator, rest = text.partition("://")
    base, _, word = scheme.partition("+")
    if not separator or any(sign.isspace() or sign in "<>#" for sign in text):
        raise ValueError(FORMS)
    place, _, query = rest.partition("?")
    options = _options(query, base, word)
    login, _, socket = place.rpartition("@")
    if scheme == "unix" and socket.startswith("/") and len(socket) > 1:
        return Store(Kind.SERVER, text, secrets=_secrets(login, options))
    if base not in ("redis", "rediss") or word not in tuple(Kind) or scheme.endswith("+"):
        raise ValueError(FORMS)
    kind = Kind(word)
    netloc, _, path = place.partition("/")
    login, at, names = netloc.rpartition("@")
    hosts = tuple(_address(name, _PORTS[kind]) for name in names.split(","))
    if kind is Kind.SERVER and len(hosts) > 1:
        raise ValueError("several hosts are a cluster or sentinels: " + FORMS)
    service, number = _path(kind, path, options)
    first = names.split(",")[0]
    ours = [(name, value) for name, value in options if name not in (*_SENTINEL, "db")]
    return Store(
        kind,
        f"{base}://{login}{at}{first}/{number}" + (f"?{urlencode(ours)}" if ours else ""),
        hosts,
        service,
        tuple((n.removeprefix("sentinel_"), v) for n, v in options if n in _SENTINEL),
        _secrets(login, options),
    )


def _address(name: str, port: int) -> Address:
    try:
        parts = urlsplit(f"redis://{name}")
        if parts.hostname and not parts.path and (parts.port is None or parts.port):
            return unquote(parts.hostname), parts.port or port
    except ValueError:  # a port that is no number, an address that is none
        pass
    raise ValueError(FORMS)


def _path(kind: Kind, path: str, options: list[tuple[str, str]]) -> tuple[str, int]:
    """The service that sentinels watch, and the number of the database."""
    parts = [part for part in path.split("/") if part]
    service = ""
    if kind is Kind.SENTINEL:
        if not parts:
            raise ValueError("name the service after the sentinels: …:26379/mymaster")
        service = unquote(parts.pop(0))
    given = dict(options).get("db") or "/".join(parts) or "0"
    if not (given.isascii() and given.isdigit()):
        raise ValueError("put the number of the database after the last /, or nothing")
    if kind is Kind.CLUSTER and int(given):
        raise ValueError("a cluster has the database 0 alone: leave the number out")
    return service, int(given)


def _options(query: str, base: str, word: str) -> list[tuple[str, str]]:
    options = parse_qsl(query, keep_blank_values=True)
    known = [*_PLAIN, *_SPEED]
    known += _TLS if base == "rediss" else ()
    known += _SENTINEL if word == Kind.SENTINEL else ()
    for name, value in options:
        if name not in known:
            raise ValueError(f"after the ? put only {', '.join(known)}")
        if not value or (name in ("db", *_SPEED) and not _is_number(value)):
            raise ValueError(f"the value of {name} is none")
    return options


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def _secrets(login: str, options: list[tuple[str, str]]) -> tuple[str, ...]:
    """Every form in which a password of the address may show up."""
    words = [login.partition(":")[2]]
    words += [value for name, value in options if name.endswith("password")]
    forms = (form for word in words if word for form in (word, unquote(word), quote_plus(word)))
    return tuple(dict.fromkeys(forms))
