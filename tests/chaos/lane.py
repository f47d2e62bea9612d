"""One world that is struck again and again while people go on with their invoices."""

import asyncio
import random
import time
from collections.abc import Iterator
from typing import Final

from tests.chaos.judge import recovered
from tests.chaos.points import FINER, POINTS, Point, Stage
from tests.chaos.story import Story, Way
from tests.chaos.strikes import Striker, Victim
from tests.chaos.world import ChaosWorld

FIRST_ID: Final = 770_000_001  # no other number that is about an invoice has these digits
RINGING: Final = (Way.FULL, Way.OVER)

Blow = tuple[Point, Victim]


def deck(dice: random.Random) -> Iterator[Blow]:
    """Every blow there is, in ever new orders; those at the promises' own points twice as often."""
    blows: list[Blow] = [
        *((point, victim) for point in POINTS for victim in (*Victim, Victim.BOT)),
        *((point, Victim.BOT) for point in FINER),
    ]
    while True:
        yield from dice.sample(blows, len(blows))


class Lane:
    """`name` is what its invoices' order numbers begin with."""

    def __init__(self, world: ChaosWorld, name: str, dice: random.Random) -> None:
        self.world = world
        self.striker = Striker(world, dice)
        self.stories: list[Story] = []
        self.wrong: list[str] = []
        self.fed = 0
        self.failed: list[str] = []
        self.struck: dict[tuple[str, str], int] = {}
        self._name = name
        self._dice = dice
        self._blows = deck(dice)
        self._ripe: list[Story] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def story(self, *, talks: bool = False, way: Way | None = None) -> Story:
        """Somebody new who wants an invoice; nothing is begun yet."""
        number, dice = len(self.stories), self._dice
        way = way or dice.choice(tuple(Way))
        story = Story(
            self.world,
            self.world.telegram.person(FIRST_ID + number, "Seller"),
            f"{self._name}-{number:05}",
            way,
            talks=talks,
            # Of money that comes late the bot hears by itself, but takes its time.
            refreshes=way is Way.LATE or dice.random() < 0.5,
        )
        if dice.random() < 0.3:
            story.buyer = self.world.telegram.person(2 * FIRST_ID + number, "Buyer")
        self.stories.append(story)
        return story

    async def step(self) -> str:
        """One blow, while two or three ask and others go on; what it was, for who watches."""
        point, victim = next(self._blows)
        target = await self._target(point)
        others = [self.story(talks=self._dice.random() < 0.3) for _ in range(2)]
        going = [self._ripe.pop(0)] if self._ripe else []

        def act() -> None:
            if target.face() is None:
                self._begin(target, asks=True)
            else:
                self._begin(target, asks=False)
            for story in others:
                self._begin(story, asks=True)
            for story in going:
                self._begin(story, asks=False)

        begun = time.monotonic()
        reached = await self.striker.strike(point, victim, target, act, self.stories)
        struck = time.monotonic()
        wrong = await recovered(self.world, self.stories)
        self.wrong += wrong
        right = time.monotonic()
        self.fed += await self.world.feed_aside()
        name = f"{victim} at “{point.name}”"
        self.struck[point.name, victim] = self.struck.get((point.name, victim), 0) + reached
        missed = "" if reached else ", not reached"
        after = f"right after {right - struck:.1f} s more" if not wrong else "; ".join(wrong)
        return f"{name}{missed}: {struck - begun:.1f} s, {after}"

    async def _target(self, point: Point) -> Story:
        """Whoever will lead to the point: somebody new, or one who has a card already."""
        if point.stage in (Stage.ASKING, Stage.TALKING, Stage.ENDING):
            return self.story(talks=point.stage is Stage.TALKING)
        if not self._ripe:
            await self._goes(self.story(), asks=True)
        target = self._ripe.pop(0)
        target.refreshes = False  # it hears of it by a postback
        cancels = point.stage is Stage.CANCELLING
        target.way = Way.CANCELLED if cancels else self._dice.choice(RINGING)
        return target

    def _begin(self, story: Story, *, asks: bool) -> None:
        task = asyncio.ensure_future(self._goes(story, asks=asks))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _goes(self, story: Story, *, asks: bool) -> None:
        try:
            if asks:
                await story.ask()
                self._ripe.append(story)
            else:
                await story.go_on()
        except (TimeoutError, KeyError) as error:
            what = "asking" if asks else "going on"
            led = f"led to {story.face()} and no further"
            self.failed.append(f"{story}: {what} {led} ({type(error).__name__})")

    async def finish(self) -> None:
        """Let everybody come to their end."""
        while self._tasks or self._ripe:
            for story in self._ripe:
                self._begin(story, asks=False)
            self._ripe.clear()
            await asyncio.gather(*self._tasks)
