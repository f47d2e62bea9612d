"""Finds what no log may show: the configured secrets, and whatever looks like one."""

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

HIDDEN = "[redacted]"
SHORTEST = 4  # characters; hiding a shorter word would hide half of every log

# Each with the text that must occur for it to be worth a search. None eats a quote, so that what
# follows in a dict or in JSON stays readable.
_SHAPES = (
    # A bot token, bare or in a URL (`/bot<token>/getMe`, `bot<token>%2F`).
    (":", re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{30,}"), HIDDEN),
    ("%3", re.compile(r"[0-9]{5,20}%3[Aa][A-Za-z0-9_-]{30,}"), HIDDEN),
    # A JWT: the API key is one, and so is a postback's token.
    ("eyJ", re.compile(r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"), HIDDEN),
    # Any Authorization header, as a header line, in a dict or in a list of pairs.
    (
        "uthorization",
        re.compile(
            r"""([Aa]uthorization\\?['"]?\s*[:=,]\s*b?\\?['"]?(?:Token|Bearer|Basic)?\s*)"""
            r"""[^\s'"\\,)}\]]+"""
        ),
        rf"\1{HIDDEN}",
    ),
    ("Token ", re.compile(r"(\bToken )[A-Za-z0-9._~+/=-]{16,}"), rf"\1{HIDDEN}"),
    # The password of a URL, and of a client that prints its options.
    ("://", re.compile(r"""(://[^\s/:@'"\\]*:)[^\s/'"\\]+@"""), rf"\1{HIDDEN}@"),
    (
        "password",
        re.compile(r"""(password\\?['"]?\s*[=:]\s*\\?['"]?)[^\s,'"&)}\\]+"""),
        rf"\1{HIDDEN}",
    ),
)


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that hides these words, in every form they may be printed in, and the shapes."""
    words = {form for word in secrets if len(word) >= SHORTEST for form in _forms(word)}
    # The longest first: one secret may begin with another.
    known = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)")

    def redact(text: str) -> str:
        text = known.sub(HIDDEN, text)
        for sign, shape, instead in _SHAPES:
            if sign in text:
                text = shape.sub(instead, text)
        return text

    return redact


def _forms(word: str) -> set[str]:
    return {
        word,
        quote(word, safe=""),
        quote(word),
        repr(word)[1:-1],
        repr(word.encode())[2:-1],
        json.dumps(word)[1:-1],
        json.dumps(word, ensure_ascii=False)[1:-1],
    }
