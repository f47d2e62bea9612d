"""The way of every new message: where it goes, who sees it, and what is answered."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.sandbox.telegram.accounts import connection_of, writable_dialog_of
from bot.sandbox.telegram.business import BusinessConnection
from bot.sandbox.telegram.checks import replied_of, topic_of, writable_chat_of
from bot.sandbox.telegram.ephemeral import Receiver, receiver_of
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.files import Media
from bot.sandbox.telegram.keyboards import Place, check_markup
from bot.sandbox.telegram.state import Chat, Json, StoredMessage, World
from bot.sandbox.telegram.texts import Text

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says, whatever chat it goes to."""

    text: Text
    link_preview: Json | None = None
    media: Media | None = None


class _Where(NamedTuple):
    chat: Chat
    business: BusinessConnection | None = None
    receiver: Receiver | None = None


def place_of(world: World, params: Params) -> Place:
    """What kind of place is meant, before it is known to exist: buttons depend on it."""
    if params.get("chat_id") is None and params.get("inline_message_id"):
        return "inline"
    if params.get("business_connection_id"):
        return "business"
    if {"ephemeral_message_parameters", "ephemeral_message_id"} & set(params):
        return "ephemeral"
    chat = world.chats.get(params.get("chat_id", 0))
    return "private" if chat is None or chat.type == "private" else "group"


def markup_of(world: World, params: Params, *, inline_only: bool = False) -> Json | None:
    """The `reply_markup` of a send; of an edit with `inline_only`."""
    place = place_of(world, params)
    return check_markup(params.get("reply_markup"), inline_only=inline_only, place=place)


def send(world: World, params: Params, content: Content, markup: Json | None) -> Json:
    """Put the message where the parameters say; the Message object."""
    chat, business, receiver = _where(world, params)
    topic = topic_of(chat, params)
    reply = replied_of(world, chat, params)
    message = StoredMessage(
        id=world.next_ephemeral_id(chat) if receiver else world.next_message_id(chat),
        chat=chat,
        sender=business.owner if business else world.bot,
        date=world.now(),
        text=content.text.text,
        entities=content.text.entities,
        markup=markup,
        thread=topic,
        reply_to=reply,
        link_preview=content.link_preview,
        protected=params.get("protect_content", False),
        media=content.media,
        business_id=business.id if business else None,
        business_bot=world.bot if business else None,
        receiver=receiver.user if receiver else None,
        replaces=receiver.replaces if receiver else None,
    )
    world.post(message)
    return business.view(message) if business else message.as_api()


def _where(world: World, params: Params) -> _Where:
    if params.get("business_connection_id"):
        if params.get("ephemeral_message_parameters") is not None:
            raise bad_request("PEER_ID_INVALID")
        connection = connection_of(world, params)
        return _Where(writable_dialog_of(world, connection, params), connection)
    chat = writable_chat_of(world, params)
    return _Where(chat, None, receiver_of(world, chat, params))
