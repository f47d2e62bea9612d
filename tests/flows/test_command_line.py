"""`python -m bot` on a machine where it is not set up yet."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REQUIRED = ["BOT_TOKEN", "ADMIN_IDS", "CRYPTOCLOUD_API_KEY", "CRYPTOCLOUD_SHOP_ID"]
SECRET = "test-secret-value-to-be-shown-nowhere"


def run(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *options],
        cwd=folder,
        env=bare | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def named(words: str) -> list[str]:
    return re.findall(r"(?m)^([A-Z_]+) is (?:missing|wrong): (?:put|copy)", words)


@pytest.mark.parametrize("options", [(), ("run",)])
def test_each_missing_setting_has_one_line(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = run(tmp_path, *options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert named(done.stderr) == REQUIRED
    assert "python -m bot demo" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_has_one_line_without_its_value(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        BOT_TOKEN=SECRET,
        ADMIN_IDS="1001",
        CRYPTOCLOUD_API_KEY="two words",
        CRYPTOCLOUD_SHOP_ID="test-shop",
        REDIS_URL=f"redis//:{SECRET}@host",
    )
    assert done.returncode == 2
    lines = [line.partition(" ")[0] for line in done.stderr.splitlines() if " is wrong" in line]
    assert lines == ["BOT_TOKEN", "CRYPTOCLOUD_API_KEY", "REDIS_URL"]
    assert SECRET not in done.stderr


def test_an_unknown_command_is_explained(tmp_path: Path) -> None:
    done = run(tmp_path, "nonsense")
    assert done.returncode == 2
    assert "demo" in done.stderr


def test_help_names_the_demo_and_is_quick_to_come(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    assert "demo" in done.stdout


def test_help_tells_how_it_ends(tmp_path: Path) -> None:
    told = run(tmp_path, "--help").stdout.partition("exit status:")[2]
    assert re.findall(r"(?m)^  ([0-9])  ", told) == ["0", "1", "2"]
