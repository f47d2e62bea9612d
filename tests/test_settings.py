"""Settings: what is accepted, what is refused, in which words."""

import re
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.domain.currencies import CURRENCIES
from bot.settings import Settings, SettingsError

TOKEN = "123456:TEST-TOKEN-TEST-TOKEN-TEST-TOKEN-AA"
REQUIRED = {
    "bot_token": TOKEN,
    "admin_ids": "11, 22",
    "cryptocloud_api_key": "test-api-key",
    "cryptocloud_shop_id": "TESTSHOP",
}
SECRET = "test-webhook-secret"


def build(**values: object) -> Settings:
    return Settings.build(**{**REQUIRED, **values})


def refusal(**values: object) -> str:
    """The one line that a wrong setting is refused with."""
    with pytest.raises(SettingsError) as caught:
        build(**values)
    (line,) = caught.value.lines
    return line


def test_defaults() -> None:
    settings = build()
    assert settings.model_dump(exclude=set(REQUIRED)) == {
        "cryptocloud_secret_key": None,
        "cryptocloud_api_url": "https://api.cryptocloud.plus/v2",
        "telegram_api_url": "https://api.telegram.org",
        "seller_access": "invited",
        "contact": None,
        "redis_url": None,
        "data_dir": Path("./data"),
        "public_url": None,
        "webhook_secret": None,
        "http_host": "127.0.0.1",
        "http_port": 8080,
        "ops_port": 8081,
        "trusted_proxies": (),
        "default_currency": "USD",
        "default_language": "en",
        "poll_interval": 15,
        "log_level": "INFO",
        "log_format": "console",
    }
    assert not settings.webhook


def test_types() -> None:
    settings = build(trusted_proxies="10.0.0.0/8, ::1", data_dir="/data", poll_interval="2.5")
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.admin_ids == (11, 22)
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert settings.data_dir == Path("/data")
    assert settings.poll_interval == 2.5


def test_values_of_their_own_types_are_taken_too() -> None:
    settings = build(bot_token=SecretStr(TOKEN), admin_ids=(5,), data_dir=Path("x"), http_port=0)
    assert (settings.admin_ids, settings.http_port) == ((5,), 0)


def test_every_missing_setting_has_a_line() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.build()
    assert [line.split(" is missing: put ")[0] for line in caught.value.lines] == [
        "BOT_TOKEN",
        "ADMIN_IDS",
        "CRYPTOCLOUD_API_KEY",
        "CRYPTOCLOUD_SHOP_ID",
    ]


def test_missing_and_wrong_settings_are_told_together() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.build(bot_token=TOKEN, admin_ids="1", http_port="http", public_url="nowhere")
    said = [re.match(r"([A-Z_]+) is (missing|wrong): ", line) for line in caught.value.lines]
    assert [found and found.groups() for found in said] == [
        ("CRYPTOCLOUD_API_KEY", "missing"),
        ("CRYPTOCLOUD_SHOP_ID", "missing"),
        ("PUBLIC_URL", "wrong"),
        ("WEBHOOK_SECRET", "missing"),
        ("HTTP_PORT", "wrong"),
    ]


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - {"data_dir"}))
def test_no_refusal_shows_the_value(name: str) -> None:
    wrong = "<wrong value> 0"
    with pytest.raises(SettingsError) as caught:
        build(**{name: wrong})
    assert wrong not in str(caught.value)
    assert re.match(rf"{name.upper()} is wrong: (put|copy) ", str(caught.value))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_an_unknown_setting_is_refused() -> None:
    assert refusal(http_prot=80) == "HTTP_PROT is not a setting"


@pytest.mark.parametrize(
    "value",
    ["token", "123456", "12:short", f"bot{TOKEN}", f"'{TOKEN}'", f"{TOKEN}\n{TOKEN}"],
)
def test_bot_token(value: str) -> None:
    assert refusal(bot_token=value).startswith("BOT_TOKEN is wrong: ")


@pytest.mark.parametrize("value", ["0", "-5", "1,x", ",", "1.5", "@admin", (), (0,)])
def test_admin_ids(value: object) -> None:
    assert refusal(admin_ids=value).startswith("ADMIN_IDS is wrong: ")


@pytest.mark.parametrize(
    "value",
    [
        "https://pay.example.com",
        "https://pay.example.com:8443",
        "https://pay.example.com:443/bot",
        "https://pay.example.com:80",
        "http://localhost:9000",
        "http://127.0.0.1:9000",
        "http://[::1]:9000",
        "https://127.0.0.1:9000",
    ],
)
def test_public_url(value: str) -> None:
    settings = build(public_url=f"{value}/", webhook_secret=SECRET)
    assert settings.public_url == value
    assert settings.webhook


