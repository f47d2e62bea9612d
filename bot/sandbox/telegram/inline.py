"""Inline queries, the answers to them that are cached, and the messages that come of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.entities import Entity
from bot.sandbox.telegram.model import Chat, StoredMessage, User

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One article: what the list shows, and the message that is sent when it is chosen."""

    id: str
    title: str
    text: str
    description: str = ""
    entities: tuple[Entity, ...] = ()
    markup: Json | None = None
    link_preview: Json | None = None
    query: str = field(default="", compare=False)
    chat: Chat | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What the person sees above the input field.

    `button` is the text of the button above the results and `start_parameter` what it starts the
    bot with; `update_id` is None when the answer came from the cache and the bot heard nothing.
    """

    results: tuple[InlineResult, ...]
    next_offset: str = ""
    button: str | None = None
    start_parameter: str | None = None
    update_id: int | None = None

    @property
    def titles(self) -> list[str]:
        return [result.title for result in self.results]


@dataclass(slots=True)
class InlineQuery:
    """A query that waits for its answer."""

    id: str
    user_id: int
    text: str
    offset: str
    at: float
    answer: InlineAnswer | None = None


@dataclass(slots=True)
class GuestQuery:
    """A message that summoned the bot into a chat it is no member of."""

    id: str
    caller: User
    message: StoredMessage
    answered: bool = False


class InlineQueries:
    """The queries under way and Telegram's cache of answers."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._cache: dict[tuple[str, str, int | None], tuple[float, InlineAnswer]] = {}
        self.waiting: dict[str, InlineQuery] = {}

    def cached(self, user_id: int, text: str, offset: str) -> InlineAnswer | None:
        """The answer that is still good for this user."""
        for owner in (user_id, None):
            good_until, answer = self._cache.get((text, offset, owner), (0.0, None))
            if answer is not None and self._clock() < good_until:
                return answer
        return None

    def answer(
        self, query: InlineQuery, answer: InlineAnswer, *, seconds: int, personal: bool
    ) -> None:
        """Give the answer to who waits for it and keep it for `seconds`."""
        query.answer = answer
        owner = query.user_id if personal else None
        self._cache[query.text, query.offset, owner] = (self._clock() + seconds, answer)
