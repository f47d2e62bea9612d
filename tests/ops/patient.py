"""Somebody for the doctor to look at."""

import os
import re
import socket
from pathlib import Path

import pytest

from bot.doctor import examine
from bot.settings import Settings
from tests.ops.outside import Outside

ROOT = Path(__file__).parents[2]
BARE = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
URL, SECRET = "http://127.0.0.1:1", "test-webhook-secret"  # where nobody answers
SECRETS = ("BOT_TOKEN", "CRYPTOCLOUD_API_KEY", "CRYPTOCLOUD_SECRET_KEY", "WEBHOOK_SECRET")


class Patient:
    """A set-up that is examined. What it says is kept in `said`, by its signs."""

    def __init__(
        self,
        servers: Outside,
        capsys: pytest.CaptureFixture[str],
        machine: pytest.MonkeyPatch,
        **set_up: str,
    ) -> None:
        self.servers = servers
        self.environment = servers.settings() | set_up
        self._capsys = capsys
        self._machine = machine

    def examined(self, **changed: str | None) -> int:
        """The exit status, with these settings changed, or left out where they are None."""
        values = {k: v for k, v in (self.environment | changed).items() if v is not None}
        for name in Settings.model_fields:
            self._machine.delenv(name.upper(), raising=False)
        for name, value in values.items():
            self._machine.setenv(name, value)
        self._capsys.readouterr()
        status = examine()
        done = self._capsys.readouterr()
        assert done.err == ""
        for name in SECRETS:
            assert values.get(name, "-nothing-") not in done.out, name
        self.said = {sign: re.findall(rf"(?m)^{sign} (.*)$", done.out) for sign in "✓!✗"}
        assert sum(map(len, self.said.values())) == len(done.out.splitlines())
        return status

    def found(self, sign: str, words: str) -> bool:
        """Whether a line with this sign matches."""
        assert [line for line in self.said[sign] if re.search(words, line)], self.said
        return True


def free() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])
