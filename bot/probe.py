"""`python -m bot health`: asks the bot on this machine whether it is well, as containers do every
few seconds. The standard library alone, and little of it: asking must cost next to nothing."""

import os
import re
import socket
from pathlib import Path
from typing import Final

PATIENCE: Final = 5.0  # seconds for each part of the answer
LARGEST: Final = 1 << 16  # bytes

_ENV_FILE: Final = Path(".env")
_SECRETS_DIR: Final = Path("/run/secrets")
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - from where it listens to where it is
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([0-9]{3})\b")
OK: Final = "200"


class Unwell(Exception):
    """The bot is not well, or not there; the message says which."""


def ask(path: str) -> str:
    """What the bot's own site says under `path`, one line. Raises `Unwell`."""
    host, port = _setting("HTTP_HOST", "127.0.0.1"), _setting("OPS_PORT", "8081")
    if not port.isdecimal() or not int(port):
        raise Unwell(f"OPS_PORT is {port}: put a port, as a free one cannot be found")
    try:
        status, said = fetch(host, int(port), path)
    except OSError as error:
        why = error.strerror or str(error)
        raise Unwell(f"no answer from OPS_PORT, {host}:{port}: {why}") from None
    except ValueError:
        raise Unwell(f"what listens on OPS_PORT, {host}:{port}, is not the bot") from None
    if status != OK:
        raise Unwell(said or f"HTTP {status}")
    return said


def fetch(host: str, port: int, path: str) -> tuple[str, str]:
    """Status and body, as one line, of a GET to a site of this machine that listens on `host`.

    Raises `OSError`, or `ValueError` for what is not HTTP.
    """
    answer = _exchange(_EVERYWHERE.get(host, host), port, path)
    head, _, body = answer.partition(b"\r\n\r\n")
    status = _STATUS.match(head)
    if status is None:
        raise ValueError("not HTTP")
    return status[1].decode(), " ".join(body.decode(errors="replace").split())


def _exchange(host: str, port: int, path: str) -> bytes:
    with socket.create_connection((host, port), PATIENCE) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        received = b""
        while (part := connection.recv(LARGEST)) and len(received) < LARGEST:
            received += part
    return received


def _setting(name: str, otherwise: str) -> str:
    """As `load_settings` finds it: the environment, `.env`, `/run/secrets`; empty is not set."""
    return (
        _in_environment(name)
        or _in_file(name, _ENV_FILE)
        or _text(_SECRETS_DIR / name.lower())
        or _text(_SECRETS_DIR / name)
        or otherwise
    )


def _in_environment(name: str) -> str:
    found = {key.upper(): value for key, value in os.environ.items()}
    return found.get(name, "").strip()


def _in_file(name: str, file: Path) -> str:
    line = re.compile(
        rf"""^\s*(?:export\s+)?{name}\s*=\s*(["']?)([^\s"'#]*)\1""", re.IGNORECASE | re.MULTILINE
    )
    found = line.findall(_text(file))
    return found[-1][1] if found else ""


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
