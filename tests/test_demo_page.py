"""`python -m bot demo --serve`: the page alone, until it is told to end."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parent.parent
SECONDS = 60


def demo(*options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", *options],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def serving() -> Iterator["subprocess.Popen[str]"]:
    process = demo("--serve")
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_it_serves_without_a_terminal_until_sigterm(serving: "subprocess.Popen[str]") -> None:
    assert serving.stdout is not None
    said = serving.stdout.readline() + serving.stdout.readline()
    (address,) = re.findall(r"http://127\.0\.0\.1:\d+/", said)
    with urlopen(address, timeout=SECONDS) as response:
        assert "Sandbox" in response.read().decode()
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(SECONDS) == 0


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = demo("--serve", "--port", str(port))
        _, error = process.communicate(timeout=SECONDS)
    assert (process.returncode, error.count("\n")) == (2, 1)
    assert f"port {port}" in error


@pytest.mark.parametrize("port", ["70000", "-1", "http"])
def test_what_is_no_port_is_refused(port: str) -> None:
    process = demo(f"--port={port}")
    _, error = process.communicate(timeout=SECONDS)
    assert process.returncode == 2
    assert "--port" in error
