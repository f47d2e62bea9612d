"""A chat as a person sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.sandbox.telegram.entities import Entity, to_html
from bot.sandbox.telegram.fields import CHOSEN_CHATS
from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.state import Chat, StoredMessage, User

ButtonKind = Literal["callback", "url", "copy", "switch_inline", "web_app", "disabled"]

_KINDS: Final[dict[str, ButtonKind]] = {
    "callback_data": "callback",
    "url": "url",
    "login_url": "url",
    "copy_text": "copy",
    "switch_inline_query": "switch_inline",
    "switch_inline_query_current_chat": "switch_inline",
    "switch_inline_query_chosen_chat": "switch_inline",
    "web_app": "web_app",
    "disabled": "disabled",
}


@dataclass(frozen=True, slots=True)
class Button:
    """`value` is what it sends, opens, copies or types; empty when it is disabled.

    `chats` says where a switch to inline mode leads: `here`, or to a chosen `user`, `bot`, `group`
    or `channel`.
    """

    text: str
    kind: ButtonKind
    value: str = ""
    style: str | None = None
    chats: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Message:
    """One message now; `buttons` are rows of its inline keyboard, `text` may be a caption.

    An `ephemeral` one is seen by one person only; its `id` is negative. `via` and `business_bot`
    name the bot through which a person's message was sent.
    """

    id: int
    chat_id: int
    sender: str
    from_bot: bool
    date: int
    text: str
    entities: tuple[Entity, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    edited: bool = False
    thread: int | None = None
    reply_to: int | None = None
    photo: StoredFile | None = None
    document: StoredFile | None = None
    ephemeral: bool = False
    via: str | None = None
    business_bot: str | None = None
    protected: bool = False

    @property
    def html(self) -> str:
        """The text as HTML."""
        return to_html(self.text, list(self.entities))

    @property
    def labels(self) -> list[str]:
        """What the buttons say, row by row."""
        return [button.text for row in self.buttons for button in row]


def view(message: StoredMessage, bot: User) -> Message:
    """What a person sees of a stored message."""
    file = message.media.file if message.media is not None else None
    return Message(
        id=message.id,
        chat_id=message.chat.id,
        sender=message.sender.first_name,
        from_bot=message.sender is bot,
        date=message.date,
        text=message.text,
        entities=tuple(message.entities),
        buttons=tuple(tuple(map(button_view, row)) for row in message.keyboard),
        edited=message.edited_at is not None,
        thread=message.thread,
        reply_to=message.reply_to.id if message.reply_to else None,
        photo=file if file is not None and file.kind == "photo" else None,
        document=file if file is not None and file.kind == "document" else None,
        ephemeral=message.ephemeral,
        via=message.via_bot.username if message.via_bot else None,
        business_bot=message.business_bot.username if message.business_bot else None,
        protected=message.protected,
    )


def visible(chat: Chat, user_id: int) -> list[StoredMessage]:
    """The messages that this member sees, oldest first.

    An ephemeral message that replaces another stands in its place.
    """
    seen = [message for message in chat.messages.values() if message.seen_by(user_id)]
    instead = {message.replaces: message for message in seen if message.replaces in chat.messages}
    return [instead.get(message.id, message) for message in seen if message.replaces not in instead]


def button_view(raw: dict[str, Any]) -> Button:
    """What a person sees of an InlineKeyboardButton."""
    action = next(name for name in _KINDS if name in raw)
    value = raw[action]
    if isinstance(value, dict):
        value = value.get("text", value.get("url", value.get("query", "")))
    return Button(raw["text"], _KINDS[action], value, raw.get("style"), _chats(action, raw[action]))


def _chats(action: str, value: Any) -> frozenset[str]:
    if action == "switch_inline_query_current_chat":
        return frozenset({"here"})
    chosen: Iterable[str] = ()
    if action == "switch_inline_query":
        chosen = CHOSEN_CHATS
    elif action == "switch_inline_query_chosen_chat":
        chosen = (kind for kind in CHOSEN_CHATS if value.get(kind))
    return frozenset(kind.removeprefix("allow_").removesuffix("_chats") for kind in chosen)
