"""Updates whose handling ended the process, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MOST_DEATHS: Final = 3  # of the process while it handled an update; then admins decide about it
SPARING: Final = 0  # noted in the place of an update: this life notes only what takes long
FOLLOWED: Final = -1  # likewise, of a sparing life: another one has begun after it
MOST_SHOWN: Final = 10  # of them at once

# For each update whose handling began and is not known to have ended: the lives of the process in
# which it began.
Begun = Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Aside:
    """An update that is not handled until an admin says so; `raw` is its JSON."""

    update_id: int
    raw: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """The same as an admin reads it: `sender` 0 where nobody can tell, `words` typed or carried by
    a button. One of another version of the bot may not be `readable`."""

    update_id: int
    sender: int = 0
    words: str = ""
    readable: bool = True
