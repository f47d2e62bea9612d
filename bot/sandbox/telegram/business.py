"""Connections of the bot with business accounts: who gave it which rights over which chats."""

from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox.telegram.model import Chat, StoredMessage, User

Json = dict[str, Any]

ACTIVE: Final = 24 * 3600  # seconds for which a chat counts as active after the client wrote
RIGHTS: Final = frozenset(
    {
        "can_reply",
        "can_read_messages",
        "can_delete_sent_messages",
        "can_delete_all_messages",
        "can_edit_name",
        "can_edit_bio",
        "can_edit_profile_photo",
        "can_edit_username",
        "can_change_gift_settings",
        "can_view_gifts_and_stars",
        "can_convert_gifts_to_stars",
        "can_transfer_and_upgrade_gifts",
        "can_transfer_stars",
        "can_manage_stories",
    }
)


@dataclass(slots=True, eq=False)
class BusinessConnection:
    """What one account's owner allows the bot in the owner's private chats."""

    id: str
    owner: User
    date: int
    rights: set[str] = field(default_factory=set)
    enabled: bool = True
    read: set[tuple[int, int]] = field(default_factory=set)  # chat of the client, message

    def as_api(self) -> Json:
        """The BusinessConnection object."""
        return {
            "id": self.id,
            "user": self.owner.as_api(),
            "user_chat_id": self.owner.id,
            "date": self.date,
            "is_enabled": self.enabled,
            "rights": dict.fromkeys(sorted(self.rights), True),
        }

    def client(self, dialog: Chat) -> User:
        """Whom the owner talks with there."""
        return next(user for user in dialog.members.values() if user is not self.owner)

    def view(self, message: StoredMessage) -> Json:
        """The Message object as this connection shows it: in the chat with the client."""
        chat = self.client(message.chat).as_chat()
        shown = {**message.as_api(), "business_connection_id": self.id, "chat": chat}
        if "reply_to_message" in shown:
            replied = {"business_connection_id": self.id, "chat": chat}
            shown["reply_to_message"] = {**shown["reply_to_message"], **replied}
        return shown

    def is_active(self, dialog: Chat, now: float) -> bool:
        """Whether the client wrote within the last 24 hours."""
        client = self.client(dialog)
        return any(
            message.sender is client and now - message.date < ACTIVE
            for message in reversed(dialog.messages.values())
        )
