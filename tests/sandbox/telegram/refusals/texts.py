"""Wrong texts, markup and entities of sendMessage."""

from tests.sandbox.telegram.refusals import ABSENT, ME, Params


def entity(**fields: object) -> Params:
    return {"chat_id": ME, "text": "abc", "entities": [fields]}


SEND: list[tuple[Params, str]] = [
    ({"chat_id": ME}, "message text is empty"),
    ({"chat_id": ME, "text": ""}, "message text is empty"),
    ({"chat_id": ME, "text": " \n\u200b"}, "text must be non-empty"),
    ({"chat_id": ME, "text": "a" * 4097}, "message is too long"),
    ({"chat_id": ME, "text": "😀" * 2049}, "message is too long"),
    ({"chat_id": ME, "text": "a" * 32_769}, "text is too long"),
    ({"chat_id": ME, "text": "\ud800"}, "strings must be encoded in UTF-8"),
    ({"chat_id": ME, "text": 5}, 'parameter "text" must be a String'),
    ({"chat_id": ME, "text": "a", "colour": "red"}, 'unknown parameter "colour" of sendMessage'),
    ({"chat_id": ME, "text": "a", "parse_mode": "bbcode"}, "unsupported parse_mode"),
    (
        {"chat_id": ME, "text": "a", "message_effect_id": "1"},
        'the local Telegram does not know the parameter "message_effect_id" yet',
    ),
    (
        {"chat_id": ME, "text": "a", "protect_content": "maybe"},
        "parameter \"protect_content\" must be a Boolean, not 'maybe'",
    ),
    ({"text": "a"}, "chat_id is empty"),
    ({"chat_id": 999, "text": "a"}, "chat not found"),
    ({"chat_id": "@nobody", "text": "a"}, "chat not found"),
    ({"chat_id": "abc", "text": "a"}, "chat not found"),
    ({"chat_id": ME, "text": "a", "message_thread_id": 9}, "message thread not found"),
    (
        {"chat_id": ME, "text": "a", "message_thread_id": "x"},
        "parameter \"message_thread_id\" must be an Integer, not 'x'",
    ),
    (
        {"chat_id": ME, "text": "a", "reply_parameters": {"message_id": ABSENT}},
        "message to be replied not found",
    ),
    (
        {"chat_id": ME, "text": "a", "reply_parameters": {"message_id": 1, "quote": "no such"}},
        "QUOTE_TEXT_INVALID",
    ),
    (
        {"chat_id": ME, "text": "a", "reply_parameters": {"quote": "a"}},
        'can\'t find field "message_id"',
    ),
    ({"chat_id": ME, "text": "a", "reply_parameters": "[]"}, "object expected as reply parameters"),
    (
        {"chat_id": ME, "text": "a", "reply_parameters": "{"},
        "can't parse reply parameters JSON object",
    ),
    (
        {"chat_id": ME, "text": "a", "link_preview_options": {"hidden": True}},
        'unknown field "hidden" of LinkPreviewOptions',
    ),
]

HTML: list[tuple[str, str]] = [
    ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
    ("é<x>a</x>", 'Unsupported start tag "x" at byte offset 2'),
    ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    (
        "<b>a</i>",
        'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    ),
    (
        "<b><i>a</b></i>",
        'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    ("a <", "Unclosed start tag at byte offset 2"),
    ("1 < 2 and <b>b</b>", 'Unsupported start tag "" at byte offset 2'),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ('<a href="https://a.example', "Unclosed start tag at byte offset 0"),
    (
        "<a href>a</a>",
        'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
    ),
    ("<a =x>a</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href=https://a.example>a</a>", "Unexpected end of name token at byte offset 8"),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
    ('<tg-time unix="soon">a</tg-time>', "Invalid date specified"),
    ('<tg-time unix="1" format="Dw">a</tg-time>', "Invalid date-time format specified"),
]

_ENTITY = "can't parse MessageEntity: "
ENTITIES: list[tuple[Params, str]] = [
    (entity(type="bold", length=1), _ENTITY + 'Can\'t find field "offset"'),
    (entity(type="big", offset=0, length=1), _ENTITY + "Unsupported type specified"),
    (entity(offset=0, length=1), _ENTITY + 'Can\'t find field "type"'),
    (entity(type="bold", offset=0, length=1, size=1), 'unknown field "size" of MessageEntity'),
    (
        entity(type="bold", offset=1, length=3),
        "entity ends after the end of the text at UTF-16 offset 1",
    ),
    (
        entity(type="text_link", offset=0, length=1, url="x"),
        "URL 'x' is invalid: Wrong HTTP URL",
    ),
    (
        entity(type="date_time", offset=0, length=1, unix_time=1, date_time_format="z"),
        _ENTITY + "Invalid date-time format specified",
    ),
]
