"""What Python writes to standard error by itself, and records that could not be written."""

import gc
import io
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from bot.logs import setup_logging
from bot.logs_redaction import HIDDEN
from tests.test_logs import FORMATS, TOKEN, Format, entry, log, start

pytestmark = pytest.mark.usefixtures("logging_as_it_was")


class Broken:
    """Raises, secret and all, wherever it is asked to speak."""

    def __str__(self) -> str:
        raise ValueError(TOKEN)

    __repr__ = __str__


@pytest.mark.parametrize("form", FORMATS)
def test_a_destructor_that_fails_is_logged_without_its_secret(form: Format) -> None:
    stream = start(form)

    class Dying:
        def __del__(self) -> None:
            raise ValueError(f"refused {TOKEN}")

    Dying()
    gc.collect()
    said = stream.getvalue()
    assert f"refused {HIDDEN}" in said
    assert "Dying.__del__" in said
    assert TOKEN not in said


def test_ctrl_c_shows_no_secret_of_what_it_broke_into(capsys: pytest.CaptureFixture[str]) -> None:
    start("console")
    error = KeyboardInterrupt()
    error.__context__ = ValueError(f"GET /bot{TOKEN}/getMe")
    sys.excepthook(KeyboardInterrupt, error, None)
    said = capsys.readouterr().err
    assert f"/bot{HIDDEN}/getMe" in said
    assert TOKEN not in said


@pytest.mark.parametrize("form", FORMATS)
def test_notes_and_groups_show_no_secret(form: Format) -> None:
    stream = start(form)
    inner = ValueError("inner")
    inner.add_note(f"sent to /bot{TOKEN}/getMe")
    both = ExceptionGroup("both", [inner, OSError(2, "no such file", f"/run/{TOKEN}")])
    log.error("failed", exc_info=both)
    said = stream.getvalue()
    assert said.count(HIDDEN) == 2
    assert TOKEN not in said


@pytest.mark.parametrize("form", FORMATS)
def test_a_value_that_cannot_be_shown_costs_no_record(form: Format) -> None:
    stream = start(form)
    log.info("kept %s", Broken(), extra={"given": Broken()})
    said = stream.getvalue()
    assert "kept" in said
    assert said.count("<unprintable Broken>") == 2 or "<unprintable tuple>" in said
    assert TOKEN not in said


def test_the_names_in_json_are_redacted_too() -> None:
    stream = start("json")
    logging.getLogger(f"bot.{TOKEN}").info("x", extra={f"about {TOKEN}": 1})
    said = entry(stream)
    assert said["logger"] == f"bot.{HIDDEN}"
    assert said[f"about {HIDDEN}"] == 1


def test_a_line_within_an_exception_does_not_pass_for_a_record() -> None:
    stream = start("console")
    forged = "2026-11-24 11:38:01.123 INFO     bot: all is well"
    log.error("failed", exc_info=ValueError(f"odd\n{forged}"))
    _, *below = stream.getvalue().splitlines()
    assert f"  {forged}" in below
    assert all(line.startswith("  ") for line in below)


def test_what_setup_returns_redacts() -> None:
    redact = setup_logging("INFO", "console", [TOKEN], stream=io.StringIO())
    assert redact(f"/bot{TOKEN}/") == f"/bot{HIDDEN}/"


AT_EXIT = """
import asyncio, atexit, sys, threading
from bot.logs import setup_logging

TOKEN = sys.stdin.read()
setup_logging("INFO", sys.argv[1], [TOKEN])

def fail(where):
    raise ValueError(f"{where} {TOKEN}")

class Late:
    def __del__(self):
        fail("destructor")

async def lose():
    task = asyncio.create_task(asyncio.sleep(0))
    async def lost():
        fail("task")
    asyncio.create_task(lost())
    await asyncio.sleep(0.01)

kept = Late()
atexit.register(fail, "atexit")
asyncio.run(lose())
thread = threading.Thread(target=fail, args=("thread",))
thread.start()
thread.join()
fail("main")
"""


@pytest.mark.parametrize("form", FORMATS)
def test_a_process_shows_no_secret_however_it_ends(form: Format, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AT_EXIT, form],
        input=TOKEN,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert done.returncode == 1
    # The destructor comes when half of the interpreter is gone: it may go unheard, not unredacted.
    for where in ("main", "thread", "task", "atexit"):
        assert f"ValueError: {where} {HIDDEN}" in done.stderr
    assert TOKEN not in done.stderr + done.stdout
    if form == "json":
        assert [json.loads(line)["level"] for line in done.stderr.splitlines()]
