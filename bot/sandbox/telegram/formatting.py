"""Telegram's HTML: what it accepts, what it refuses and in which words.

Follows https://core.telegram.org/bots/api#html-style; the words of refusals are the server's own.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from bot.sandbox.telegram.entities import Entity, ordered, utf16_length
from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.links import link_problem

_SIMPLE: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_SUPPORTED: Final = {*_SIMPLE, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE: Final = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z]+));?")
_PAST_UNICODE: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)
_TAG_NAME: Final = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME: Final = re.compile(r"[^\s=>]*")
_NAME_TOKEN: Final = re.compile(r"[A-Za-z0-9.\-]*")
_SPACE: Final = re.compile(r"\s*")
_USER_LINK: Final = re.compile(r"tg:(?://)?user\?id=(\d+)", re.IGNORECASE)
TIME_FORMAT: Final = re.compile(r"r|w?[dD]?[tT]?")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities, offsets in UTF-16 code units.

    A `text_mention` carries `user_id`; the caller knows the users. Raises ApiError 400.
    """
    return _Parser(source).parse()


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    pieces: int


@dataclass(slots=True)
class _Parser:
    source: str
    at: int = 0
    offset: int = 0
    pieces: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            if self.source[self.at] != "<":
                self._text()
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            tag = self.open[-1].tag
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return "".join(self.pieces), ordered(self.entities)

    def _text(self) -> None:
        end = self.source.find("<", self.at)
        end = len(self.source) if end < 0 else end
        piece = _decode(self.source[self.at : end])
        self.pieces.append(piece)
        self.offset += utf16_length(piece)
        self.at = end

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.source, self.at)
        taken = match.group() if match else ""
        self.at += len(taken)
        return taken

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._take(_TAG_NAME).lower()
        where = f"at byte offset {len(self.source[:begin].encode())}"
        if not self._peek():
            raise _unparsable(f"Unclosed start tag {where}")
        if tag not in _SUPPORTED:
            raise _unparsable(f'Unsupported start tag "{tag}" {where}')
        attributes: dict[str, str] = {}
        while True:
            self._take(_SPACE)
            if self._peek() == ">":
                break
            if not self._peek():
                raise _unparsable(f"Unclosed start tag {where}")
            name, value = self._attribute(tag, where)
            attributes[name] = value
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" {where}')
        self.open.append(_Open(tag, attributes, self.offset, len(self.pieces)))

    def _attribute(self, tag: str, where: str) -> tuple[str, str]:
        name = self._take(_ATTRIBUTE_NAME)
        if not name:
            raise _unparsable(f'Empty attribute name in the tag "{tag}" {where}')
        self._take(_SPACE)
        if self._peek() != "=":
            if tag == "blockquote" and name == "expandable":
                return name, ""
            raise _unparsable(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" {where}'
            )
        self.at += 1
        self._take(_SPACE)
        quote = self._peek()
        if not quote:
            raise _unparsable(f'Unclosed start tag "{tag}" {where}')
        if quote not in {"'", '"'}:
            begin = len(self.source[: self.at].encode())
            token = self._take(_NAME_TOKEN).lower()
            if self._peek() != ">" and not self._peek().isspace():
                raise _unparsable(f"Unexpected end of name token at byte offset {begin}")
            return name, token
        end = self.source.find(quote, self.at + 1)
        if end < 0:
            raise _unparsable(f"Unclosed start tag {where}")
        value = _decode(self.source[self.at + 1 : end])
        self.at = end + 1
        return name, value

    def _end_tag(self) -> None:
        where = f"at byte offset {len(self.source[: self.at].encode())}"
        if not self.open:
            raise _unparsable(f"Unexpected end tag {where}")
        self.at += 2
        found = self._take(_TAG_NAME).lower()
        self._take(_SPACE)
        if self._peek() != ">":
            raise _unparsable(f"Unclosed end tag {where}")
        self.at += 1
        begun = self.open.pop()
        if found and found != begun.tag:
            raise _unparsable(
                f'Unmatched end tag {where}, expected "</{begun.tag}>", found "</{found}>"'
            )
        if self.offset > begun.offset:
            self._close(begun)

    def _close(self, begun: _Open) -> None:
        entity: Entity = {"offset": begun.offset, "length": self.offset - begun.offset}
        given = begun.attributes
        match begun.tag:
            case "a":
                url = given.get("href") or "".join(self.pieces[begun.pieces :])
                if user := _USER_LINK.fullmatch(url):
                    entity |= {"type": "text_mention", "user_id": int(user[1])}
                elif link_problem(url) is None:
                    entity |= {"type": "text_link", "url": url}
                else:
                    return  # Telegram shows the text and forgets a link it cannot read
            case "tg-emoji":
                if not given.get("emoji-id", "").isdecimal():
                    raise _unparsable("Invalid custom emoji identifier specified")
                entity |= {"type": "custom_emoji", "custom_emoji_id": given["emoji-id"]}
            case "tg-time":
                entity |= _date_time(given.get("unix", ""), given.get("format", ""))
            case "blockquote":
                expandable = "expandable" in given
                entity["type"] = "expandable_blockquote" if expandable else "blockquote"
            case "pre" | "code":
                self._close_code(begun, entity)
                return
            case tag:
                entity["type"] = _SIMPLE[tag]
        self.entities.append(entity)

    def _close_code(self, begun: _Open, entity: Entity) -> None:
        """`<pre><code class="language-x">` is one `pre` with its language."""
        language = begun.attributes.get("class", "").removeprefix("language-")
        last = self.entities[-1] if self.entities else {}
        same = (last.get("offset"), last.get("length")) == (entity["offset"], entity["length"])
        if begun.tag == "pre" and same and last["type"] == "code" and "language" in last:
            last["type"] = "pre"
        elif begun.tag == "pre":
            self.entities.append({"type": "pre", **entity})
        elif language and self.open and self.open[-1].tag == "pre":
            self.entities.append({"type": "code", **entity, "language": language})
        else:
            self.entities.append({"type": "code", **entity})


def _date_time(unix: str, form: str) -> Entity:
    if not unix.isdecimal() or not 0 < int(unix) < 2**31:
        raise _unparsable("Invalid date specified")
    if not TIME_FORMAT.fullmatch(form):
        raise _unparsable("Invalid date-time format specified")
    return {"type": "date_time", "unix_time": int(unix), "date_time_format": form}


def _decode(text: str) -> str:
    def replaced(match: re.Match[str]) -> str:
        hexadecimal, decimal, name = match.groups()
        if name:
            return _NAMED.get(name, match.group())
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        legal = 0 < code < _PAST_UNICODE and code not in _SURROGATES
        return chr(code) if legal else match.group()

    return _REFERENCE.sub(replaced, text) if "&" in text else text


def _unparsable(words: str) -> ApiError:
    return bad_request(f"can't parse entities: {words}")
