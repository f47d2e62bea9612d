"""A request as it came and an answer as it goes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self


class Path(StrEnum):
    """The calls there are, under /v2."""

    CREATE = "/invoice/create"
    INFO = "/invoice/merchant/info"
    LIST = "/invoice/merchant/list"
    CANCEL = "/invoice/merchant/canceled"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: object, status: int = 200) -> Self:
        """A JSON answer."""
        return cls(status, json.dumps(document).encode())


@dataclass(slots=True)
class Call:
    """A request as it arrived, and how it ended.

    `body` keeps numbers as Decimal or int. `status` is what was answered, None while it is under
    way or when the connection was cut; `committed` tells whether it had its effect.
    """

    path: str
    headers: Mapping[str, str]
    raw: bytes
    body: object
    at: datetime
    committed: bool = False
    status: int | None = None
    ended: bool = False

    def field(self, name: str) -> object:
        """A top-level field of the request, None where there is none."""
        return self.body.get(name) if isinstance(self.body, dict) else None
