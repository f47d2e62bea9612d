"""Finds the suite's own secrets in what was written, in any escaping.

It decodes the text and shares no code with `bot.logs_redaction`, which matches what is encoded:
what one of them overlooks the other may see.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus, urlsplit

from pydantic import SecretStr

from bot.settings import Settings

RUN = 10  # characters of a secret that give it away
SHORTEST = 4

_ESCAPED = re.compile(r"\\+x([0-9a-fA-F]{2})|\\+u([0-9a-fA-F]{4})|\\+U([0-9a-fA-F]{8})")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{14,}")  # of ten bytes
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){10,}")
_STANDARD = str.maketrans("-_", "+/")


@dataclass(frozen=True, slots=True)
class Leak:
    """`secret` is what it was registered as, never its value; `line` is where it stands."""

    secret: str
    line: str


class Finder:
    """Knows secrets by name, and finds `RUN` characters of any of them."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[str, ...]] = {}
        self._blocks: dict[str, tuple[str, ...]] = {}
        self._known: set[str] = set()

    def know(self, name: str, secret: str) -> None:
        """From now on it is looked for."""
        if len(secret) < SHORTEST or secret in self._known:
            return
        self._known.add(secret)
        number, colon, half = secret.partition(":")
        word = half if colon and number.isdecimal() else secret  # a bot's number is public
        word = _bare(word)
        key = f"{name} #{len(self._parts)}"
        starts = range(max(1, len(word) - RUN + 1))
        self._parts[key] = tuple(dict.fromkeys(word[at : at + RUN] for at in starts))
        # Every part has one of these whole in it, so what has none of them need not be looked at.
        size = max(1, min(RUN, len(word)) // 2)
        blocks = (word[at : at + size] for at in range(0, len(word) - size + 1, size))
        self._blocks[key] = tuple(dict.fromkeys(blocks))

    def know_settings(self, settings: Settings) -> None:
        """Every field that is declared secret; of a URL its password."""
        for name in Settings.model_fields:
            value = getattr(settings, name)
            if isinstance(value, SecretStr):
                for word in _words(value.get_secret_value()):
                    self.know(name.upper(), word)

    def find(self, text: str) -> list[Leak]:
        """All there are, one for each secret and line."""
        if not self._seen(text):
            return []
        found = [
            Leak(name, self._blotted(line))
            for line in text.splitlines()
            for name in self._seen(line)
        ]
        # What is only seen across lines has no line of its own.
        return found or [Leak(name, "over several lines") for name in self._seen(text)]

    def _seen(self, text: str) -> list[str]:
        readings = list(dict.fromkeys(readings_of(text)))
        return [name for name in self._parts if any(self._in(name, text) for text in readings)]

    def _in(self, name: str, reading: str) -> bool:
        return any(block in reading for block in self._blocks[name]) and any(
            part in reading for part in self._parts[name]
        )

    def _blotted(self, line: str) -> str:
        """The line, fit to be shown in a report."""
        for parts in self._parts.values():
            for part in parts:
                line = line.replace(part, "█" * 3)
        return line[:300]


def _words(value: str) -> Iterable[str]:
    if "://" not in value:
        return [value]
    parts = urlsplit(value)
    query = [pair.partition("=")[2] for pair in parts.query.split("&") if "password" in pair]
    return [form for word in (parts.password or "", *query) for form in (word, unquote(word))]


def readings_of(text: str) -> Iterator[str]:
    """The text as it is, and what it says to those who decode it; none has a backslash left."""
    plain = text
    for _ in range(3):
        plain = unquote(html.unescape(plain))
    whole = _ESCAPED.sub(_decoded, plain)
    whole = whole.encode("utf-16", errors="surrogatepass").decode("utf-16", errors="replace")
    yield from map(_bare, (text, plain, unquote_plus(plain), whole))
    # Bytes that were shown one by one are characters together.
    yield _bare(whole.encode("latin-1", errors="replace").decode(errors="replace"))
    yield _bare("\n".join(_from_base64(plain)))
    yield _bare("\n".join(_from_hex(plain)))


def _bare(text: str) -> str:
    return text.replace("\\", "")


def _decoded(found: re.Match[str]) -> str:
    return chr(min(int(next(filter(None, found.groups())), 16), 0x10FFFF))


def _from_base64(text: str) -> Iterator[str]:
    for run in dict.fromkeys(_BASE64.findall(text.translate(_STANDARD))):
        for start in range(4):
            whole = run[start : start + (len(run) - start) // 4 * 4]
            rest = run[start + len(whole) :]
            if len(rest) > 1:
                whole += rest.ljust(4, "=")
            try:
                yield base64.b64decode(whole).decode(errors="replace")
            except binascii.Error:
                continue


def _from_hex(text: str) -> Iterator[str]:
    for run in dict.fromkeys(_HEX.findall(text)):
        yield bytes.fromhex(run).decode(errors="replace")
