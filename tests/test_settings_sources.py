"""Settings: where they come from, and the two places that list them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings, SettingsError, load_settings
from tests.test_settings import REQUIRED, SECRET, TOKEN, build

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine where nothing is configured; its `.env` and `secrets` would be in the folder."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(folder: Path) -> Settings:
    return load_settings(env_file=folder / ".env", secrets_dir=folder / "secrets")


def secret_file(folder: Path, name: str, value: str) -> None:
    (folder / "secrets").mkdir(exist_ok=True)
    (folder / "secrets" / name).write_text(value)


def test_the_environment_comes_before_the_file_and_the_file_before_the_secrets(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in REQUIRED.items():
        secret_file(machine, name, f"{value}\n")
    for name in ("contact", "data_dir", "http_host"):
        secret_file(machine, name.upper(), "from-secrets" if name != "contact" else "@secrets")
    (machine / ".env").write_text(
        "DATA_DIR=from-file\nHTTP_HOST=from-file\nUNKNOWN=x\nBOT_TOKEN=\n"
    )
    monkeypatch.setenv("HTTP_HOST", "from-environment")
    settings = load(machine)
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.contact == "@secrets"
    assert settings.data_dir == Path("from-file")
    assert settings.http_host == "from-environment"


def test_lists_are_read_from_the_environment(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8,192.168.0.0/16")
    settings = load(machine)
    assert settings.admin_ids == (11, 22)
    assert len(settings.trusted_proxies) == 2


def test_a_bare_machine_is_told_everything_it_lacks(machine: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(machine)
    assert len(caught.value.lines) == 4


def test_a_file_that_cannot_be_read(machine: Path) -> None:
    secret_file(machine, "bot_token", "")
    (machine / "secrets" / "bot_token").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        load(machine)


def test_building_reads_no_source(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = build()
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "poison")
        secret_file(machine, name, "poison")
    (machine / ".env").write_text("".join(f"{n.upper()}=poison\n" for n in Settings.model_fields))
    monkeypatch.setattr("bot.settings.SECRETS_DIR", machine / "secrets")
    assert build() == expected


def test_settings_do_not_import_the_heavy_parts() -> None:
    code = "import bot.settings, sys; sys.exit('aiogram' in sys.modules or 'babel' in sys.modules)"
    environment = {"PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=environment)


def test_the_example_lists_every_setting_once_and_says_what_it_is() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)
    required = [name.upper() for name in REQUIRED]
    assert names[: len(required)] == required
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            assert lines[number - 1].startswith("# "), line


def test_the_example_as_it_is_asks_for_the_required_settings(machine: Path) -> None:
    (machine / ".env").write_text((ROOT / ".env.example").read_text())
    with pytest.raises(SettingsError) as caught:
        load(machine)
    assert [line.split()[0] for line in caught.value.lines] == [name.upper() for name in REQUIRED]


def test_the_example_shows_the_defaults(machine: Path) -> None:
    text = (ROOT / ".env.example").read_text()
    for name, value in REQUIRED.items():
        text = re.sub(rf"^{name.upper()}=.*$", f"{name.upper()}={value}", text, flags=re.MULTILINE)
    (machine / ".env").write_text(text)
    assert load(machine).model_dump() == build().model_dump()


def test_the_readme_lists_every_setting() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \|", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    names = [name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row)]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        build().http_port = 1  # type: ignore[misc]


def test_empty_means_not_set() -> None:
    settings = build(contact="", public_url=" ", webhook_secret="", http_port="", redis_url="")
    assert settings == build()


def test_no_text_of_the_settings_shows_a_secret() -> None:
    settings = build(
        cryptocloud_secret_key="test-secret-key",
        webhook_secret=SECRET,
        redis_url="redis://:test%2Fpassword@localhost",
    )
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    hidden = settings.secrets()
    assert set(hidden) >= {TOKEN, "test-api-key", "test-secret-key", SECRET, "test/password"}
    assert not [word for word in hidden if word in shown]
