"""Structured logs on the standard library: one record a line, and no secret in any of them.

Redaction works on what is about to be written, so it covers messages, their arguments, extra fields
and tracebacks, whichever library they come from.
"""

import contextlib
import json
import logging
import math
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Literal, TextIO

from bot.logs_hooks import hook
from bot.logs_redaction import redactor

# Libraries that write a line per request or per update at INFO.
NOISY = ("httpx", "httpcore", "aiogram.event", "aiohttp.access")

_STANDARD = frozenset((*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"))
_COLOURS = {"DEBUG": "2", "INFO": "32", "WARNING": "33", "ERROR": "31", "CRITICAL": "1;31"}

_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
_BIDI = (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SURROGATES = range(0xD800, 0xE000)  # no stream can encode them
# What users write is logged too: it must not forge a line, colour it or turn it around.
_ESCAPES = {code: f"\\u{code:04x}" for code in (*_CONTROLS, *_BIDI, *_SURROGATES)}
_ESCAPES_IN_TRACEBACKS = {code: text for code, text in _ESCAPES.items() if code != ord("\n")}


def text(value: object, how: Callable[[object], str] = str) -> str:
    """What it says of itself; one that cannot speak must not cost the whole record."""
    try:
        return how(value)
    except Exception:  # noqa: BLE001 -- any object's __str__ may raise anything
        return f"<unprintable {type(value).__name__}>"


class _Formatter(logging.Formatter):
    """What both formats share: how the parts of a record are taken out of it."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__()
        self.redact = redact

    @staticmethod
    def words(record: logging.LogRecord) -> str:
        """The message; one whose arguments do not fit is shown with them, not lost."""
        try:
            return record.getMessage()
        except Exception:  # noqa: BLE001 -- any argument's __str__ may raise anything
            return f"{text(record.msg)} {text(record.args, repr)}"

    @staticmethod
    def fields(record: logging.LogRecord) -> dict[str, object]:
        """What was given as `extra`."""
        return {name: value for name, value in vars(record).items() if name not in _STANDARD}

    def trace(self, record: logging.LogRecord) -> str:
        """The traceback and the stack, or nothing. Leaves alone `exc_text`, which is shared."""
        parts = [self.formatException(record.exc_info)] if record.exc_info else []
        if record.stack_info:
            parts.append(self.formatStack(record.stack_info))
        return "\n".join(parts)


class ConsoleFormatter(_Formatter):
    """`time LEVEL logger: message key=value`, and a traceback below."""

    def __init__(self, redact: Callable[[str], str], *, coloured: bool) -> None:
        super().__init__(redact)
        self._coloured = coloured

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created).astimezone()
        level = f"{record.levelname:<8}"
        if self._coloured:
            level = f"\x1b[{_COLOURS.get(record.levelname, '0')}m{level}\x1b[0m"
        fields = "".join(f" {name}={text(value)}" for name, value in self.fields(record).items())
        words = f"{self.words(record)}{fields}".translate(_ESCAPES)
        line = f"{when:%Y-%m-%d %H:%M:%S}.{int(record.msecs):03d} {level} {record.name}: {words}"
        trace = self.trace(record).translate(_ESCAPES_IN_TRACEBACKS)
        # Indented: a line within what an exception says must not look like a record.
        return self.redact(f"{line}\n{trace}".replace("\n", "\n  ") if trace else line)


class JsonFormatter(_Formatter):
    """One JSON object a line: time (UTC, ISO 8601), level, logger, message, extras, exception."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry: dict[str, object] = {
            "time": when,
            "level": record.levelname,
            "logger": self.redact(record.name),
        }
        values = {"message": self.words(record), **self.fields(record)}
        if trace := self.trace(record):
            values["exception"] = trace
        # Value by value: to redact the finished line could break its syntax.
        entry |= {
            self.redact(name): self.value(value)
            for name, value in values.items()
            if name not in entry
        }
        return json.dumps(entry, ensure_ascii=False).translate(_ESCAPES)

    def value(self, value: object) -> object:
        """A number or a truth as it is, everything else as text."""
        words = text(value)
        shown = self.redact(words)
        plain = value is None or isinstance(value, int)
        plain = plain or (isinstance(value, float) and math.isfinite(value))
        return value if plain and shown == words else shown


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- logging's name
        """The stock one prints the arguments of the record, secrets included."""
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f"a record of {record.name} could not be written\n")


def setup_logging(
    level: str,
    format: Literal["console", "json"],  # noqa: A002 -- as the setting is called
    secrets: Iterable[str],
    *,
    stream: TextIO | None = None,
) -> Callable[[str], str]:
    """Sends all logs, warnings and uncaught exceptions to `stream` (standard error).

    `secrets` are hidden wherever they occur, besides all that looks like a token or a password.
    Returns what hides them, for words that go elsewhere.
    """
    stream = stream or sys.stderr
    redact = redactor(secrets)
    handler = _Handler(stream)
    if format == "json":
        handler.setFormatter(JsonFormatter(redact))
    else:
        coloured = stream.isatty() and "NO_COLOR" not in os.environ
        handler.setFormatter(ConsoleFormatter(redact, coloured=coloured))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.NOTSET if level == "DEBUG" else logging.WARNING)
    logging.captureWarnings(capture=True)
    hook(redact)
    return redact
