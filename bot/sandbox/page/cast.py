"""The people one may be on the page, and the chats they have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram import Group, LocalTelegram, Person
from bot.sandbox.telegram.views import visible


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody to be; `about` says in a few words what they are to the bot."""

    person: Person
    about: str


class Cast:
    """Finds people and chats by their ids, as the page names them."""

    def __init__(
        self, telegram: LocalTelegram, players: Sequence[Player], groups: Sequence[Group]
    ) -> None:
        self._telegram = telegram
        self._players = {player.person.id: player for player in players}
        self._groups = {group.id: group for group in groups}

    def person(self, person_id: int) -> Person:
        """Raises LookupError."""
        if person_id not in self._players:
            raise LookupError(f"there is nobody with the id {person_id}")
        return self._players[person_id].person

    def group(self, person: Person, chat_id: int) -> Group | None:
        """The group of that id; None for the chat with the bot. Raises LookupError."""
        if chat_id == person.id:
            return None
        for group in self._groups_of(person):
            if group.id == chat_id:
                return group
        raise LookupError(f"{person.user.first_name} has no chat with the id {chat_id}")

    def describe(self) -> dict[str, Any]:
        """Who there is, for the page."""
        return {
            "bot": self._telegram.world.bot.as_api(),
            "people": [
                {
                    "id": player.person.id,
                    "name": player.person.user.first_name,
                    "about": player.about,
                    "language": player.person.user.language_code,
                    "groups": [
                        {"id": group.id, "title": group.chat.title}
                        for group in self._groups_of(player.person)
                    ],
                }
                for player in self._players.values()
            ],
        }

    def look(self, person: Person, group: Group | None) -> dict[str, Any]:
        """A chat as the person finds it."""
        chat = person.chat if group is None else group.chat
        texts = self._telegram.world.profile.descriptions
        return {
            "started": chat.started,
            "about": texts.get(person.user.language_code or "") or texts.get("", ""),
            "messages": [message.as_api() for message in visible(chat, person.id)],
        }

    def _groups_of(self, person: Person) -> Iterator[Group]:
        return (group for group in self._groups.values() if person.id in group.chat.members)
