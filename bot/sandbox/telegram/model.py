"""Users, chats and messages, with the objects the Bot API shows of them."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from bot.sandbox.telegram.entities import Entity
from bot.sandbox.telegram.files import Media

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup"]
Standing = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

GENERAL_TOPIC: Final = 1


@dataclass(slots=True)
class User:
    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def as_api(self) -> Json:
        optional = {"username": self.username, "language_code": self.language_code}
        return {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            **{name: value for name, value in optional.items() if value},
        }

    def as_chat(self) -> Json:
        """The private chat with this person, as the other side sees it."""
        username = {"username": self.username} if self.username else {}
        return {"id": self.id, "type": "private", "first_name": self.first_name, **username}


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat (its id is the person's), a group with the bot's standing in it, or a dialog.

    A dialog is a private chat of two people, which no bot sees by itself; its id is only ours.
    """

    id: int
    type: ChatType
    title: str | None = None
    person: User | None = None
    started: bool = True
    blocked: bool = False
    deleted: bool = False
    members: dict[int, User] = field(default_factory=dict)
    admins: set[int] = field(default_factory=set)
    forum: bool = False
    topics: dict[int, str] = field(default_factory=dict)
    bot_can_delete: bool = False
    bot_is_admin: bool = False
    owner: int | None = None
    banned: dict[int, User] = field(default_factory=dict)
    muted: set[int] = field(default_factory=set)
    dialog: bool = False
    migrated_to: int | None = None
    messages: dict[int, "StoredMessage"] = field(default_factory=dict)

    def as_api(self) -> Json:
        if self.person is not None:
            return self.person.as_chat()
        forum = {"is_forum": True} if self.forum else {}
        return {"id": self.id, "type": self.type, "title": self.title, **forum}

    def standing(self, user: User) -> Standing:
        """What the user is in this chat."""
        if user.id in self.banned:
            return "kicked"
        if user.id == self.owner:
            return "creator"
        runs = user.is_bot and (self.bot_can_delete or self.bot_is_admin)
        if runs or user.id in self.admins:
            return "administrator"
        if user.id in self.members:
            return "restricted" if user.id in self.muted else "member"
        private = self.type == "private" and (user.is_bot or user.id == self.id)
        return "member" if private else "left"


@dataclass(slots=True, eq=False)
class StoredMessage:
    """A message; `text` is the caption of one with media.

    An ephemeral one is kept under the negative of its ephemeral_message_id and has a `receiver`.
    """

    id: int
    chat: Chat
    sender: User
    date: int
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    markup: Json | None = None
    thread: int | None = None
    reply_to: "StoredMessage | None" = None
    edited_at: int | None = None
    link_preview: Json | None = None
    protected: bool = False
    service: Json = field(default_factory=dict)
    media: Media | None = None
    via_bot: User | None = None
    inline_id: str | None = None
    guest_caller: User | None = None
    business_id: str | None = None
    business_bot: User | None = None
    receiver: User | None = None
    replaces: int | None = None

    @property
    def keyboard(self) -> list[list[Json]]:
        """The inline keyboard; empty without one."""
        rows: list[list[Json]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    @property
    def ephemeral(self) -> bool:
        return self.receiver is not None

    @property
    def by_bot(self) -> bool:
        """Whether the bot wrote it: by itself, via inline mode or on behalf of an account."""
        return self.sender.is_bot or self.via_bot is not None or self.business_bot is not None

    def seen_by(self, user_id: int) -> bool:
        """Whether this member of the chat gets to see it."""
        return self.receiver is None or user_id in {self.receiver.id, self.sender.id}

    def as_api(self, *, nested: bool = False) -> Json:
        """The Message object; a nested one has no `reply_to_message` of its own."""
        message: Json = {
            "message_id": max(self.id, 0),
            "from": self.sender.as_api(),
            "chat": self.chat.as_api(),
            "date": self.date,
            **self.service,
            **self._origin(),
            **self._content(),
        }
        if self.thread is not None:
            message |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.edited_at is not None:
            message["edit_date"] = self.edited_at
        if self.keyboard:
            message["reply_markup"] = self.markup
        if self.protected:
            message["has_protected_content"] = True
        if self.reply_to is not None and not nested:
            message["reply_to_message"] = self.reply_to.as_api(nested=True)
        return message

    def _origin(self) -> Json:
        users = {
            "via_bot": self.via_bot,
            "guest_bot_caller_user": self.guest_caller,
            "sender_business_bot": self.business_bot,
            "receiver_user": self.receiver,
        }
        origin: Json = {name: user.as_api() for name, user in users.items() if user is not None}
        if self.business_id is not None:
            origin["business_connection_id"] = self.business_id
        if self.ephemeral:
            origin["ephemeral_message_id"] = -self.id
        return origin

    def _content(self) -> Json:
        text, entities = ("text", "entities")
        content: Json = {}
        if self.media is not None:
            text, entities = ("caption", "caption_entities")
            content |= self.media.as_api()
        if self.text:
            content[text] = self.text
        if self.entities:
            content[entities] = self.entities
        if self.link_preview:
            content["link_preview_options"] = self.link_preview
        return content
