"""One world that is struck again and again while people go on with their invoices."""

import asyncio
import random
import re
import time
from collections.abc import Iterator
from typing import Final

from tests.chaos.judge import recovered
from tests.chaos.points import FINER, POINTS, Point, Stage
from tests.chaos.story import Story, Way
from tests.chaos.strikes import Striker, Victim
from tests.chaos.world import ChaosWorld
from tests.reliability.aside import feed_aside

FIRST_ID: Final = 770_000_001  # no other number that is about an invoice has these digits

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
        self.leases = 0  # that were lost
        self.failed: list[str] = []
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
        target = self._ripe_for(point) or self.target(point)
        await self.ripen([target])
        others = [self.story(talks=self._dice.random() < 0.3) for _ in range(2)]
        others += [self._ripe.pop(0)] if self._ripe else []
        begun = time.monotonic()
        reached = await self.deal(point, victim, target, others)
        struck = time.monotonic()
        wrong = await recovered(self.world, self.stories)
        self.wrong += wrong
        right = time.monotonic()
        self.fed += await feed_aside(self.world, self.world.redis)
        missed = "" if reached else ", not reached"
        after = f"right after {right - struck:.1f} s more" if not wrong else "; ".join(wrong)
        return f"{victim} at “{point.name}”{missed}: {struck - begun:.1f} s, {after}"

    async def deal(self, point: Point, victim: Victim, target: Story, others: list[Story]) -> bool:
        """One blow, to which `target` leads; False when the point was not reached."""

        def act() -> None:
            for story in (target, *others):
                self._begin(story, asks=story.face() is None)

        return await self.striker.strike(point, victim, target, act, self.stories)

    def target(self, point: Point) -> Story:
        """Somebody new who will lead to the point."""
        story = self.story(talks=point.stage is Stage.TALKING)
        self._lead(story, point)
        return story

    async def ripen(self, targets: list[Story]) -> None:
        """Let those have their cards first who are to be struck afterwards."""
        ripe = [one for one in targets if one.waits_for_card and one.face() is None]
        await asyncio.gather(*(self._goes(story, asks=True) for story in ripe))
        for story in ripe:
            if story in self._ripe:
                self._ripe.remove(story)

    def _ripe_for(self, point: Point) -> Story | None:
        if point.stage not in (Stage.PAYING, Stage.CANCELLING) or not self._ripe:
            return None
        story = self._ripe.pop(0)
        self._lead(story, point)
        return story

    def _lead(self, story: Story, point: Point) -> None:
        if point.stage in (Stage.PAYING, Stage.CANCELLING):
            cancels = point.stage is Stage.CANCELLING
            story.way = Way.CANCELLED if cancels else Way.FULL
            story.refreshes = False  # it hears of it by a postback
            story.waits_for_card = True

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
        """Let everybody come to their end, and ask the bot's log who was left in doubt."""
        while self._tasks or self._ripe:
            for story in self._ripe:
                self._begin(story, asks=False)
            self._ripe.clear()
            await asyncio.gather(*self._tasks)
        self._read_log()

    def _read_log(self) -> None:
        """Work is given up when its lease is lost, which excuses nothing; what became of a message
        may have been unknown twice."""
        text = self.world.log.read_text()
        for story in self.stories:
            if short := story.id[:6]:
                self.leases += text.count(f"lease of {short} lost")
                story.in_vain = re.search(f"{short}: .* fate unknown twice", text) is not None
