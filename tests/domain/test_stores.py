"""Every form of REDIS_URL, and a clear word for what is none."""

from urllib.parse import quote

import pytest

from bot.domain.stores import FORMS, Kind, parse_store


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("redis://localhost", "redis://localhost/0"),
        ("redis://localhost:6380/", "redis://localhost:6380/0"),
        ("rediss://:test@10.0.0.1:6380/1", "rediss://:test@10.0.0.1:6380/1"),
        ("redis://user:p%40ss@store/2?db=3", "redis://user:p%40ss@store/3"),
        ("redis://[::1]:7000", "redis://[::1]:7000/0"),
        (
            "rediss://store?ssl_ca_certs=/etc/ca.pem&socket_timeout=1.5",
            "rediss://store/0?ssl_ca_certs=%2Fetc%2Fca.pem&socket_timeout=1.5",
        ),
        ("unix:///run/valkey.sock?db=1", "unix:///run/valkey.sock?db=1"),
        ("unix://me:test@/run/valkey.sock", "unix://me:test@/run/valkey.sock"),
    ],
)
def test_one_server(text: str, server: str) -> None:
    store = parse_store(text)
    assert (store.kind, store.server) == (Kind.SERVER, server)


def test_a_cluster() -> None:
    store = parse_store("rediss+cluster://user:test@one:7000,two,[::1]:7002/?client_name=bot")
    assert store.kind is Kind.CLUSTER
    assert store.hosts == (("one", 7000), ("two", 6379), ("::1", 7002))
    assert store.server == "rediss://user:test@one:7000/0?client_name=bot"


def test_sentinels() -> None:
    store = parse_store("redis+sentinel://:test@one,two:26380/my%20shop/2?sentinel_password=other")
    assert store.kind is Kind.SENTINEL
    assert store.hosts == (("one", 26379), ("two", 26380))
    assert store.service == "my shop"
    assert store.server == "redis://:test@one/2"
    assert store.sentinel == (("password", "other"),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost:6379",
        "http://localhost",
        "unix://",
        "unix:///",
        "redis://",
        "redis://:x@",
        "redis://host:0",
        "redis://host:port",
        "redis://host:70000",
        "redis://a b",
        "redis://host#1",
        "redis+://host",
        "+cluster://host",
        "redis+ring://host",
        "unix+cluster:///run/valkey.sock",
        "redis+cluster://",
        "redis+cluster://one,",
        "redis+cluster://one,,two",
        "redis+sentinel://one:26379,two:x/shop",
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"^put redis://host") as refused:
        parse_store(text)
    assert str(refused.value) == FORMS


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("redis://one,two", "several hosts are a cluster or sentinels"),
        ("redis://one/first", "number of the database"),
        ("redis://one?db=first", "value of db"),
        ("redis://one/1/2", "number of the database"),
        ("redis+cluster://one/1", "database 0 alone"),
        ("redis+cluster://one?db=1", "database 0 alone"),
        ("redis+sentinel://one", "name the service"),
        ("redis+sentinel://one/?db=1", "name the service"),
        ("redis://one?max_connections=5", "put only db, username"),
        ("redis://one?ssl_ca_certs=/etc/ca.pem", "put only db, username"),
        ("redis://one?sentinel_password=x", "put only db, username"),
        ("redis://one?socket_timeout=soon", "value of socket_timeout"),
        ("redis://one?password=", "value of password"),
    ],
)
def test_what_cannot_be_meant(text: str, advice: str) -> None:
    with pytest.raises(ValueError, match=advice):
        parse_store(text)


def test_passwords_are_known_in_every_form() -> None:
    word = "p@ss/wörd"
    text = f"redis+sentinel://user:{quote(word, safe='')}@one/shop?sentinel_password=s%2Bt"
    assert {word, quote(word, safe=""), "s+t", "s%2Bt"} <= set(parse_store(text).secrets)
    assert parse_store("redis://user@one").secrets == ()
    assert word not in repr(parse_store(text))
