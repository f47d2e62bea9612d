"""How the bot is, in figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits to be done. `scheduled` counts invoices that will be looked at some time, `due`
    those of them that are to be looked at now. `oldest` is for how long the first of these has been
    due. `parked` counts updates that outlived their batch."""

    scheduled: int
    due: int
    oldest: timedelta
    parked: int


@dataclass(frozen=True, slots=True)
class Condition:
    """`store` is how long the store took to tell the backlog; `unsure` invoices have a creation of
    unknown ending. `answered` and `failed` are when the provider last did, in this life of the
    process. `webhook`: updates come by one, else they are polled."""

    store: timedelta
    backlog: Backlog
    unsure: int
    webhook: bool
    answered: datetime | None
    failed: datetime | None