@pytest.mark.parametrize(
    "value",
    [
        "http://pay.example.com",
        "http://pay.example.com:80",
        "https://pay.example.com:9000",
        "https://localhost.example.com:9000",
        "https://pay.example.com:0",
        "https://pay.example.com:https",
        "https://pay.example.com?a=b",
        "https://me:test@pay.example.com",
        "https://",
        "pay.example.com",
        "ftp://pay.example.com",
        "https://pay example.com",
        "https://[::1",
    ],
)
def test_public_url_that_telegram_could_not_call(value: str) -> None:
    assert refusal(public_url=value, webhook_secret=SECRET).startswith("PUBLIC_URL is wrong: ")


def test_webhook_mode_needs_its_secret() -> None:
    line = refusal(public_url="https://pay.example.com")
    assert line.startswith("WEBHOOK_SECRET is missing: put 16")


@pytest.mark.parametrize("value", ["x" * 15, "x" * 257, "x" * 15 + "!", "ж" * 20, "x" * 16 + " y"])
def test_webhook_secret(value: str) -> None:
    assert refusal(webhook_secret=value).startswith("WEBHOOK_SECRET is wrong: put 16")


def test_the_ports_differ() -> None:
    assert refusal(http_port=9000, ops_port=9000).startswith("OPS_PORT is wrong: ")


def test_free_ports_may_be_asked_for_twice() -> None:
    assert build(http_port=0, ops_port=0).ops_port == 0


@pytest.mark.parametrize("value", ["0", "0.9", "601", "nan", "inf", "often"])
def test_poll_interval(value: str) -> None:
    assert refusal(poll_interval=value) == "POLL_INTERVAL is wrong: put seconds, 1 to 600"


@pytest.mark.parametrize("value", ["10.0.0.1/8", "10.0.0.0/33", "proxy"])
def test_trusted_proxies(value: str) -> None:
    assert refusal(trusted_proxies=value).startswith("TRUSTED_PROXIES is wrong: put networks")


@pytest.mark.parametrize("value", ["@shop_help", "https://example.com/help", "tg://user?id=1"])
def test_contact(value: str) -> None:
    assert build(contact=value).contact == value


@pytest.mark.parametrize("value", ["shop_help", "@x", "javascript:alert(1)", "https://", "@a b"])
def test_contact_that_nobody_can_follow(value: str) -> None:
    assert refusal(contact=value).startswith("CONTACT is wrong: put a @username")


@pytest.mark.parametrize("code", CURRENCIES)
def test_every_currency_can_be_the_default(code: str) -> None:
    assert build(default_currency=code.lower()).default_currency == code


def test_a_currency_the_provider_does_not_take() -> None:
    assert refusal(default_currency="CHF").startswith("DEFAULT_CURRENCY is wrong: put one of USD")


def test_a_language_the_bot_does_not_speak() -> None:
    assert refusal(default_language="xx") == "DEFAULT_LANGUAGE is wrong: put one of en, ru"


@pytest.mark.parametrize(
    "value",
    ["redis://localhost", "rediss://:test@10.0.0.1:6380/1", "unix:///run/valkey.sock?db=1"],
)
def test_redis_url(value: str) -> None:
    url = build(redis_url=value).redis_url
    assert url
    assert url.get_secret_value() == value


@pytest.mark.parametrize("value", ["localhost:6379", "http://localhost", "unix://", "redis://:x@"])
def test_redis_url_that_is_none(value: str) -> None:
    assert refusal(redis_url=value).startswith("REDIS_URL is wrong: put redis://")


def test_the_key_travels_encrypted() -> None:
    assert "https" in refusal(cryptocloud_api_url="http://api.example.com/v2")
    local = build(cryptocloud_api_url="http://127.0.0.1:9000/v2/")
    assert local.cryptocloud_api_url == "http://127.0.0.1:9000/v2"


def test_a_bot_api_server_of_ones_own() -> None:
    settings = build(telegram_api_url="http://telegram-bot-api:8081/")
    assert settings.telegram_api_url == "http://telegram-bot-api:8081"


@pytest.mark.parametrize("name", ["telegram_api_url", "cryptocloud_api_url"])
@pytest.mark.parametrize("user", ["user:test-password@", "user@", ":test-password@"])
def test_the_address_of_an_api_holds_no_password(name: str, user: str) -> None:
    line = refusal(**{name: f"https://{user}api.example.com/v2"})
    assert line.startswith(f"{name.upper()} is wrong: put an address without a user name")
    assert "test-password" not in line
