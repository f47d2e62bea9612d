"""What Telegram checks in the results of inline and guest queries."""

from typing import Any, Final

from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.inline import InlineResult
from bot.sandbox.telegram.keyboards import check_markup, only_known
from bot.sandbox.telegram.links import link_problem
from bot.sandbox.telegram.state import World
from bot.sandbox.telegram.texts import link_preview_of, text_of

Json = dict[str, Any]

AT_ONCE: Final = 50
ID_BYTES: Final = 64
START_PARAMETER: Final = 64
_START: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def results_of(world: World, raw: object) -> tuple[InlineResult, ...]:
    """The `results` of answerInlineQuery."""
    if raw is None or raw == "":
        return ()
    if not isinstance(raw, list):
        raise bad_request("Expected an Array of inline query results")
    if len(raw) > AT_ONCE:
        raise bad_request("Too many inline query results specified")
    results = tuple(
        result_of(world, each, prefix="Can't parse inline query result: ") for each in raw
    )
    if len({result.id for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    return results


def result_of(world: World, raw: object, *, prefix: str = "") -> InlineResult:
    """One result; `prefix` stands in front of the words for what cannot be parsed."""
    if not isinstance(raw, dict):
        raise bad_request(f"{prefix}Inline query result must be an object")
    kind = _string(raw, "type", prefix).lower()
    if kind != "article":
        raise bad_request(f'the local Telegram does not know inline results of type "{kind}" yet')
    only_known(raw, "InlineQueryResultArticle")
    number = _string(raw, "id", prefix)
    if not 1 <= len(number.encode()) <= ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    title = _string(raw, "title", prefix)
    if not title.strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = raw.get("input_message_content")
    if not isinstance(content, dict):
        raise bad_request(f'{prefix}Can\'t find field "message_text"')
    only_known(content, "InputTextMessageContent")
    for field in ("url", "thumbnail_url"):
        if field in raw and link_problem(_string(raw, field, prefix)):
            raise bad_request(f"{'WEBDOCUMENT' if 'thumb' in field else 'ARTICLE'}_URL_INVALID")
    fields = {**content, "text": content.get("message_text", "")}
    if not isinstance(fields["text"], str):
        raise bad_request(f'{prefix}Field "message_text" must be of type String')
    text = text_of(world, fields, too_long="MESSAGE_TOO_LONG")
    return InlineResult(
        id=number,
        title=title,
        text=text.text,
        description=str(raw.get("description") or ""),
        entities=tuple(text.entities),
        markup=check_markup(raw.get("reply_markup"), inline_only=True, place="inline"),
        link_preview=link_preview_of(fields),
    )


def button_of(raw: object) -> tuple[str | None, str | None]:
    """The text of an InlineQueryResultsButton and what it starts the bot with."""
    if raw is None:
        return None, None
    if not isinstance(raw, dict):
        raise _bad_button("InlineQueryResultsButton must be an Object")
    only_known(raw, "InlineQueryResultsButton")
    text = raw.get("text")
    if not isinstance(text, str):
        raise _bad_button('Can\'t find field "text"')
    if not text.strip():
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    if len({"start_parameter", "web_app"} & set(raw)) != 1:
        raise _bad_button("InlineQueryResultsButton must have exactly one optional field")
    if "web_app" in raw:
        app = raw["web_app"]
        if not isinstance(app, dict) or link_problem(str(app.get("url", "")), https_only=True):
            raise bad_request("SWITCH_WEBVIEW_URL_INVALID")
        return text, None
    start = str(raw["start_parameter"])
    if not start:
        raise bad_request("START_PARAM_EMPTY")
    if len(start) > START_PARAMETER or not set(start) <= _START:
        raise bad_request("START_PARAM_INVALID")
    return text, start


def _string(raw: Json, field: str, prefix: str) -> str:
    value = raw.get(field)
    if value is None:
        raise bad_request(f'{prefix}Can\'t find field "{field}"')
    if not isinstance(value, str):
        raise bad_request(f'{prefix}Field "{field}" must be of type String')
    return value


def _bad_button(words: str) -> ApiError:
    return bad_request(f"Can't parse inline query results button: {words}")
