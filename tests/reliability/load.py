"""People who ask for invoices without a pause, and whether each got what they asked for."""

import asyncio

from bot.sandbox.telegram import Message, Person
from tests.world import World

PEOPLE, MANY = 12, 30
REPEATED = "the same invoice"


class Load:
    """`people` who go on asking for invoices, whatever happens to the bot. For more than half a
    minute it takes `MANY`: nobody may ask for more than 60 a minute."""

    def __init__(self, world: World, people: int = PEOPLE) -> None:
        self.people = [world.telegram.person(7000 + n, "Seller") for n in range(people)]
        self.asked: dict[int, int] = dict.fromkeys((person.id for person in self.people), 0)
        self._goes_on = True
        self._task = asyncio.create_task(self._go_on())

    async def _go_on(self) -> None:
        while self._goes_on:
            for person in self.people:
                self.asked[person.id] += 1
                await person.send(f"/invoice {self.asked[person.id]} EUR")
                await asyncio.sleep(0.05)

    @property
    def total(self) -> int:
        return sum(self.asked.values())

    async def stop(self) -> None:
        """Let each finish the round, so that all have asked equally often."""
        self._goes_on = False
        await self._task


def cards(world: World, person: Person, *, repeats: bool = True) -> list[str]:
    """The amounts on the person's cards, each as often as it is shown. Not `repeats`: a second one
    that says that it is shown again, as it must after a kill, is left out."""
    shown = world.cards(person)
    first = [card for card in shown if REPEATED not in card.text]
    amounts = [_amount(card) for card in (shown if repeats else first)]
    again = {_amount(card) for card in shown if REPEATED in card.text}
    return sorted([*amounts, *(again - set(amounts))])


def _amount(card: Message) -> str:
    return card.text.split()[1].partition(".")[0]


def all_there(world: World, load: Load, *, repeats: bool = True) -> bool:
    return not amiss(world, load, repeats=repeats)


def amiss(world: World, load: Load, *, repeats: bool = True) -> dict[int, list[str]]:
    """Whose cards are not those that they asked for, and which they have."""
    return {
        person.id: has
        for person in load.people
        if (has := cards(world, person, repeats=repeats))
        != sorted(map(str, range(1, load.asked[person.id] + 1)))
    }
