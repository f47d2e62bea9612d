"""The places where people talk beside their chats with the bot: groups and their own dialogs."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from bot.sandbox.telegram.methods.chats import member
from bot.sandbox.telegram.standing import tell_of_standing
from bot.sandbox.telegram.state import GENERAL_TOPIC, Chat, ChatType, StoredMessage, User, World

_SUPERGROUP: Final = -1_000_000_000_000
_ANONYMOUS: Final = User(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
_DIALOG: Final = 4_000_000_000_000  # past every user's id; the bot never sees it


class Group:
    """A group chat, with the bot in it or not."""

    def __init__(
        self,
        world: World,
        chat_id: int,
        title: str,
        members: Iterable[User],
        *,
        admins: Iterable[User],
        forum: bool,
        bot_can_delete: bool,
        bot_is_admin: bool = False,
        bot_inside: bool = True,
        owner: User | None = None,
    ) -> None:
        if chat_id >= 0:
            raise ValueError("a group's id is negative")
        kind: ChatType = "supergroup" if forum or str(chat_id).startswith("-100") else "group"
        admins = list(admins)
        inside = [user for user in (world.bot if bot_inside else None, owner) if user is not None]
        self._world = world
        self._become(
            Chat(
                chat_id,
                kind,
                title,
                members={user.id: user for user in [*inside, *admins, *members]},
                admins={user.id for user in admins},
                forum=forum,
                bot_can_delete=bot_can_delete,
                bot_is_admin=bot_is_admin,
                owner=owner.id if owner is not None else None,
            )
        )

    @property
    def id(self) -> int:
        """It changes when the group migrates."""
        return self.chat.id

    def topic(self, name: str) -> int:
        """A new topic of a forum; its message_thread_id. Raises ValueError elsewhere."""
        if not self.chat.forum:
            raise ValueError(f"{self.chat.title} has no topics")
        thread = self._world.next_message_id(self.chat)
        if thread == GENERAL_TOPIC:
            thread = self._world.next_message_id(self.chat)
        service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        self.chat.topics[thread] = name
        self._serve(self.chat, thread, thread=thread, **service)
        return thread

    def migrate(self) -> int:
        """Turn a basic group into a supergroup, as its settings do; the new id.

        The old id answers sends with `migrate_to_chat_id` from now on, the new chat is empty, and
        this object stands for the new one. The bot is told in both. Raises ValueError for a
        supergroup.
        """
        old = self.chat
        if old.type != "group":
            raise ValueError(f"{old.title} is a supergroup already")
        new_id = _SUPERGROUP + old.id
        old.migrated_to = new_id
        self._become(
            Chat(
                new_id,
                "supergroup",
                old.title,
                members=dict(old.members),
                admins=set(old.admins),
                bot_can_delete=old.bot_can_delete,
                bot_is_admin=old.bot_is_admin,
                owner=old.owner,
                banned=dict(old.banned),
                muted=set(old.muted),
            )
        )
        last = self._serve(old, self._world.next_message_id(old), migrate_to_chat_id=new_id)
        first = self._serve(
            self.chat, self._world.next_message_id(self.chat), migrate_from_chat_id=old.id
        )
        anonymous = {"from": _ANONYMOUS.as_api(), "sender_chat": self.chat.as_api()}
        for shown in (last.as_api(), first.as_api() | anonymous):
            self._world.updates.push({"message": shown})
        return new_id

    def add(self, user: User) -> None:
        """Let somebody in; the bot is told when it is the one."""
        with self._told_of_itself(user):
            self.chat.members[user.id] = user
            self.chat.banned.pop(user.id, None)

    def remove(self, user: User, *, ban: bool = False) -> None:
        """Take somebody out, with `ban` for good; the bot, too."""
        with self._told_of_itself(user):
            del self.chat.members[user.id]
            self.chat.admins.discard(user.id)
            if ban:
                self.chat.banned[user.id] = user

    def mute(self, user: User) -> None:
        """Restrict a member to reading."""
        self.chat.muted.add(user.id)

    @contextmanager
    def _told_of_itself(self, user: User) -> Iterator[None]:
        before = member(self.chat, user)
        yield
        by = next((one for one in self.chat.members.values() if not one.is_bot), user)
        if user is self._world.bot:
            tell_of_standing(self._world, self.chat, by, before, member(self.chat, user))

    def _become(self, chat: Chat) -> None:
        self.chat = chat
        self._world.chats[chat.id] = chat

    def _serve(
        self, chat: Chat, number: int, thread: int | None = None, **service: object
    ) -> StoredMessage:
        people = (user for user in chat.members.values() if not user.is_bot)
        creator = next(people, self._world.bot)
        now = self._world.now()
        return self._world.post(
            StoredMessage(number, chat, creator, now, thread=thread, service=service)
        )


class Dialog:
    """The private chat of two people.

    The bot sees of it what a business connection shows, what is sent via it, and guest queries.
    """

    def __init__(self, world: World, one: User, other: User) -> None:
        if one is other:
            raise ValueError("a dialog takes two people")
        title = f"{one.first_name}, {other.first_name}"
        members = {one.id: one, other.id: other}
        number = _DIALOG + len(world.dialogs)
        self.chat = Chat(number, "private", title, members=members, dialog=True)
        world.dialogs[frozenset(members)] = self.chat

    @property
    def id(self) -> int:
        """Where events of this dialog are kept; no id that the bot knows."""
        return self.chat.id


Place = Group | Dialog
