"""Every way in which a secret may have been printed, and the parts it may have been cut into."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator

SHORTEST = 4  # characters; hiding a shorter word would hide half of every log
SHORTEST_ENCODED = 8  # of base64 or hex: less would be found in ordinary words
SHORTEST_CUT = 16  # a shorter secret is hidden whole only: its parts may be anything
PIECE = 6  # characters; two pieces less one are the longest part that could be overlooked
PART = 10  # a common run of so many characters gives a secret away

_MOST_BACKSLASHES = 16  # repr of repr of repr doubles them each time
_ENTITIES = {"&": ("amp", "38"), "<": ("lt", "60"), ">": ("gt", "62"), '"': ("quot", "34")}
_NAMED = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_URL_SAFE = str.maketrans("+/", "-_")


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """What finds these words raw, percent-encoded (twice too), as repr or JSON and those of each
    other, in HTML, in base64 at any offset and in hex."""
    forms = {word: printed(word) for word in words if len(word) >= SHORTEST}
    forms |= {
        text: printed(text)
        for word in tuple(forms)
        for text in _encoded(word.encode(errors="surrogatepass"))
        if len(text) >= SHORTEST_ENCODED
    }
    # The longest first: one secret may begin with another.
    ordered = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(forms[word] for word in ordered) or r"(?!)")


def printed(word: str) -> str:
    """A regular expression for a word in whatever escaping."""
    return "".join(_run(text) for text in re.findall(r"\\+|[^\\]", word, re.DOTALL))


def _run(text: str) -> str:
    """One character, or several backslashes: which of those belong to it cannot be told."""
    if text.isascii() and text.isalnum():
        return text
    raw = text.encode(errors="surrogatepass")
    forms = [
        "".join(f"%(?:25){{0,3}}{_any_case(byte)}" for byte in raw),
        "".join(rf"\\{{1,{_MOST_BACKSLASHES}}}x{_any_case(byte)}" for byte in raw),
    ]
    if text[0] == "\\":
        return rf"(?:\\{{{len(text)},{_MOST_BACKSLASHES * len(text)}}}|{'|'.join(forms)})"
    escape = rf"\\{{1,{_MOST_BACKSLASHES}}}"
    utf16 = text.encode("utf-16-be", errors="surrogatepass")
    units = [utf16[at : at + 2].hex() for at in range(0, len(utf16), 2)]
    forms += ["".join(f"{escape}u(?i:{unit})" for unit in units), re.escape(text)]
    forms.append(f"{escape}(?i:x{ord(text) & 0xFF:02x}|U{ord(text):08x})")
    if text in "\"'/":
        forms.append(f"{escape}{text}")
    if text in _NAMED:
        forms.append(f"{escape}{_NAMED[text]}")
    if text == " ":
        forms.append(r"\+")
    if text in _ENTITIES:
        forms.append(f"&(?:{'|#'.join(_ENTITIES[text])});")
    if text == "'":
        forms.append("&#(?:39|x27);")
    return f"(?:{'|'.join(forms)})"


def _any_case(byte: int) -> str:
    return "".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in f"{byte:02x}")


def _encoded(raw: bytes) -> Iterator[str]:
    """Hex, and what is the same in base64 whatever follows and however many bytes go before."""
    yield raw.hex()
    yield raw.hex().upper()
    for before in range(3):
        text = base64.b64encode(bytes(before) + raw).decode()
        core = text[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]
        yield core
        yield core.translate(_URL_SAFE)


def cutter(words: Iterable[str], instead: str) -> Callable[[str], str]:
    """A function that replaces parts of these words, which libraries cut to fit a line."""
    pieces = [
        (word[at : at + PIECE], at, word)
        for word in words
        if len(word) >= SHORTEST_CUT
        for at in range(0, len(word) - PIECE + 1, PIECE)
    ]

    def cut(text: str) -> str:
        for piece, at, word in pieces:
            if piece in text:
                text = _blot(text, word, at, instead)
        return text

    return cut


def _blot(text: str, word: str, at: int, instead: str) -> str:
    """`text` without the runs that it has in common with `word` around the piece at `at`."""
    piece = word[at : at + PIECE]
    found = text.find(piece)
    while found >= 0:
        start, end = found, found + PIECE
        while start and found - start < at and text[start - 1] == word[at - (found - start) - 1]:
            start -= 1
        tail = word[at + PIECE :]
        while end < len(text) and text[end : end + 1] == tail[end - found - PIECE :][:1]:
            end += 1
        if end - start >= PART:
            text = text[:start] + instead + text[end:]
            end = start + len(instead)
        found = text.find(piece, end)
    return text
