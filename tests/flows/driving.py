"""What flow tests do over and over: send and read, tap and read, wait until all is quiet."""

import asyncio
import json
from decimal import Decimal
from typing import Any

from bot.sandbox.telegram import Group, Message, Person
from tests.flows.wording import is_card
from tests.world import World


def anything(_: Message) -> bool:
    """Any message of the bot will do."""
    return True


async def say(
    person: Person, text: str, *, chat: Group | None = None, thread: int | None = None
) -> Message:
    """Send, and read the first answer."""
    sent = await person.send(text, chat=chat, thread=thread)
    return await person.read(anything, chat=chat, after=sent)


async def tap(
    person: Person, button: str, *, message: int | None = None, chat: Group | None = None
) -> Message:
    """Tap, wait until the spinner ends, and read what changed."""
    tapped = await person.tap(button, message=message, chat=chat)
    await person.answered(tapped)
    return await person.read(anything, chat=chat, after=tapped)


async def create(person: Person, *, chat: Group | None = None) -> Message:
    """Tap *Create*, and read the card."""
    return await person.read(is_card, chat=chat, after=await person.tap("Create", chat=chat))


async def alert(person: Person, data: str, message: int, *, chat: Group | None = None) -> str:
    """Tap with data of one's own; what the window over the button says."""
    return (await person.answered(await person.tap_data(data, message, chat=chat))).text


def data_of(message: Message, button: str) -> str:
    """What the button of exactly that label sends."""
    (found,) = (one for row in message.buttons for one in row if one.text == button)
    return found.value


def shown(person: Person, chat: Group | None = None) -> list[Message]:
    """The messages of the bot, oldest first."""
    return [message for message in person.messages(chat) if message.from_bot]


async def settled(world: World, within: float = 15.0) -> None:
    """Wait until every update is handled, redelivered ones too, and no invoice is in work."""
    calm = 0
    async with asyncio.timeout(within):
        while calm < 3:
            calm = 0 if _busy(world) else calm + 1
            await asyncio.sleep(0.003)


def _busy(world: World) -> bool:
    updates = world.telegram.world.updates
    jobs = world.app.jobs._known.values()
    handled = all(job.done.is_set() for job in jobs)
    return bool(len(updates) or updates._again or not handled or world.app.reconciler._working)


class Made:
    """The create calls since then: `one` is the only one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._before = len(world.created)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What the provider was sent, numbers digit for digit."""
        calls = self._world.created[self._before :]
        return [json.loads(call.raw, parse_float=Decimal) for call in calls]

    @property
    def one(self) -> dict[str, Any]:
        """The only call there was."""
        (body,) = self.bodies
        return body
