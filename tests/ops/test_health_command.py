"""`python -m bot health`, as a container runs it: from the command line, and at little cost."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot import probe

ROOT = Path(__file__).parents[2]
HEAVY = ("aiogram", "matplotlib", "pydantic", "aiohttp", "httpx", "redis", "asyncio")


class Bot(BaseHTTPRequestHandler):
    """Stands for the site: this is about who asks."""

    answers: tuple[int, str] = (200, '{"status": "ok"}')
    asked: list[str] = []  # noqa: RUF012 - of the class, as each request makes an object

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, body = self.answers
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Of a site that is well."""
    server = HTTPServer(("127.0.0.1", 0), Bot)
    Bot.answers, Bot.asked = (200, '{"status": "ok"}'), []
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def run(*words: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *words],
        env=bare | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_bot_that_is_well(port: int, tmp_path: Path) -> None:
    done = run("-m", "bot", "health", folder=tmp_path, OPS_PORT=str(port))
    assert (done.returncode, done.stdout, done.stderr) == (0, '{"status": "ok"}\n', "")
    done = run("-m", "bot", "health", "--ready", folder=tmp_path, ops_port=str(port))
    assert done.returncode == 0
    assert Bot.asked == ["/healthz", "/readyz"]


def test_a_bot_that_is_not_well(port: int, tmp_path: Path) -> None:
    Bot.answers = 503, '{"status": "hung",\n "hung": ["updates"]}'
    done = run("-m", "bot", "health", folder=tmp_path, OPS_PORT=str(port))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == '{"status": "hung", "hung": ["updates"]}\n'


def test_nobody_there(tmp_path: Path) -> None:
    done = run("-m", "bot", "health", folder=tmp_path, OPS_PORT="1")
    assert done.returncode == 1
    assert done.stdout == "no answer from OPS_PORT, 127.0.0.1:1: Connection refused\n"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("OPS_PORT=9001", "9001"),
        ("BOT_TOKEN=x\nops_port = '9002' # health\n", "9002"),
        ('export OPS_PORT="9003"', "9003"),
        ("OPS_PORT=", "8081"),
        ("# OPS_PORT=9004", "8081"),
        ("OPS_PORT=9005\nOPS_PORT=9006", "9006"),
    ],
)
def test_the_port_is_found_where_the_bot_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, found: str
) -> None:
    from bot.settings import load_settings
    from tests.test_settings import REQUIRED

    for name, value in REQUIRED.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.delenv("OPS_PORT", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(lines)
    assert probe._setting("OPS_PORT", "8081") == found
    assert str(load_settings(secrets_dir=tmp_path).ops_port) == found

    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "ops_port").write_text("9100\n")
    monkeypatch.setattr(probe, "_SECRETS_DIR", secrets)
    wanted = found if found != "8081" else "9100"
    assert probe._setting("OPS_PORT", "8081") == wanted
    assert str(load_settings(secrets_dir=secrets).ops_port) == wanted

    monkeypatch.setenv("OPS_PORT", "9200")
    assert probe._setting("OPS_PORT", "8081") == "9200"
    assert load_settings(secrets_dir=secrets).ops_port == 9200


def test_a_port_that_cannot_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPS_PORT", "0")
    with pytest.raises(probe.Unwell, match="OPS_PORT is 0"):
        probe.ask("/healthz")


def test_it_asks_this_machine_where_the_bot_listens_everywhere(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_HOST", "0.0.0.0")
    monkeypatch.setenv("OPS_PORT", str(port))
    assert probe.ask("/healthz") == '{"status": "ok"}'


@pytest.mark.parametrize(
    "words", [("--help",), ("doctor", "--help"), ("health", "--help"), ("health",), ("demo", "-h")]
)
def test_what_is_asked_often_imports_nothing_heavy(tmp_path: Path, words: tuple[str, ...]) -> None:
    script = (
        "import sys\n"
        "from bot.__main__ import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(sorted(sys.modules), file=sys.stderr)"
    )
    done = run("-c", script, *words, folder=tmp_path, OPS_PORT="1")
    imported = done.stderr.splitlines()[-1]
    assert "'bot'" in imported
    assert [name for name in HEAVY if f"'{name}'" in imported] == []


@pytest.mark.slow
def test_it_takes_a_fraction_of_what_the_bots_library_takes_to_import(
    port: int, tmp_path: Path
) -> None:
    def seconds(*words: str) -> float:
        begun = time.perf_counter()
        assert run(*words, folder=tmp_path, OPS_PORT=str(port)).returncode == 0
        return time.perf_counter() - begun

    library = seconds("-c", "import aiogram")
    for words in (("health",), ("doctor", "--help")):
        assert min(seconds("-m", "bot", *words) for _ in range(2)) < 0.4 * library
