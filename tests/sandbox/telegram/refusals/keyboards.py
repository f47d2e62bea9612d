"""Wrong keyboards of sendMessage; chat and text are right."""

from tests.sandbox.telegram.refusals import Params


def keyboard(*rows: object) -> Params:
    return {"reply_markup": {"inline_keyboard": list(rows)}}


def button(**fields: object) -> Params:
    return keyboard([{"text": "B", **fields}])


_URL = "inline keyboard button URL"
_LOGIN_URL = "inline keyboard button login URL"
_APP_URL = "inline keyboard button Web App URL"
_UNPARSABLE = "can't parse inline keyboard button: "
MARKUP: list[tuple[Params, str]] = [
    ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ({"reply_markup": "[]"}, "object expected as reply markup"),
    ({"reply_markup": {}}, "object expected as reply markup"),
    (
        {"reply_markup": {"inline_keyboard": [{}]}},
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    ({"reply_markup": {"inline_keyboard": 1}}, 'field "inline_keyboard" must be of type Array'),
    (
        {"reply_markup": {"inline_keyboard": [], "rows": 1}},
        'unknown field "rows" of InlineKeyboardMarkup',
    ),
    (keyboard(["B"]), _UNPARSABLE + "InlineKeyboardButton must be an Object"),
    (keyboard([{"callback_data": "a"}]), _UNPARSABLE + 'Can\'t find field "text"'),
    (
        keyboard([{"text": 1, "callback_data": "a"}]),
        _UNPARSABLE + 'Field "text" must be of type String',
    ),
    (
        keyboard([{"text": "", "callback_data": "a"}]),
        "inline keyboard button text must be non-empty",
    ),
    (button(), _UNPARSABLE + "Text buttons are unallowed in the inline keyboard"),
    (
        button(url="https://a.example", callback_data="a"),
        _UNPARSABLE + "a button does one thing, this one has url and callback_data",
    ),
    (
        button(callback_data="a", color="red"),
        'unknown field "color" of InlineKeyboardButton',
    ),
    (button(callback_data="a", style="red"), _UNPARSABLE + "invalid button style specified"),
    (button(callback_data=""), "BUTTON_DATA_INVALID"),
    (button(callback_data="a" * 65), "BUTTON_DATA_INVALID"),
    (button(callback_data="я" * 33), "BUTTON_DATA_INVALID"),
    (button(callback_data=1), _UNPARSABLE + 'Field "callback_data" must be of type String'),
    (button(copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
    (button(copy_text={"text": "a" * 257}), "BUTTON_COPY_TEXT_INVALID"),
    (button(copy_text="a"), _UNPARSABLE + 'Field "copy_text" must be of type Object'),
    (button(disabled=True), _UNPARSABLE + 'Field "disabled" must be of type Object'),
    (button(disabled={"why": "paid"}), 'unknown field "why" of DisabledButton'),
    (button(pay=True), "BUTTON_TYPE_INVALID"),
    (
        button(url="ftp://a.example"),
        "inline keyboard button URL 'ftp://a.example' is invalid: Unsupported URL protocol",
    ),
    (
        button(url="http://localhost:1/x"),
        "inline keyboard button URL 'http://localhost:1/x' is invalid: Wrong HTTP URL",
    ),
    (
        button(url="https://a.example:99999"),
        f"{_URL} 'https://a.example:99999' is invalid: Wrong port number specified in the URL",
    ),
    (
        button(url="https:///x"),
        "inline keyboard button URL 'https:///x' is invalid: URL host is empty",
    ),
    (
        button(url="https://a.example/a b"),
        "inline keyboard button URL 'https://a.example/a b' is invalid: Wrong HTTP URL",
    ),
    (button(url="tg://"), "inline keyboard button URL 'tg://' is invalid: Wrong tg URL"),
    (
        button(web_app={"url": "http://a.example"}),
        f"{_APP_URL} 'http://a.example' is invalid: Only HTTPS links are allowed",
    ),
    (
        button(switch_inline_query_chosen_chat={"query": "a"}),
        _UNPARSABLE + "At least one chat type must be allowed",
    ),
    (
        button(switch_inline_query_chosen_chat={"allow_all": True}),
        'unknown field "allow_all" of SwitchInlineQueryChosenChat',
    ),
    (
        button(switch_inline_query=1),
        _UNPARSABLE + 'Field "switch_inline_query" must be of type String',
    ),
    (
        button(login_url={"url": "http://a.example"}),
        f"{_LOGIN_URL} 'http://a.example' is invalid: Only HTTPS links are allowed",
    ),
    (keyboard([{"text": "B", "callback_data": "a"}] * 9), "reply markup is too long"),
    (keyboard(*[[{"text": "B", "callback_data": "a"}]] * 101), "reply markup is too long"),
    (keyboard(*[[{"text": "B" * 3000, "callback_data": "a"}]] * 4), "reply markup is too long"),
    ({"reply_markup": {"keyboard": [[""]]}}, "keyboard button text must be non-empty"),
    (
        {"reply_markup": {"force_reply": True, "input_field_placeholder": "a" * 65}},
        "input field placeholder is too long",
    ),
]
