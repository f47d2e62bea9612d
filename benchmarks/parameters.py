"""Parameters of a call, in any of the three forms that clients of the Bot API send."""

import json
import re
from typing import Any, Final
from urllib.parse import parse_qsl

_PART: Final = re.compile(rb'name="?(\w+)"?\r\n(?:[^\r]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)


def read(body: bytes) -> dict[str, Any]:
    """As text where the form knows nothing else."""
    if not body:
        return {}
    if body[:1] == b"{":
        asked: dict[str, Any] = json.loads(body)
        return asked
    if body[:2] == b"--":  # multipart: a file is among them
        return {name.decode(): value.decode() for name, value in _PART.findall(body)}
    return dict(parse_qsl(body.decode(), keep_blank_values=True))
