from contextlib import suppress

import pytest
from aiogram.utils.text_decorations import html_decoration
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram.entities import (
    clean,
    is_blank,
    to_html,
    utf16_length,
    utf16_slice,
    with_detected,
)
from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.formatting import parse_html

Entity = dict[str, object]


def one(kind: str, offset: int, length: int, **extra: object) -> Entity:
    return {"type": kind, "offset": offset, "length": length, **extra}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b><strong>b</strong>", "ab", [one("bold", 0, 1), one("bold", 1, 1)]),
        ("<i>a</i><em>b</em>", "ab", [one("italic", 0, 1), one("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [one("underline", 0, 1), one("underline", 1, 1)]),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            [one("strikethrough", n, 1) for n in range(3)],
        ),
        (
            '<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>',
            "ab",
            [one("spoiler", 0, 1), one("spoiler", 1, 1)],
        ),
        ("<code>a</code>", "a", [one("code", 0, 1)]),
        ("<pre>a</pre>", "a", [one("pre", 0, 1)]),
        (
            '<pre><code class="language-python">a</code></pre>',
            "a",
            [one("pre", 0, 1, language="python")],
        ),
        ('<pre><code class="language-python">a</code> b</pre>', "a b", [one("pre", 0, 3)]),
        ("<code><b>a</b></code>", "a", [one("code", 0, 1)]),
        (
            '<a href="https://a.example/?x=1&amp;y=2">a</a>',
            "a",
            [one("text_link", 0, 1, url="https://a.example/?x=1&y=2")],
        ),
        ("<a>a.example</a>", "a.example", [one("text_link", 0, 9, url="a.example")]),
        ('<a href="not a link">a</a>', "a", []),
        ('<a href="tg://user?id=7">a</a>', "a", [one("text_mention", 0, 1, user_id=7)]),
        ("<blockquote>a</blockquote>", "a", [one("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [one("expandable_blockquote", 0, 1)]),
        (
            '<tg-emoji emoji-id="53">👍</tg-emoji>',
            "👍",
            [one("custom_emoji", 0, 2, custom_emoji_id="53")],
        ),
        (
            '<tg-time unix="1800000000" format="wDT">then</tg-time>',
            "then",
            [one("date_time", 0, 4, unix_time=1_800_000_000, date_time_format="wDT")],
        ),
        (
            '<tg-time unix="1800000000">then</tg-time>',
            "then",
            [one("date_time", 0, 4, unix_time=1_800_000_000, date_time_format="")],
        ),
        ("<b>👍a</b> <i>b</i>", "👍a b", [one("bold", 0, 3), one("italic", 4, 1)]),
        ("<b>a<i>b</i></b>", "ab", [one("bold", 0, 2), one("italic", 1, 1)]),
        ("<b></b>a", "a", []),
        ("<B>a</>", "a", [one("bold", 0, 1)]),
        ("&lt;b&gt; &amp;amp; &quot;", '<b> &amp; "', []),
        ("&#128077;&#x1F44D;", "👍👍", []),
        ("a & b &copy; &lt", "a & b &copy; <", []),
    ],
)
def test_html(source: str, text: str, entities: list[Entity]) -> None:
    assert parse_html(source) == (text, entities)


@given(st.text())
def test_what_aiogram_quotes_comes_out_as_it_was(text: str) -> None:
    assert parse_html(html_decoration.bold(html_decoration.quote(text)))[0] == text


@given(st.text(alphabet='<>/b a="&;x-', max_size=40))
def test_hostile_html_is_parsed_or_refused(source: str) -> None:
    with suppress(ApiError):  # any other error fails
        text, entities = parse_html(source)
        assert all(e["offset"] + e["length"] <= utf16_length(text) for e in entities)


@pytest.mark.parametrize(
    "source",
    [
        "<b>a<i>b</i></b> c",
        '<a href="https://a.example/?x=1&amp;y=2">a &lt; b</a>',
        '<pre><code class="language-python">a</code></pre>',
        '<tg-time unix="1800000000" format="r">👍</tg-time>',
        "<blockquote expandable><u>👍</u>a</blockquote>",
    ],
)
def test_back_to_the_same_html(source: str) -> None:
    assert to_html(*parse_html(source)) == source


def test_utf16() -> None:
    assert utf16_length("a👍я") == 4
    assert utf16_slice("a👍я", 1, 2) == "👍"
    assert utf16_slice("a👍я", 3, 1) == "я"


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  a \n", "a"),
        ("a\r\nb", "a\nb"),
        ("a\x00b\tc", "a b c"),
        ("a\u202eb\u2028", "ab"),
    ],
)
def test_cleaning(raw: str, cleaned: str) -> None:
    assert clean(raw) == (cleaned, [])


def test_cleaning_moves_entities_along() -> None:
    text, entities = clean(" \r👍 \rab ", [one("bold", 2, 2), one("italic", 6, 3)])
    assert text == "👍 ab"
    assert entities == [one("bold", 0, 2), one("italic", 3, 2)]


@pytest.mark.parametrize("text", ["", " ", "\n\u200b\u2060", "\u2800\u3164"])
def test_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/invoice 50", [one("bot_command", 0, 8)]),
        ("/invoice@local_invoice_bot 50", [one("bot_command", 0, 26)]),
        ("👍 /a then @seller", [one("bot_command", 3, 2), one("mention", 11, 7)]),
        ("1/2 a@b.example http://a/b", []),
    ],
)
def test_commands_and_mentions_are_found(text: str, entities: list[Entity]) -> None:
    assert with_detected(text, []) == entities


def test_nothing_is_found_in_code() -> None:
    code = one("code", 0, 8)
    assert with_detected("/invoice", [code]) == [code]
