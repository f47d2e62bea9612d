"""What one run of the reconciler over one invoice has done, beside what the record says."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from bot.services.guard import Guard
from bot.services.steps import Next, go_on


class Armed(Enum):
    """What this very run has noted in the record and may therefore do."""

    NOTHING = auto()
    CREATE = auto()
    SEND = auto()
    REMIND = auto()


@dataclass(slots=True)
class Run:
    """What this run has done and need not do again, however often it comes past."""

    armed: Armed = Armed.NOTHING
    place: Guard | None = None  # for a call to the provider
    looked: bool = False
    twins_looked: bool = False
    others_edited: bool = False
    also_at: datetime | None = None  # when it has to come again for what it could not do now

    def leave(self) -> None:
        """Give back a place at the provider, if it has one."""
        if self.place is not None:
            self.place.leave()
            self.place = None

    def later(self, following: Next) -> Next:
        """Go on with what else is to be done, and come again for this."""
        moments = [at for at in (self.also_at, following.until) if at is not None]
        self.also_at = min(moments, default=None)
        return go_on(following.invoice)
