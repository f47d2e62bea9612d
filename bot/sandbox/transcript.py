"""Messages and chats drawn for a terminal: `make demo` and failed tests show them."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Final

from bot.sandbox.telegram.entities import Entity, utf16_length, utf16_slice
from bot.sandbox.telegram.views import Button, Message

_SIGNS: Final = {
    "callback": "",
    "url": " ↗",
    "copy": " ⧉",
    "switch_inline": " ⇗",
    "web_app": " ▣",
    "disabled": "",
}
_INDENT: Final = "  "
_UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def render_chat(messages: Iterable[Message], *, width: int = 72, tz: tzinfo | None = None) -> str:
    """The messages one under the other, oldest first."""
    drawn = [render_message(message, width=width, tz=tz) for message in messages]
    return "\n\n".join(drawn) or "(no messages)"


def render_message(message: Message, *, width: int = 72, tz: tzinfo | None = None) -> str:
    """Who and when, the text, the rows of buttons; no line over `width` cells.

    Times are those of `tz`, by default this machine's.
    """
    marks = [_local(message.date, tz).strftime("%H:%M")]
    if message.edited:
        marks.append("edited")
    if message.reply_to is not None:
        marks.append(f"reply to #{message.reply_to}")
    lines = [f"{message.sender} #{message.id} · {' · '.join(marks)}"]
    for line in plain_text(message, tz=tz).split("\n"):
        lines += [_INDENT + part for part in _wrap(line, width - len(_INDENT))]
    for row in message.buttons:
        lines += [_INDENT + part for part in _pack(row, width - len(_INDENT))]
    return "\n".join(lines)


def plain_text(message: Message, *, tz: tzinfo | None = None) -> str:
    """The text as a person reads it: local times in place, links behind what they hang on."""
    text, out, position = message.text, [], 0
    shown = [e for e in message.entities if e["type"] in {"date_time", "text_link"}]
    for entity in shown:
        if entity["offset"] < position:
            continue
        out.append(utf16_slice(text, position, entity["offset"] - position))
        label = utf16_slice(text, entity["offset"], entity["length"])
        out.append(_in_place(entity, label, message.date, tz))
        position = entity["offset"] + entity["length"]
    out.append(utf16_slice(text, position, utf16_length(text) - position))
    return "".join(out)


def _in_place(entity: Entity, label: str, now: int, tz: tzinfo | None) -> str:
    if entity["type"] == "text_link":
        return f"{label} <{entity['url']}>"
    form = entity.get("date_time_format", "")
    return _time(entity["unix_time"], form, now, tz) if form else label


def _time(unix: int, form: str, now: int, tz: tzinfo | None) -> str:
    if form == "r":
        return _relative(unix - now)
    moment, parts = _local(unix, tz), []
    if "w" in form:
        parts.append(moment.strftime("%A"))
    if "d" in form or "D" in form:
        parts.append(moment.strftime("%d %B %Y" if "D" in form else "%d.%m.%y"))
    if "t" in form or "T" in form:
        parts.append(moment.strftime("%H:%M:%S" if "T" in form else "%H:%M"))
    return ", ".join(parts)


def _relative(seconds: int) -> str:
    for size, name in _UNITS:
        number = abs(seconds) // size
        if number:
            words = f"{number} {name}{'s' if number > 1 else ''}"
            return f"in {words}" if seconds > 0 else f"{words} ago"
    return "now"


def _local(unix: int, tz: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(unix, UTC).astimezone(tz)


def _draw(button: Button) -> str:
    label = f"{button.text}{_SIGNS[button.kind]}"
    return f"( {label} )" if button.kind == "disabled" else f"[ {label} ]"


def _pack(row: Iterable[Button], width: int) -> Iterator[str]:
    line = ""
    for button in map(_draw, row):
        if line and cells(line) + 1 + cells(button) > width:
            yield line
            line = ""
        line = f"{line} {button}" if line else button
    if line:
        yield line


def cells(text: str) -> int:
    """Columns a terminal needs for the text: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def _wrap(line: str, width: int) -> Iterator[str]:
    current = ""
    for word in line.split(" "):
        if current and cells(current) + 1 + cells(word) > width:
            yield current
            current = word
        else:
            current = f"{current} {word}" if current else word
        while cells(current) > width:
            head = _head(current, width)
            yield head
            current = current[len(head) :]
    yield current


def _head(text: str, width: int) -> str:
    taken = 0
    for index, char in enumerate(text):
        taken += cells(char)
        if taken > width and index:
            return text[:index]
    return text
