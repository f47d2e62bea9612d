"""What Telegram checks before it does something: chats, messages, topics, replies."""

from typing import Any, Final

from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.keyboards import only_known
from bot.sandbox.telegram.state import GENERAL_TOPIC, Chat, StoredMessage, World

Params = dict[str, Any]

DELETABLE: Final = 48 * 3600  # seconds
AT_ONCE: Final = 100  # messages to delete in one call


def chat_of(world: World, params: Params) -> Chat:
    """The chat of `chat_id`."""
    chat_id = params.get("chat_id")
    if chat_id is None:
        raise bad_request("chat_id is empty")
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        raise bad_request("chat not found")
    return chat


def writable_chat_of(world: World, params: Params) -> Chat:
    """The chat of `chat_id`, if the bot may write there."""
    chat = chat_of(world, params)
    if chat.type == "private" and not chat.started:
        raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
    if chat.deleted:
        raise ApiError(403, "Forbidden: user is deactivated")
    if chat.blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    return editable_chat_of(world, params)


def editable_chat_of(world: World, params: Params) -> Chat:
    """The chat of `chat_id`, if the bot may change there what it wrote."""
    chat = living_chat_of(world, params)
    if chat.type != "private" and world.bot.id not in chat.members:
        raise ApiError(403, f"Forbidden: bot is not a member of the {chat.type} chat")
    return chat


def living_chat_of(world: World, params: Params) -> Chat:
    """The chat of `chat_id`, unless it has become a supergroup."""
    chat = chat_of(world, params)
    if chat.migrated_to is not None:
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        raise ApiError(400, words, migrate_to_chat_id=chat.migrated_to)
    return chat


def topic_of(chat: Chat, params: Params) -> int | None:
    """The topic of `message_thread_id`; None outside topics."""
    thread: int | None = params.get("message_thread_id")
    if not thread:
        return None
    if thread == GENERAL_TOPIC or thread not in chat.topics:
        raise bad_request("message thread not found")
    return thread


def message_of(chat: Chat, params: Params, what: str) -> StoredMessage:
    """The message of `message_id`; `what` names it in the refusal, as in "message to edit"."""
    message_id = params.get("message_id", 0)
    message = chat.messages.get(message_id) if message_id > 0 else None
    if message is None:
        raise bad_request(f"{what} not found")
    return message


def check_deletable(world: World, message: StoredMessage) -> None:
    """Raises ApiError 400 when the bot may not delete the message."""
    chat = message.chat
    own = message.sender is world.bot
    if message.service or not (own or chat.type == "private" or chat.bot_can_delete):
        raise bad_request("message can't be deleted")
    if world.clock() - message.date >= DELETABLE:
        raise bad_request("message can't be deleted for everyone")


def replied_of(world: World, chat: Chat, params: Params) -> StoredMessage | None:
    """The message that `reply_parameters` names."""
    raw = params.get("reply_parameters")
    if raw is None or raw == {}:
        return None
    if not isinstance(raw, dict):
        raise bad_request("Object expected as reply parameters")
    only_known(raw, "ReplyParameters")
    if raw.get("ephemeral_message_id") is not None:
        return chat.messages.get(-raw["ephemeral_message_id"])
    number = raw.get("message_id")
    if not isinstance(number, int):
        raise bad_request('Can\'t find field "message_id"')
    source = chat if raw.get("chat_id") is None else chat_of(world, raw)
    message = source.messages.get(number) if number > 0 else None
    if message is None and raw.get("allow_sending_without_reply") is not True:
        raise bad_request("message to be replied not found")
    quote = raw.get("quote")
    if message is not None and quote and quote not in message.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return message


def message_ids_of(params: Params) -> list[int]:
    """The distinct numbers of `message_ids`, 1 to 100."""
    numbers = params.get("message_ids")
    if not numbers:
        raise bad_request("Message identifiers are not specified")
    if not isinstance(numbers, list):
        raise bad_request("Expected an Array of message identifiers")
    if len(numbers) > AT_ONCE:
        raise bad_request("Too many message identifiers specified")
    if not all(isinstance(number, int) for number in numbers):
        raise bad_request("Message identifier must be a Number")
    if min(numbers) <= 0:
        raise bad_request("Invalid message identifier specified")
    return list(dict.fromkeys(numbers))
