"""People who ask for invoices without a pause, and whether each got what they asked for."""

import asyncio

from bot.sandbox.telegram import Person
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
    """The amounts on the person's cards, each as often as it is shown. Not `repeats`: without those
    that say that they are shown again, as one must after a kill."""
    return sorted(
        card.text.split()[1].partition(".")[0]
        for card in world.cards(person)
        if repeats or REPEATED not in card.text
    )


def all_there(world: World, load: Load, *, repeats: bool = True) -> bool:
    return all(
        cards(world, person, repeats=repeats)
        == sorted(map(str, range(1, load.asked[person.id] + 1)))
        for person in load.people
    )
