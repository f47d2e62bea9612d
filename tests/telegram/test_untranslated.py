"""Nothing that people read bypasses the catalogues: a search for words in the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.telegram

FOLDER = Path(bot.telegram.__path__[0])
# outbound.py quotes what Telegram says to us; what the others say is for whoever runs the bot.
_QUIET = ("outbound.py", "registration.py", "session.py", "webhook_watch.py")
SOURCES = sorted(set(FOLDER.rglob("*.py")) - {FOLDER / name for name in _QUIET})
# Tags, links and commands are the same in every language, and so is what follows a command.
_SAME = re.compile(r"<[^>]*>|https?://\S+|/[a-z_]+[^<]*")
_WORDS = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}|(?<![\w.])[A-Z\u0410-\u042f][^\W\d_]+(?!\w)")
_FOR_OTHERS = {"debug", "info", "warning", "error", "exception"}  # what logs get is English


def spoken(source: str) -> list[str]:
    """The literals in `source` that read like words for people and are not translated."""
    tree = ast.parse(source)
    silent = {id(node) for root in _unheard(tree) for node in ast.walk(root)}
    texts = [_text(node) for node in ast.walk(tree) if id(node) not in silent]
    return [text for text in texts if text and _WORDS.search(_SAME.sub("", text))]


def _text(node: ast.AST) -> str | None:
    """A literal as it reads; a gap for what an f-string fills in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "0" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _unheard(tree: ast.Module) -> Iterator[ast.AST]:
    """Parts of the tree whose words reach nobody, or through a translator."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(ast.Constant()):  # docstrings
                yield node
            case ast.Call(ast.Name("tr") | ast.Attribute(attr="tr" | "html" | "plural")):
                yield from node.args[:2]
            case ast.Call(ast.Attribute(ast.Name("log"), name)) if name in _FOR_OTHERS:
                yield from node.args
            case ast.JoinedStr():  # its pieces say nothing apart
                yield from (part for part in node.values if isinstance(part, ast.Constant))
            case ast.Call(ast.Attribute(attr="start")):  # the name of a task
                yield from node.args[1:]
            case ast.Raise():
                yield node
            # A pattern, whose words are CLDR's.
            case ast.Call(ast.Name("format_datetime" | "format_skeleton")):
                yield from node.args[:2]
            case ast.Assign([ast.Name("LANGUAGE_NAMES")]):  # each in its own tongue, on purpose
                yield node


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_word_goes_through_a_translator(path: Path) -> None:
    assert spoken(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        'InlineKeyboardButton(text="Pay", callback_data="x")',
        "await message.answer('not for you')",
        'await message.answer(f"Paid {amount}")',
        'Html("<b>Готово</b>")',
        'return tr("{n} of them", n=len(x)) + " in all, thank you"',
        'common.lines(tr.html("Done"), "Second line")',
    ],
)
def test_a_word_that_bypasses_is_found(source: str) -> None:
    assert spoken(f"async def f():\n    {source}\n")


@pytest.mark.parametrize(
    "source",
    [
        'InlineKeyboardButton(text=tr("Pay {amount}", amount=amount), style="success")',
        'Html("<code>/invoice 50 EUR</code>")',
        'log.warning("nobody told that storage is away: %s", error)',
        'raise ValueError("no question is open")',
        'url = f"https://t.me/share/url?url={link}"',
    ],
)
def test_what_nobody_reads_is_left_alone(source: str) -> None:
    assert spoken(f"async def f():\n    {source}\n") == []
