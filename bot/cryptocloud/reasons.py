"""Why the provider refused, in its own words: found in any nesting, cleaned and kept short."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

_MAX_DEPTH = 6
_MAX_REASONS = 8
_MAX_LEAVES = 64
_MAX_NAME = 60
_MAX_WORDS = 200

_ENVELOPE = {"status", "all_count"}


def read_reasons(document: object, *, secret: str = "") -> dict[str, str]:
    """Field names (dotted where nested) and what was said about them; empty when nothing was.

    At most 8 fields of 200 characters each, without line breaks, control or direction characters.
    `secret` is blotted out.
    """
    if isinstance(document, dict):
        document = {name: value for name, value in document.items() if name not in _ENVELOPE}
    found: dict[str, list[str]] = {}
    for path, leaf in islice(_leaves(document, (), 0), _MAX_LEAVES):
        name = _clean(".".join(path) or "result", secret, _MAX_NAME)
        if words := _clean(leaf, secret, _MAX_WORDS):
            found.setdefault(name, []).append(words)
    return {
        name: _shorten("; ".join(words), _MAX_WORDS)
        for name, words in islice(found.items(), _MAX_REASONS)
    }


def _leaves(
    value: object, path: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], str]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            # The envelope's `result` is a wrapping, not a field.
            wrapping = depth == 0 and name == "result"
            yield from _leaves(inner, path if wrapping else (*path, name), depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path, depth + 1)
    elif isinstance(value, str | Decimal):
        yield path, str(value)


def _clean(text: str, secret: str, most: int) -> str:
    if secret:
        text = text.replace(secret, "***")
    printable = "".join(char if char.isprintable() else " " for char in text[: most * 4])
    return _shorten(" ".join(printable.split()), most)


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
