"""Who may be sent a message that nobody else in the group sees, and which of them can be edited.

The rules are the reference's; the words for most of them are documented nowhere, so the codes here
are those that Telegram uses for the same fault elsewhere.
"""

from typing import Any, Final, NamedTuple

from bot.sandbox.telegram.checks import chat_of
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.keyboards import only_known
from bot.sandbox.telegram.state import Callback, Chat, StoredMessage, User, World

Params = dict[str, Any]

WINDOW: Final = 15  # seconds to answer a tap or an ephemeral message
TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"


class Receiver(NamedTuple):
    """Who sees the message, and the message in whose place it is shown, if any."""

    user: User
    replaces: int | None


def receiver_of(world: World, chat: Chat, params: Params) -> Receiver | None:
    """What `ephemeral_message_parameters` ask for; None for a message that everybody sees."""
    raw = params.get("ephemeral_message_parameters")
    reply = _replied(world, chat, params)
    if raw is None:
        if reply is not None:  # the reply to an ephemeral message must be one too
            raise bad_request("REPLY_MESSAGE_ID_INVALID")
        return None
    if not isinstance(raw, dict):
        raise bad_request("Object expected as ephemeral message parameters")
    only_known(raw, "EphemeralMessageParameters")
    if chat.type == "private":
        raise bad_request("PEER_ID_INVALID")
    user = _member(chat, raw.get("receiver_user_id"))
    callback = _callback(world, chat, user, raw.get("callback_query_id"))
    if reply is not None and reply.sender is not user:
        raise bad_request("REPLY_MESSAGE_ID_INVALID")
    is_admin = chat.standing(world.bot) in {"administrator", "creator"}
    if not is_admin and callback is None and reply is None:
        raise bad_request("CHAT_ADMIN_REQUIRED")
    return Receiver(user, _replaced(callback) if raw.get(_REPLACE) else None)


def ephemeral_message_of(world: World, params: Params) -> StoredMessage:
    """The bot's ephemeral message that a call names."""
    chat = chat_of(world, params)
    user_id = params.get("receiver_user_id", 0)
    if user_id <= 0:
        raise bad_request("Invalid receiver_user_id specified")
    message = chat.messages.get(-max(params.get("ephemeral_message_id", 0), 0))
    receiver = message.receiver if message is not None else None
    if message is None or receiver is None or receiver.id != user_id:
        raise bad_request("MESSAGE_ID_INVALID")
    return message


_REPLACE: Final = "replace_callback_query_message"


def _replied(world: World, chat: Chat, params: Params) -> StoredMessage | None:
    """The ephemeral message of a member that `reply_parameters` name."""
    raw = params.get("reply_parameters")
    number = raw.get("ephemeral_message_id") if isinstance(raw, dict) else None
    if number is None:
        return None
    message = chat.messages.get(-number) if isinstance(number, int) and number > 0 else None
    if message is None or message.receiver is not world.bot:
        raise bad_request("message to be replied not found")
    if world.clock() - message.date >= WINDOW:
        raise bad_request("REPLY_MESSAGE_ID_INVALID")
    return message


def _member(chat: Chat, user_id: object) -> User:
    if user_id is None:
        words = "can't parse EphemeralMessageParameters: Can't find field"
        raise bad_request(f'{words} "receiver_user_id"')
    user = chat.members.get(user_id) if isinstance(user_id, int) else None
    if user is None:
        raise bad_request("USER_NOT_PARTICIPANT")
    if user.is_bot:
        raise bad_request("USER_BOT_INVALID")
    return user


def _callback(world: World, chat: Chat, user: User, number: object) -> Callback | None:
    if number is None:
        return None
    callback = world.callbacks.get(str(number))
    message = callback.message if callback is not None else None
    good = message is not None and message.chat is chat and message.inline_id is None
    if callback is None or not good or callback.user_id != user.id:
        raise bad_request(TOO_OLD)
    if world.clock() - callback.at >= WINDOW:
        raise bad_request(TOO_OLD)
    return callback


def _replaced(callback: Callback | None) -> int:
    message = callback.message if callback is not None else None
    if message is None or message.ephemeral:  # an ephemeral one is edited instead
        raise bad_request("MESSAGE_ID_INVALID")
    return message.id
