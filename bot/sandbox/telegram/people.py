"""The people around the bot: they send, edit, tap, block, and read what they see."""

import re
from dataclasses import dataclass
from typing import Final

from bot.sandbox.telegram.asking import ask, choose
from bot.sandbox.telegram.entities import with_detected
from bot.sandbox.telegram.groups import Place
from bot.sandbox.telegram.inline import InlineAnswer, InlineResult
from bot.sandbox.telegram.menu import commands_for, is_ephemeral_command
from bot.sandbox.telegram.model import Json
from bot.sandbox.telegram.owners import Business
from bot.sandbox.telegram.posting import announce, announce_deletion
from bot.sandbox.telegram.reading import Match, find_button, wait_for_answers, wait_for_message
from bot.sandbox.telegram.standing import set_blocked
from bot.sandbox.telegram.state import CallbackAnswer, Chat, StoredMessage, User, World
from bot.sandbox.telegram.taps import Tapped, send_taps
from bot.sandbox.telegram.typed import parts, typed
from bot.sandbox.telegram.views import Button, Message, view, visible

__all__ = ["Person", "Sent", "Tapped"]

_DEEP_LINK: Final = re.compile(
    r"https://t\.me/([A-Za-z0-9_]+)\?start=([A-Za-z0-9_-]{1,64})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Sent:
    """`update_id` is None when the bot asked for no such updates; `seen` counts events before."""

    message_id: int
    update_id: int | None
    seen: int


class Person:
    """Somebody with a Telegram account."""

    def __init__(self, world: World, user: User, *, started: bool) -> None:
        self._world = world
        self.user = user
        self.chat = Chat(user.id, "private", person=user, started=started)
        world.users[user.id] = user
        world.chats[user.id] = self.chat

    @property
    def id(self) -> int:
        return self.user.id

    async def send(
        self,
        text: str,
        *,
        chat: Place | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
    ) -> Sent:
        """Send as the app would: cleaned, cut into messages of 4096; the last of them is returned.

        Raises ValueError for a text that shows nothing (the app has no send button then), and
        when the person has blocked the bot or is no member. A command that the bot set as
        ephemeral, and a reply to its ephemeral message, go to the bot alone.
        """
        where = self._writable(chat)
        text = typed(text)
        if thread is not None and thread not in where.topics:
            raise ValueError(f"no topic {thread} here")
        where.started = True
        return [self._post(where, part, thread, reply_to) for part in parts(text)][-1]

    async def open(self, link: str) -> Sent:
        """Follow `https://t.me/<bot>?start=<payload>` and press Start.

        Raises ValueError for any other link: the bot never hears of it.
        """
        match = _DEEP_LINK.fullmatch(link)
        if match is None or match[1].lower() != (self._world.bot.username or "").lower():
            raise ValueError(f"{link} does not start the bot")
        return await self.send(f"/start {match[2]}")

    async def edit(self, message_id: int, text: str, *, chat: Place | None = None) -> Sent:
        """Edit an own message. Raises KeyError without one, ValueError for one of others."""
        message = self._writable(chat).messages[message_id]
        if message.sender is not self.user:
            raise ValueError("people edit their own messages only")
        text = typed(text)
        seen = len(self._world.events)
        message.text = text
        message.entities = with_detected(message.text, [])
        message.edited_at = self._world.now()
        self._world.record("edited", message, by_bot=False)
        return Sent(message.id, announce(self._world, message, edited=True), seen)

    async def delete(self, message_id: int, *, chat: Place | None = None) -> Sent:
        """Delete a message for everybody. Raises KeyError without one, ValueError for others'."""
        message = self._chat(chat).messages[message_id]
        if message.chat.type != "private" and message.sender is not self.user:
            raise ValueError("in groups people delete their own messages only")
        seen = len(self._world.events)
        self._world.delete(message, by_bot=False)
        return Sent(message_id, announce_deletion(self._world, message), seen)

    async def tap(
        self,
        button: str,
        *,
        message: int | None = None,
        chat: Place | None = None,
        times: int = 1,
    ) -> Tapped:
        """Tap by label: the exact one, else the only one that contains it, newest message first.

        Raises AssertionError with the chat when there is no such button, or several.
        """
        where = self._chat(chat)
        stored, found = find_button(self._world, where, self.id, button, message)
        if found.kind != "callback":
            return Tapped(found, stored.id, (), (), len(self._world.events), where)
        return send_taps(self._world, self.user, stored, found, times)

    async def tap_data(
        self, data: str, message: int, *, chat: Place | None = None, times: int = 1
    ) -> Tapped:
        """Tap with data of one's own on a message: forged, borrowed or out of date."""
        stored = self._chat(chat).messages[message]
        button = Button(data, "callback", data)
        return send_taps(self._world, self.user, stored, button, times)

    def messages(self, chat: Place | None = None) -> list[Message]:
        """What this person sees now, oldest first."""
        seen = visible(self._chat(chat), self.id)
        return [view(message, self._world.bot) for message in seen]

    def commands(self, chat: Place | None = None) -> list[Json]:
        """The BotCommands that the app offers this person there."""
        return commands_for(self._world, self._chat(chat), self.user)

    async def inline(
        self, query: str, *, chat: Place | None = None, offset: str = "", timeout: float = 5.0
    ) -> InlineAnswer:
        """Type `@bot query` in any chat and wait for the list; the app itself keeps answers.

        Raises ValueError when the app would not ask, AssertionError after `timeout` seconds.
        """
        where = self._writable(chat)
        return await ask(self._world, self.user, where, query, offset=offset, timeout=timeout)

    async def choose(self, result: InlineResult) -> Sent:
        """Send a result of the list into the chat where it was asked for."""
        seen = len(self._world.events)
        message, update_id = choose(self._world, self.user, result)
        return Sent(message.id, update_id, seen)

    async def switch(self, tapped: Tapped, *, chat: Place | None = None) -> InlineAnswer:
        """Go on from a switch-inline button that was tapped, in `chat` if it lets one choose.

        Raises ValueError for another button, and for a chat that it does not offer.
        """
        if tapped.typed is None:
            raise ValueError(f"[{tapped.button.text}] switches to no inline query")
        if "here" in tapped.button.chats:
            where = tapped.chat
        else:
            where = self._writable(chat)
            kind = "group" if where.type != "private" else "user" if where.dialog else "bot"
            if kind not in tapped.button.chats:
                raise ValueError(f"[{tapped.button.text}] offers no {kind} chats")
        return await ask(self._world, self.user, where, tapped.typed, offset="", timeout=5.0)

    def connect_business(self, *rights: str) -> Business:
        """Connect the bot to this person's account, with these rights of BusinessBotRights."""
        return Business(self._world, self.user, set(rights))

    async def read(
        self,
        match: Match,
        *,
        chat: Place | None = None,
        after: Sent | Tapped | None = None,
        timeout: float = 5.0,
    ) -> Message:
        """Wait until a message of the bot matches; the newest that does.

        `match` is a part of the text, a pattern or a test. With `after` only what was sent or
        edited since counts. Raises AssertionError with the whole chat after `timeout` seconds.
        """
        since = None if after is None else after.seen
        return await wait_for_message(
            self._world, self._chat(chat), self.id, match, since=since, timeout=timeout
        )

    async def answered(self, tapped: Tapped, timeout: float = 5.0) -> CallbackAnswer:
        """Wait until every tap is answered; what the last answer said."""
        callbacks = [self._world.callbacks[number] for number in tapped.callback_ids]
        return await wait_for_answers(
            self._world, tapped.chat, self.id, callbacks, label=tapped.button.text, timeout=timeout
        )

    def block(self) -> None:
        """Block the bot; it is told."""
        set_blocked(self._world, self.chat, blocked=True)

    def unblock(self) -> None:
        """Let the bot write again; it is told."""
        set_blocked(self._world, self.chat, blocked=False)

    def delete_account(self) -> None:
        """Leave Telegram for good; the bot is not told."""
        self.chat.deleted = True

    def _chat(self, place: Place | None) -> Chat:
        chat = self.chat if place is None else place.chat
        if place is not None and self.id not in chat.members:
            raise ValueError(f"{self.user.first_name} is not in {chat.title}")
        return chat

    def _writable(self, place: Place | None) -> Chat:
        chat = self._chat(place)
        if chat.blocked or self.chat.deleted:
            raise ValueError(f"{self.user.first_name} has blocked the bot or is gone")
        if self.id in chat.muted:
            raise ValueError(f"{self.user.first_name} may not write in {chat.title}")
        return chat

    def _post(self, chat: Chat, text: str, thread: int | None, reply_to: int | None) -> Sent:
        seen = len(self._world.events)
        replied = chat.messages[reply_to] if reply_to is not None else None
        to_bot_alone = (replied is not None and replied.ephemeral) or is_ephemeral_command(
            self._world, chat, self.user, text
        )
        message = self._world.post(
            StoredMessage(
                id=(
                    self._world.next_ephemeral_id(chat)
                    if to_bot_alone
                    else self._world.next_message_id(chat)
                ),
                chat=chat,
                sender=self.user,
                date=self._world.now(),
                text=text,
                entities=with_detected(text, []),
                thread=thread,
                reply_to=replied,
                receiver=self._world.bot if to_bot_alone else None,
            )
        )
        return Sent(message.id, announce(self._world, message), seen)
