"""`python -m bot demo` on a terminal: what is typed is sent, and Ctrl-C ends it."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Ctrl-C reaches whoever has the terminal as its own.
ON_TERMINAL = """
import os, sys
os.login_tty(0)
os.execv(sys.executable, [sys.executable, "-m", "bot", "demo"])
"""
LONGEST = 60.0  # seconds, for a busy machine; it takes about four


class Terminal:
    """The demo as a person has it before them."""

    def __init__(self) -> None:
        self._end, inner = pty.openpty()
        self.demo = subprocess.Popen(
            [sys.executable, "-c", ON_TERMINAL],
            cwd=ROOT,
            stdin=inner,
            stdout=inner,
            stderr=inner,
        )
        os.close(inner)

    def type(self, text: str) -> None:
        os.write(self._end, text.encode())

    def until_prompt(self) -> str:
        """What was printed up to the next prompt."""
        printed, deadline = b"", time.monotonic() + LONGEST
        while not printed.endswith(b"\n> ") and printed != b"> ":
            ready, _, _ = select.select([self._end], [], [], deadline - time.monotonic())
            assert ready, printed.decode()
            printed += os.read(self._end, 65536)
        return printed.decode().replace("\r", "")

    def close(self) -> None:
        if self.demo.poll() is None:
            self.demo.kill()
            self.demo.wait()
        os.close(self._end)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    opened = Terminal()
    opened.until_prompt()
    yield opened
    opened.close()


def test_it_sends_taps_forgives_and_ends_by_ctrl_c(terminal: Terminal) -> None:
    terminal.type("/invoice 1,000 EUR\n")
    assert "Which amount do you mean?" in terminal.until_prompt()
    terminal.type("tap nothing like that\n")
    assert re.fullmatch(
        r".*\n  there is no button \[nothing like that\]\n\n> ", terminal.until_prompt()
    )
    terminal.type("tap 1,000.00 eur\n")  # with a plain space, in lower case
    assert "Create an invoice for 1,000.00\xa0EUR?" in terminal.until_prompt()
    terminal.type("\x03")
    assert terminal.demo.wait(LONGEST) == 0
