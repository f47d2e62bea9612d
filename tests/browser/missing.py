"""Says in pytest's last lines when there was no browser to test the pages in."""

from typing import Final

import pytest

NONE: Final = "no Chromium: install Debian's package chromium, or name one in CHROMIUM"


def tell(reporter: pytest.TerminalReporter) -> None:
    """Once for all tests that were skipped for that."""
    skipped = [each for each in reporter.getreports("skipped") if NONE in str(each.longrepr)]
    if skipped:
        reporter.write_sep("!", "the pages were not tested in a browser", red=True, bold=True)
        reporter.write_line(f"{len(skipped)} tests skipped: {NONE}", red=True)
