"""Without Chromium the tests of the pages are skipped, and that is hard to overlook."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
OTHER = "tests/domain/test_money.py"


def run(*paths: str) -> list[str]:
    """The last lines of pytest on these files, on a machine without a browser."""
    options = ("-p", "no:cacheprovider", "-n", "0", "--no-cov")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *paths],
        cwd=ROOT,
        env=os.environ | {"CHROMIUM": "/nonexistent/chromium"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.strip().splitlines()[-3:]


def test_exactly_the_browser_tests_are_skipped_and_the_last_lines_say_so() -> None:
    notice, count, last = run("tests/browser/test_speed.py", OTHER)
    assert "not tested in a browser" in notice
    assert count.startswith("2 tests skipped: no Chromium")
    assert re.search(r"\d+ passed, 2 skipped", last)


def test_nothing_is_said_where_no_browser_is_needed() -> None:
    assert "browser" not in " ".join(run(OTHER))
