"""What Telegram checks in texts and captions, with their entities and link previews."""

from typing import Any, Final, NamedTuple

from bot.sandbox.telegram.entities import (
    Entity,
    clean,
    is_blank,
    ordered,
    utf16_length,
    with_detected,
)
from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.formatting import TIME_FORMAT, parse_html
from bot.sandbox.telegram.keyboards import only_known
from bot.sandbox.telegram.links import link_problem
from bot.sandbox.telegram.state import World

Json = dict[str, Any]
Params = dict[str, Any]

TEXT_UNITS: Final = 4096  # UTF-16 code units after parsing
CAPTION_UNITS: Final = 1024
RAW_BYTES: Final = 32_768
_DETECTED: Final = {
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bank_card_number",
}
_GIVEN: Final = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "pre",
    "blockquote",
    "expandable_blockquote",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
}


class Text(NamedTuple):
    """A text as it is kept."""

    text: str
    entities: list[Entity]


def text_of(world: World, params: Params, *, too_long: str = "message is too long") -> Text:
    """The text, parsed, cleaned and measured; `too_long` are the words for over 4096 units."""
    source = params.get("text", "")
    if not source:
        raise bad_request("Message text is empty")
    text, entities = _parsed(source, params.get("parse_mode"), params.get("entities"))
    if is_blank(text):
        raise bad_request("text must be non-empty")
    if utf16_length(text) > TEXT_UNITS:
        raise bad_request(too_long)
    return _finished(world, text, entities)


def caption_of(world: World, params: Params) -> Text:
    """The caption, which may be empty."""
    source = params.get("caption", "")
    text, entities = _parsed(source, params.get("parse_mode"), params.get("caption_entities"))
    if utf16_length(text) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    return _finished(world, text, entities)


def link_preview_of(params: Params) -> Json | None:
    """`link_preview_options` as given."""
    raw = params.get("link_preview_options")
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise bad_request("Object expected as link preview options")
    only_known(raw, "LinkPreviewOptions")
    return raw or None


def _parsed(source: str, mode: str | None, given: object) -> tuple[str, list[Entity]]:
    if len(source.encode()) > RAW_BYTES:
        raise bad_request("Text is too long")
    mode = (mode or "").lower()
    if mode in {"", "none"}:
        text, entities = source, _given_entities(source, given)
    elif mode == "html":
        text, entities = parse_html(source)
    elif mode in {"markdown", "markdownv2"}:
        raise bad_request(f'the local Telegram does not know the parse_mode "{mode}" yet')
    else:
        raise bad_request("Unsupported parse_mode")
    return clean(text, entities)


def _finished(world: World, text: str, entities: list[Entity]) -> Text:
    known = [shown for entity in entities if (shown := _with_user(world, entity))]
    return Text(text, with_detected(text, known))


def _with_user(world: World, entity: Entity) -> Entity | None:
    """Put the user into a mention; without a user that Telegram knows there is no mention."""
    if entity["type"] != "text_mention" or "user" in entity:
        return entity
    user = world.users.get(entity["user_id"])
    kept = {name: value for name, value in entity.items() if name != "user_id"}
    return {**kept, "user": user.as_api()} if user else None


def _given_entities(text: str, raw: object) -> list[Entity]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise bad_request("Can't parse entities JSON object")
    end = utf16_length(text)
    kept = []
    for entity in raw:
        checked = _given_entity(entity, end)
        if checked is not None:
            kept.append(checked)
    return ordered(kept)


def _given_entity(entity: object, end: int) -> Entity | None:
    if not isinstance(entity, dict):
        raise _bad_entity("expected an Object")
    only_known(entity, "MessageEntity")
    for field in ("offset", "length"):
        if not isinstance(entity.get(field), int):
            raise _bad_entity(f'Can\'t find field "{field}"')
    kind = entity.get("type")
    if kind in _DETECTED:
        return None
    if kind not in _GIVEN:
        raise _bad_entity("Unsupported type specified" if kind else 'Can\'t find field "type"')
    if entity["offset"] < 0 or entity["length"] < 1 or entity["offset"] >= end:
        raise bad_request(
            f"entity begins in a middle of nowhere at UTF-16 offset {entity['offset']}"
        )
    if entity["offset"] + entity["length"] > end:
        raise bad_request(
            f"entity ends after the end of the text at UTF-16 offset {entity['offset']}"
        )
    if kind == "text_link" and (problem := link_problem(str(entity.get("url", "")))):
        raise bad_request(f"URL '{entity.get('url', '')}' is invalid: {problem}")
    if kind == "date_time" and not TIME_FORMAT.fullmatch(entity.get("date_time_format", "")):
        raise _bad_entity("Invalid date-time format specified")
    return entity


def _bad_entity(words: str) -> ApiError:
    return bad_request(f"can't parse MessageEntity: {words}")
