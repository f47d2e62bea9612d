"""Reads everything that the suite logs and prints, as the bot would write it, and fails the run
where a secret shows.

What is read at the end of each test: every record that a bot at INFO would write, in its own format
and redaction; what was printed, by child processes too; the `*.log` files in the test's folder.
"""

import logging
import re
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from bot.logs import NOISY, ConsoleFormatter
from bot.logs_redaction import redactor
from bot.settings import Settings
from tests.leaks import Finder

LARGEST: Final = 4 << 20  # bytes of a file that are read, from its end
_MOST_SHOWN: Final = 10
_NUMBER: Final = re.compile(r"\d+")


def know(settings: Settings) -> None:
    """Tell the watch of this process of settings that a bot is about to run on."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, LeakWatch):
            handler.know(settings)


def assert_untold(texts: Iterable[str]) -> None:
    """No secret stands in what the bot said to people."""
    # Under load it says the same a thousand times, but for numbers.
    texts = {_NUMBER.sub("0", text): text for text in texts}.values()
    for handler in logging.getLogger().handlers:
        if isinstance(handler, LeakWatch):
            leaks = handler.finder.find("\n".join(texts))
            assert not leaks, f"SECRETS TOLD to somebody: {leaks[:_MOST_SHOWN]}"


class LeakWatch(logging.Handler):
    """`settings` are what the bots of the suite run on; `know` adds others."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(logging.INFO)
        self.finder = Finder()
        self._hidden: set[str] = set()
        self.lines: list[tuple[str, str]] = []  # where it was logged, what would be written
        self.know(settings)

    def know(self, settings: Settings) -> None:
        """Look for what these declare secret; hide what the bot would hide with them."""
        self.finder.know_settings(settings)
        if not self._hidden.issuperset(settings.secrets()):
            self._hidden.update(settings.secrets())
            self.setFormatter(ConsoleFormatter(redactor(self._hidden), coloured=False))

    def emit(self, record: logging.LogRecord) -> None:
        """Format at once: arguments may change."""
        self.lines.append((f"{record.pathname}:{record.lineno}", self.format(record)))

    def pytest_configure(self) -> None:
        """Before pytest's own logging begins: what it finds then it puts back after each phase."""
        root = logging.getLogger()
        root.addHandler(self)
        root.setLevel(logging.INFO)  # as the bot by default, so that tests of load have its load
        for name in NOISY:
            logging.getLogger(name).setLevel(logging.WARNING)

    def pytest_sessionfinish(self) -> None:
        logging.getLogger().removeHandler(self)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """After each test: a leak fails its teardown, and with it the run."""
        report = yield
        if report.when == "teardown":
            leaks = [*self.logged(), *self.printed(report), *self.kept(item)]
            if leaks:
                report.outcome = "failed"
                report.longrepr = f"SECRETS LEAKED by {item.nodeid}:\n" + "\n".join(
                    leaks[:_MOST_SHOWN]
                )
        return report

    def logged(self) -> Iterator[str]:
        """Leaks in what was logged since the last call."""
        lines, self.lines = self.lines, []
        if self.finder.find("\n".join(line for _, line in lines)):
            for place, line in lines:
                for leak in self.finder.find(line):
                    yield f"{leak.secret}, logged at {place}: {leak.line}"

    def printed(self, report: pytest.TestReport) -> Iterator[str]:
        for name, text in report.sections:
            if name.startswith("Captured std"):
                for leak in self.finder.find(text):
                    yield f"{leak.secret}, {name.lower()}: {leak.line}"

    def kept(self, item: pytest.Item) -> Iterator[str]:
        funcargs: dict[str, Any] = getattr(item, "funcargs", {})
        folder = funcargs.get("tmp_path")
        for path in sorted(folder.rglob("*.log")) if isinstance(folder, Path) else ():
            text = path.read_bytes()[-LARGEST:].decode(errors="replace")
            for leak in self.finder.find(text):
                yield f"{leak.secret}, in {path.name}: {leak.line}"
