"""`python -m bot demo`: works anywhere, reads no setting of the machine, keeps nothing."""

import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.flows.wording import RU

ROOT = Path(__file__).parents[2]
SECONDS = 60

# What a configured machine has; each would lead the demo elsewhere, or to its end.
POISON = {
    "BOT_TOKEN": "1000009:test-token-that-no-demo-may-ever-read",
    "ADMIN_IDS": "not a number",
    "CRYPTOCLOUD_API_KEY": "test-key-that-no-demo-may-ever-read",
    "CRYPTOCLOUD_SHOP_ID": "test-shop-that-no-demo-may-ever-read",
    "CRYPTOCLOUD_SECRET_KEY": "test-secret-that-no-demo-may-ever-read",
    "CRYPTOCLOUD_API_URL": "http://127.0.0.1:9/v2",
    "TELEGRAM_API_URL": "http://127.0.0.1:9",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "DATA_DIR": "poisoned-data",
    "DEFAULT_CURRENCY": "XXX",
    "DEFAULT_LANGUAGE": "xx",
    "SELLER_ACCESS": "nobody",
    "PUBLIC_URL": "nowhere",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
}


@pytest.fixture
def machine(tmp_path: Path) -> tuple[Path, Mapping[str, str]]:
    """A folder with a `.env`, and an environment, both poisoned."""
    lines = [f"{name}={value}" for name, value in POISON.items()]
    (tmp_path / ".env").write_text("\n".join(lines))
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    poisoned = os.environ | POISON | {"PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    return tmp_path, poisoned


def run(machine: tuple[Path, Mapping[str, str]], *options: str) -> str:
    folder, environment = machine
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", *options],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_without_a_terminal_it_plays_its_script_and_ends(
    machine: tuple[Path, Mapping[str, str]],
) -> None:
    said = run(machine)
    assert "/invoice 50 EUR" in said
    assert "[ Pay 50.00\xa0EUR ↗ ]" in said
    assert "[ Copy link ⧉ ]" in said
    assert "→ tap [ Create ]" in said
    assert "[ Pay 120.00\xa0EUR ↗ ]" in said
    assert "TRON (TRC20)" in said
    assert not [value for value in POISON.values() if value in said]
    folder, _ = machine
    assert sorted(path.name for path in folder.iterdir()) == [".env", "tmp"]
    assert list((folder / "tmp").iterdir()) == []


def test_it_speaks_the_language_of_the_person(machine: tuple[Path, Mapping[str, str]]) -> None:
    said = run(machine, "--language", "ru")
    pay, create = RU("Pay {amount}", amount="50,00\xa0EUR"), RU("Create")
    assert f"[ {pay} ↗ ]" in said
    assert f"→ tap [ {create} ]" in said


@pytest.fixture
def prompt(machine: tuple[Path, Mapping[str, str]]) -> Iterator["Prompt"]:
    started = Prompt(*machine)
    yield started
    started.end()


class Prompt:
    """The demo with a terminal on its input."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._keyboard, terminal = pty.openpty()
        self._said = folder / "tmp" / "said"
        with self._said.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "demo"],
                cwd=folder,
                env=environment,
                stdin=terminal,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        os.close(terminal)

    def type(self, keys: str) -> None:
        os.write(self._keyboard, keys.encode())

    def wait_for(self, words: str) -> str:
        until = time.monotonic() + SECONDS
        while words not in (said := self._said.read_text()):
            assert self.process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.05)
        return said

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._keyboard)


def test_with_a_terminal_it_is_a_prompt(prompt: Prompt) -> None:
    prompt.type("/invoice 20 USD\n")
    prompt.wait_for("[ Pay 20.00\xa0USD ↗ ]")
    prompt.type("tap Copy link\n")
    assert "/pay/" in prompt.wait_for("(copied: http")
    prompt.type("\x04")
    assert prompt.process.wait(SECONDS) == 0
