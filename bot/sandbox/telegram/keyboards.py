"""What Telegram checks in `reply_markup`."""

import json
from collections.abc import Mapping
from typing import Any, Final, Literal

from bot.sandbox.telegram.entities import utf16_length
from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.fields import BUTTON_ACTIONS, CHOSEN_CHATS, FIELDS
from bot.sandbox.telegram.links import link_problem

Json = dict[str, Any]
Place = Literal["private", "group", "inline", "business", "ephemeral"]

# Measured by many and written down nowhere by Telegram; clients show no more.
IN_ALL: Final = 100
IN_ROW: Final = 8
REPLY_IN_ALL: Final = 300
REPLY_IN_ROW: Final = 12
SIZE: Final = 10_000  # bytes of JSON
CALLBACK_BYTES: Final = 64
COPIED: Final = 256
PLACEHOLDER: Final = 64
_STYLES: Final = {"danger", "success", "primary"}
_SWITCHES: Final = {
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
}
# A Mini App opens only beside the bot itself; an account's own chats have no place to switch from.
FORBIDDEN: Final[Mapping[Place, frozenset[str]]] = {
    "private": frozenset(),
    "group": frozenset({"web_app"}),
    "inline": frozenset({"web_app"}),
    "business": frozenset({"web_app", *_SWITCHES}),
    "ephemeral": frozenset({"web_app", "login_url"}),
}


def check_markup(
    raw: object, *, inline_only: bool = False, place: Place = "private"
) -> Json | None:
    """The markup as it will be kept; None when there is none. Raises ApiError 400."""
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise bad_request("Object expected as reply markup")
    if len(json.dumps(raw, ensure_ascii=False).encode()) > SIZE:
        raise bad_request("reply markup is too long")
    if "inline_keyboard" in raw:
        only_known(raw, "InlineKeyboardMarkup")
        rows = _rows(raw["inline_keyboard"], "inline_keyboard", "InlineKeyboardMarkup")
        _check_counts(rows, IN_ALL, IN_ROW)
        for row in rows:
            for button in row:
                _check_button(button, FORBIDDEN[place])
        return raw if any(rows) else None
    if inline_only:
        raise bad_request("Inline keyboard expected")
    return _check_reply_markup(raw)


def only_known(value: Json, type_name: str) -> None:
    """Refuse fields the type does not have; Telegram ignores them, our bot shall not send them."""
    unknown = sorted(set(value) - FIELDS[type_name])
    if unknown:
        raise bad_request(f'unknown field "{unknown[0]}" of {type_name}')


def _rows(raw: object, field: str, type_name: str) -> list[list[Any]]:
    if not isinstance(raw, list):
        raise bad_request(f'Field "{field}" must be of type Array')
    if not all(isinstance(row, list) for row in raw):
        raise bad_request(f'Field "{field}" of the {type_name} must be an Array of Arrays')
    return raw


def _check_counts(rows: list[list[Any]], in_all: int, in_row: int) -> None:
    if sum(map(len, rows)) > in_all or any(len(row) > in_row for row in rows):
        raise bad_request("reply markup is too long")


def _check_button(button: object, forbidden: frozenset[str]) -> None:
    if not isinstance(button, dict):
        raise _unparsable("InlineKeyboardButton must be an Object")
    only_known(button, "InlineKeyboardButton")
    text = button.get("text")
    if text is None:
        raise _unparsable('Can\'t find field "text"')
    if not isinstance(text, str):
        raise _unparsable('Field "text" must be of type String')
    if not text.strip():
        raise bad_request("Inline keyboard button text must be non-empty")
    if "style" in button and button["style"] not in _STYLES:
        raise _unparsable("invalid button style specified")
    actions = [name for name in BUTTON_ACTIONS if name in button]
    if not actions:
        raise _unparsable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unparsable(f"a button does one thing, this one has {' and '.join(actions)}")
    _check_action(actions[0], button[actions[0]])
    if actions[0] in forbidden:
        raise bad_request("BUTTON_TYPE_INVALID")


def _check_action(action: str, value: Any) -> None:  # noqa: C901, PLR0912 - one arm an action
    match action:
        case "url":
            _of_type(value, str, action)
            if problem := link_problem(value):
                raise bad_request(f"Inline keyboard button URL '{value}' is invalid: {problem}")
        case "callback_data":
            _of_type(value, str, action)
            if not 1 <= len(value.encode()) <= CALLBACK_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")
        case "copy_text":
            _of_type(value, dict, action)
            only_known(value, "CopyTextButton")
            copied = value.get("text")
            if not isinstance(copied, str) or not 1 <= utf16_length(copied) <= COPIED:
                raise bad_request("BUTTON_COPY_TEXT_INVALID")
        case "web_app" | "login_url":
            _of_type(value, dict, action)
            only_known(value, "WebAppInfo" if action == "web_app" else "LoginUrl")
            url = str(value.get("url", ""))
            if problem := link_problem(url, https_only=True):
                name = "Web App" if action == "web_app" else "login"
                raise bad_request(
                    f"Inline keyboard button {name} URL '{url}' is invalid: {problem}"
                )
        case "disabled":
            _of_type(value, dict, action)
            only_known(value, "DisabledButton")
        case "callback_game" | "pay":
            # Only a game's and an invoice's message have them.
            raise bad_request("BUTTON_TYPE_INVALID")
        case "switch_inline_query_chosen_chat":
            _of_type(value, dict, action)
            only_known(value, "SwitchInlineQueryChosenChat")
            if not any(value.get(kind) is True for kind in CHOSEN_CHATS):
                raise _unparsable("At least one chat type must be allowed")
        case _:
            _of_type(value, str, action)


def _of_type(value: object, kind: type, field: str) -> None:
    if not isinstance(value, kind):
        name = "String" if kind is str else "Object"
        raise _unparsable(f'Field "{field}" must be of type {name}')


def _check_reply_markup(raw: Json) -> Json:
    if "keyboard" in raw:
        only_known(raw, "ReplyKeyboardMarkup")
        rows = _rows(raw["keyboard"], "keyboard", "ReplyKeyboardMarkup")
        _check_counts(rows, REPLY_IN_ALL, REPLY_IN_ROW)
        for row in rows:
            for button in row:
                text = button.get("text") if isinstance(button, dict) else button
                if not isinstance(text, str):
                    raise bad_request(
                        "can't parse keyboard button: KeyboardButton must be a String or an Object"
                    )
                if not text.strip():
                    raise bad_request("Keyboard button text must be non-empty")
    elif raw.get("remove_keyboard") is True:
        only_known(raw, "ReplyKeyboardRemove")
    elif raw.get("force_reply") is True:
        only_known(raw, "ForceReply")
    else:
        raise bad_request("Object expected as reply markup")
    if utf16_length(str(raw.get("input_field_placeholder", ""))) > PLACEHOLDER:
        raise bad_request("input field placeholder is too long")
    return raw


def _unparsable(words: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {words}")
