"""This machine's clock, by what the servers that were asked anyway say the time is."""

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final

from bot.cryptocloud.postback import CLOCKS_APART
from bot.doctor.findings import Finding, bad, good, mind

NOTICEABLE: Final = 5.0  # seconds; a Date header is whole seconds, and an answer takes some


class Clocks:
    """Compares; `note` takes the headers of an answer."""

    def __init__(self) -> None:
        self._ahead: dict[str, float] = {}

    def note(self, whose: str, headers: Mapping[str, str], asked_at: float) -> None:
        """An answer came just now to what was asked at `asked_at`, by `time.time()`."""
        try:
            theirs = parsedate_to_datetime(headers.get("Date", "")).timestamp()
        except ValueError:
            return
        # It was written at some moment between, and cut down to a whole second.
        earliest, latest = asked_at - (theirs + 1), time.time() - theirs
        if earliest > 0:
            self._ahead[whose] = earliest
        else:
            self._ahead[whose] = min(0.0, latest)

    def findings(self) -> list[Finding]:
        """What it comes to, once all were asked."""
        if not self._ahead:
            return [mind("clock: not compared, as nobody told the time")]
        whose, ahead = max(self._ahead.items(), key=lambda one: abs(one[1]))
        if abs(ahead) <= NOTICEABLE:
            return [good(f"clock: agrees with that of {' and '.join(self._ahead)}")]
        off = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} that of {whose}"
        do = "let the machine set its clock by NTP"
        limit = CLOCKS_APART.total_seconds()
        if abs(ahead) <= limit:
            return [mind(f"clock: {off}; {do}")]
        return [bad(f"clock: {off}: beyond {limit:.0f} s notifications are refused; {do}")]
