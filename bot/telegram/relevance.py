"""What cannot be ours is dropped before the dispatcher: a busy group costs no round trip."""

from aiogram.types import Message, Update

from bot.telegram.moves import tells_of_move


def concerns(update: Update, bot_id: int, username: str) -> bool:
    """Whether an update can be for the bot: all but talk among people in groups."""
    message = update.message or update.edited_message
    if message is None:
        return update.callback_query is not None or update.my_chat_member is not None
    if message.chat.type == "private" or tells_of_move(message):
        return True
    return _addressed(message, bot_id, username)


def _addressed(message: Message, bot_id: int, username: str) -> bool:
    """A command that is not another bot's, a mention of ours, or a reply to us."""
    text = message.text or ""
    if text.startswith("/"):
        _, _, addressee = text.split(maxsplit=1)[0].partition("@")
        return addressee.lower() in ("", username.lower())
    reply = message.reply_to_message
    if reply is not None and reply.from_user is not None and reply.from_user.id == bot_id:
        return True
    return bool(username) and f"@{username}".lower() in text.lower()


def chat_of(update: Update) -> int | None:
    """The chat whose updates are handled in order."""
    message = update.message or update.edited_message
    if message is not None:
        return message.chat.id
    if update.my_chat_member is not None:
        return update.my_chat_member.chat.id
    callback = update.callback_query
    if callback is None:
        return None
    return callback.message.chat.id if callback.message else callback.from_user.id
