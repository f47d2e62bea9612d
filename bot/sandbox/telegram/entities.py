"""Text with its entities: UTF-16 lengths, Telegram's cleaning, detection, and back to HTML."""

import html
import re
from typing import Any, Final

Entity = dict[str, Any]

_COMMAND: Final = re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")
_MENTION: Final = re.compile(r"(?<![\w@/])@[A-Za-z0-9_]{3,32}(?!\w)")
_DROPPED: Final = frozenset("\r\u030a\u0333\u033f") | {chr(c) for c in range(0x2028, 0x202F)}
_EDGES: Final = " \n\t"
# These show nothing: a text of nothing else is empty for Telegram.
_BLANK: Final = frozenset(
    " \n\t\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2800\u3000\u3164\ufeff\uffa0"
) | {chr(c) for c in (*range(0x2000, 0x2010), *range(0x202F, 0x2030), *range(0x205F, 0x2070))}
# Inside these nothing else is an entity.
_LITERAL: Final = frozenset({"code", "pre"})
_CLOSED: Final = _LITERAL | {"text_link", "text_mention", "date_time"}
_TAGS: Final = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of Telegram's offsets and limits."""
    return len(text) + sum(char > "\uffff" for char in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part an entity covers; half a surrogate pair becomes U+FFFD."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def is_blank(text: str) -> bool:
    """Whether the text shows nothing."""
    return all(char in _BLANK for char in text)


def clean(text: str, entities: list[Entity] | None = None) -> tuple[str, list[Entity]]:
    """The text as Telegram keeps it, with the entities moved along.

    Control characters become spaces, some characters vanish, spaces at both ends are cut.
    """
    kept: list[str] = []
    moved = [0]  # the new offset of every old one
    for char in text:
        width = 2 if char > "\uffff" else 1
        if char in _DROPPED:
            moved.extend([moved[-1]] * width)
            continue
        control = ord(char) < ord(" ") and char != "\n"
        kept.append(" " if control else char)
        begin = moved[-1]
        moved.extend(range(begin + 1, begin + width + 1))
    whole = "".join(kept)
    lead = len(whole) - len(whole.lstrip(_EDGES))
    result = whole.strip(_EDGES)
    end = utf16_length(result)
    out = []
    for entity in entities or []:
        start = min(max(moved[entity["offset"]] - lead, 0), end)
        stop = min(max(moved[entity["offset"] + entity["length"]] - lead, 0), end)
        if stop > start:
            out.append({**entity, "offset": start, "length": stop - start})
    return result, out


def with_detected(text: str, entities: list[Entity]) -> list[Entity]:
    """Add the commands and mentions that Telegram finds by itself, outermost entities first."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _CLOSED]
    found = []
    for kind, pattern in (("bot_command", _COMMAND), ("mention", _MENTION)):
        if ("/" if kind == "bot_command" else "@") not in text:
            continue
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            stop = start + len(match.group())
            if not any(start < end and begin < stop for begin, end in taken):
                found.append({"type": kind, "offset": start, "length": stop - start})
                taken.append((start, stop))
    return ordered([*entities, *found])


def ordered(entities: list[Entity]) -> list[Entity]:
    """By offset, the longer first; without what lies inside code and pre."""
    literal = [e for e in entities if e["type"] in _LITERAL]

    def inside(entity: Entity) -> bool:
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        return any(
            entity is not outer
            and outer["offset"] <= begin
            and end <= outer["offset"] + outer["length"]
            and not (entity["type"] == "pre" and outer["type"] == "code")
            for outer in literal
        )

    return sorted((e for e in entities if not inside(e)), key=lambda e: (e["offset"], -e["length"]))


def to_html(text: str, entities: list[Entity]) -> str:
    """The message as HTML that parses to itself; entities Telegram detects are left out."""
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for entity in entities:
        tags = _tags(entity)
        if tags is not None:
            opening.setdefault(entity["offset"], []).append(tags[0])
            closing.setdefault(entity["offset"] + entity["length"], []).insert(0, tags[1])
    out: list[str] = []
    position = 0
    for char in text:
        out += closing.get(position, [])
        out += opening.get(position, [])
        out.append(html.escape(char, quote=False))
        position += 2 if char > "\uffff" else 1
    out += closing.get(position, [])
    return "".join(out)


def _tags(entity: Entity) -> tuple[str, str] | None:
    match entity["type"]:
        case "text_link":
            return f'<a href="{html.escape(entity["url"])}">', "</a>"
        case "text_mention":
            return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
        case "custom_emoji":
            return f'<tg-emoji emoji-id="{entity["custom_emoji_id"]}">', "</tg-emoji>"
        case "date_time":
            form = entity.get("date_time_format")
            extra = f' format="{form}"' if form else ""
            return f'<tg-time unix="{entity["unix_time"]}"{extra}>', "</tg-time>"
        case "pre" if entity.get("language"):
            return f'<pre><code class="language-{entity["language"]}">', "</code></pre>"
        case "pre":
            return "<pre>", "</pre>"
        case kind:
            return _TAGS.get(kind)
