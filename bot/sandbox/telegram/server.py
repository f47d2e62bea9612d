"""A small strict Bot API server on loopback: real HTTP, Telegram's checks, codes and words.

It refuses more than Telegram does (parameters it does not know, fields that do not exist), so that
what passes here passes there.
"""

import re
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from bot.sandbox.telegram.calls import Call, Calls
from bot.sandbox.telegram.faults import Fault
from bot.sandbox.telegram.groups import Dialog, Group
from bot.sandbox.telegram.people import Person
from bot.sandbox.telegram.requests import Params
from bot.sandbox.telegram.site import Site
from bot.sandbox.telegram.state import Abilities, Event, User, World
from bot.sandbox.telegram.webhook import Patience

TEST_TOKEN: Final = "1000001:TEST-token-of-the-local-telegram"  # noqa: S105 - opens nothing
_REAL_TOKEN: Final = re.compile(r"\d{6,}:[A-Za-z0-9_-]{35}")
_NAME: Final = "Local invoice bot"
_USERNAME: Final = "local_invoice_bot"


class LocalTelegram:
    """Stands for Telegram: the bot talks to `url`, the people are driven by a test or a demo."""

    def __init__(
        self,
        token: str = TEST_TOKEN,
        *,
        clock: Callable[[], float] = time.time,
        rates: bool = False,
        abilities: Abilities = Abilities(),  # noqa: B008 - frozen
        patience: Patience = Patience(),  # noqa: B008 - frozen
    ) -> None:
        """`clock` gives seconds since the epoch; with `rates` too many sends are answered 429.

        `abilities` are what @BotFather switched on, `patience` is how a webhook is waited for.
        Raises ValueError for a token that looks real.
        """
        if _REAL_TOKEN.fullmatch(token):
            raise ValueError("this looks like a real bot's token; the local Telegram takes none")
        number, _, secret = token.partition(":")
        if not (number.isdecimal() and secret):
            raise ValueError("a token is <number>:<secret>")
        self.token = token
        bot = User(int(number), _NAME, _USERNAME, is_bot=True)
        self.world = World(bot, clock, abilities)
        self._calls = Calls(self.world, patience)
        self._calls.rates.on = rates
        self._site = Site(token, self._calls, self.world.files)
        self._people: dict[int, Person] = {}
        self._groups: list[Group] = []
        self._dialogs: dict[frozenset[int], Dialog] = {}

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on loopback; port 0 takes a free one. Raises ValueError for any other host."""
        await self._site.start(host, port)

    async def close(self) -> None:
        """Answer whoever polls, deliver nothing any more, then stop listening."""
        self.world.updates.close()
        await self._calls.close()
        await self._site.close()

    @property
    def url(self) -> str:
        """The base of the Bot API; empty until it listens."""
        return self._site.url

    @property
    def calls(self) -> list[Call]:
        """Every API call, in order."""
        return self._calls.kept

    @property
    def rates(self) -> bool:
        """Whether too many sends are answered 429; off at first."""
        return self._calls.rates.on

    @rates.setter
    def rates(self, on: bool) -> None:
        self._calls.rates.on = on

    @property
    def bot_id(self) -> int:
        return self.world.bot.id

    @property
    def bot_username(self) -> str:
        return self.world.bot.username or ""

    @property
    def events(self) -> list[Event]:
        """Every message sent, edited and deleted, in order."""
        return self.world.events

    @property
    def refusals(self) -> list[Call]:
        """Calls refused for what they were, not for an injected fault or for their number."""
        return [
            call
            for call in self.calls
            if call.status >= 400 and call.status != 429 and not call.injected  # noqa: PLR2004 - HTTP
        ]

    def called(self, method: str) -> list[Call]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method == method]

    def person(
        self,
        user_id: int,
        first_name: str,
        *,
        language_code: str = "en",
        username: str | None = None,
        started: bool = True,
    ) -> Person:
        """A person and their private chat with the bot; the same one for the same id."""
        if user_id not in self._people:
            user = User(user_id, first_name, username, language_code)
            self._people[user_id] = Person(self.world, user, started=started)
        return self._people[user_id]

    def group(
        self,
        chat_id: int,
        title: str,
        members: Iterable[Person],
        *,
        admins: Iterable[Person] = (),
        forum: bool = False,
        bot_can_delete: bool = False,
        bot_is_admin: bool = False,
        bot_inside: bool = True,
        owner: Person | None = None,
    ) -> Group:
        """A group, with the bot in it unless told otherwise; the same one for the same id.

        Ids from -100… on, and forums, are supergroups. `bot_can_delete` makes the bot an
        administrator with that right, `bot_is_admin` one without it.
        """
        for group in self._groups:
            if group.id == chat_id:
                return group
        self._groups.append(
            Group(
                self.world,
                chat_id,
                title,
                [person.user for person in members],
                admins=[person.user for person in admins],
                forum=forum,
                bot_can_delete=bot_can_delete,
                bot_is_admin=bot_is_admin,
                bot_inside=bot_inside,
                owner=owner.user if owner is not None else None,
            )
        )
        return self._groups[-1]

    def dialog(self, one: Person, other: Person) -> Dialog:
        """The private chat of two people; the same one for the same people."""
        pair = frozenset({one.id, other.id})
        if pair not in self._dialogs:
            self._dialogs[pair] = Dialog(self.world, one.user, other.user)
        return self._dialogs[pair]

    def fail(
        self,
        method: str,
        fault: Fault,
        *,
        times: int = 1,
        when: Callable[[Params], bool] | None = None,
    ) -> None:
        """Let the next `times` calls of `method` (`*`: of any) meet `fault`; see `faults`."""
        self._calls.faults.plan(method, fault, times, when)

    def heal(self) -> None:
        """Forget the faults not met yet."""
        self._calls.faults.clear()

    def redeliver(self, update_id: int, times: int = 1) -> None:
        """Hand a confirmed update out again, once in each of the next `times` answers."""
        self.world.updates.redeliver(update_id, times)

    def push(self, update: dict[str, Any]) -> int | None:
        """Queue a raw update; its id, or None when the bot does not ask for its type."""
        return self.world.updates.push(update)
