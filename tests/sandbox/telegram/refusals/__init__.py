"""Wrong requests and the words each is refused with, as data."""

from typing import Any, Final

Params = dict[str, Any]

ME: Final = 501  # has sent message 1 and got message 2
ABSENT: Final = 777
