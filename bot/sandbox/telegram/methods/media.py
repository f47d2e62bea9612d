"""Photos and documents: sending them, editing their captions, getting their bytes back."""

from typing import Any, Final

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.files import MOST_DOWNLOAD, Kind, Media
from bot.sandbox.telegram.keyboards import only_known
from bot.sandbox.telegram.methods.editing import (
    Find,
    edited,
    ephemeral_target_of,
    target_of,
)
from bot.sandbox.telegram.methods.sending import Content, markup_of, send
from bot.sandbox.telegram.state import Json, World
from bot.sandbox.telegram.texts import caption_of

Params = dict[str, Any]

_INPUT_MEDIA: Final = {"photo": "InputMediaPhoto", "document": "InputMediaDocument"}


async def send_photo(world: World, params: Params) -> Json:
    return _send(world, params, "photo")


async def send_document(world: World, params: Params) -> Json:
    return _send(world, params, "document")


async def get_file(world: World, params: Params) -> Json:
    file = world.files.find(params.get("file_id", ""))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.data) > MOST_DOWNLOAD:
        raise bad_request("file is too big")
    return file.as_api()


async def edit_message_caption(world: World, params: Params) -> Json | bool:
    return _edit_caption(world, params, target_of)


async def edit_ephemeral_message_caption(world: World, params: Params) -> Json | bool:
    return _edit_caption(world, params, ephemeral_target_of)


async def edit_ephemeral_message_media(world: World, params: Params) -> Json | bool:
    markup = markup_of(world, params, inline_only=True)
    raw = params.get("media")
    if not isinstance(raw, dict):
        raise bad_request("media must be an Object" if raw else "Message media is not specified")
    kind = raw.get("type")
    if kind not in _INPUT_MEDIA:
        raise bad_request("can't parse InputMedia: Unsupported type specified")
    only_known(raw, _INPUT_MEDIA[kind])
    media = _media(world, raw, kind, raw.get("media"))
    text, entities = caption_of(world, raw)
    target = ephemeral_target_of(world, params)
    return edited(world, target, media=media, text=text, entities=entities, markup=markup)


def _send(world: World, params: Params, kind: Kind) -> Json:
    markup = markup_of(world, params)
    media = _media(world, params, kind, params.get(kind))
    return send(world, params, Content(caption_of(world, params), media=media), markup)


def _media(world: World, fields: Json, kind: Kind, given: Any) -> Media:
    if not given:
        raise bad_request(f"There is no {kind} in the request")
    file = world.files.resolve(given, kind)
    if kind == "document":
        return Media(file)
    above, spoiler = fields.get("show_caption_above_media"), fields.get("has_spoiler")
    return Media(file, above=bool(above), spoiler=bool(spoiler))


def _edit_caption(world: World, params: Params, find: Find) -> Json | bool:
    markup = markup_of(world, params, inline_only=True)
    text, entities = caption_of(world, params)
    target = find(world, params)
    media = target.message.media
    if media is None:
        raise bad_request("There is no caption in the message to edit")
    above = params.get("show_caption_above_media", False) and media.file.kind == "photo"
    changed = Media(media.file, above=above, spoiler=media.spoiler)
    return edited(world, target, text=text, entities=entities, media=changed, markup=markup)
