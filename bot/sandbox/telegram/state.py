"""Everything the local Telegram remembers: users, chats, messages, what happened to them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from bot.sandbox.telegram.business import BusinessConnection
from bot.sandbox.telegram.changes import Changes
from bot.sandbox.telegram.files import Files
from bot.sandbox.telegram.inline import GuestQuery, InlineQueries
from bot.sandbox.telegram.model import GENERAL_TOPIC, Chat, ChatType, Json, StoredMessage, User
from bot.sandbox.telegram.updates import UpdateQueue
from bot.sandbox.telegram.webhook import Webhook

__all__ = [
    "GENERAL_TOPIC",
    "Abilities",
    "Callback",
    "CallbackAnswer",
    "Chat",
    "ChatType",
    "Event",
    "Json",
    "Profile",
    "StoredMessage",
    "User",
    "What",
    "World",
]

What = Literal["sent", "edited", "deleted"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a message, in the order things happened.

    An ephemeral message has the negative of its ephemeral_message_id as `message_id`, and
    `seen_by` names the members who see it; everybody does when it is None.
    """

    what: What
    at: float
    by_bot: bool
    chat_id: int
    message_id: int
    message: Json
    seen_by: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What answerCallbackQuery said."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None


@dataclass(slots=True)
class Callback:
    """A tap that waits for its answer."""

    id: str
    user_id: int
    at: float
    answer: CallbackAnswer | None = None
    message: StoredMessage | None = None


@dataclass(frozen=True, slots=True)
class Abilities:
    """What @BotFather has switched on for the bot."""

    inline: bool = True
    inline_feedback: bool = True
    guest: bool = True
    business: bool = True


@dataclass(slots=True)
class Profile:
    """What setMy… methods set, by scope and language."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)


class World:
    """The state behind one bot's token."""

    def __init__(
        self,
        bot: User,
        clock: Callable[[], float] = time.time,
        abilities: Abilities = Abilities(),
    ) -> None:
        self.bot = bot
        self.clock = clock
        self.abilities = abilities
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.dialogs: dict[frozenset[int], Chat] = {}
        self.business: dict[str, BusinessConnection] = {}
        self.files = Files()
        self.updates = UpdateQueue(clock=clock)
        self.callbacks: dict[str, Callback] = {}
        self.inline = InlineQueries(clock)
        self.guests: dict[str, GuestQuery] = {}
        self.inline_messages: dict[str, StoredMessage] = {}
        self.profile = Profile()
        self.webhook = Webhook()
        self.events: list[Event] = []
        self.changes = Changes()
        self.actions: list[tuple[int, str]] = []
        self.serial = count(1)
        self._message_ids = count(1)
        self._own_message_ids: dict[int, count[int]] = {}
        self._ephemeral_ids: dict[int, count[int]] = {}

    def now(self) -> int:
        """Seconds since the epoch, as Telegram dates things."""
        return int(self.clock())

    def next_message_id(self, chat: Chat) -> int:
        """Supergroups count their own messages, all other chats of a bot share one count."""
        if chat.type != "supergroup":
            return next(self._message_ids)
        return next(self._own_message_ids.setdefault(chat.id, count(1)))

    def next_ephemeral_id(self, chat: Chat) -> int:
        """The key of a new ephemeral message: the negative of its ephemeral_message_id."""
        return -next(self._ephemeral_ids.setdefault(chat.id, count(1)))

    def next_query_id(self, user_id: int) -> str:
        """The identifier of a query that the user sends."""
        return f"{user_id}{next(self.serial):010d}"

    def dialog_of(self, one: User, other: User) -> Chat | None:
        """The private chat of two people, if there is one."""
        return self.dialogs.get(frozenset({one.id, other.id}))

    def post(self, message: StoredMessage) -> StoredMessage:
        """Put a new message into its chat."""
        message.chat.messages[message.id] = message
        if message.inline_id is not None:
            self.inline_messages[message.inline_id] = message
        by_bot = message.sender is self.bot or message.business_bot is not None
        self.record("sent", message, by_bot=by_bot)
        return message

    def delete(self, message: StoredMessage, *, by_bot: bool) -> None:
        """Take a message out of its chat, for everybody."""
        del message.chat.messages[message.id]
        self.inline_messages.pop(message.inline_id or "", None)
        self.record("deleted", message, by_bot=by_bot)

    def record(self, what: What, message: StoredMessage, *, by_bot: bool) -> None:
        """Note what happened and wake whoever waits."""
        seen_by = None
        if message.receiver is not None:
            seen_by = frozenset({message.sender.id, message.receiver.id})
        self.events.append(
            Event(
                what,
                self.clock(),
                by_bot,
                message.chat.id,
                message.id,
                message.as_api(),
                seen_by,
            )
        )
        self.changes.notify()
