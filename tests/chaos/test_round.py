"""Each point once: the bot is killed there, the store is, and a reply is lost.

One invoice is led to each point, in four worlds at once, and nobody waits for the recovery of one
before the next is struck. `make chaos` goes on for longer, with others under way meanwhile.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.chaos.judge import Verdict, judge, recovered
from tests.chaos.lane import Blow, Lane
from tests.chaos.points import FINER, POINTS
from tests.chaos.strikes import Victim
from tests.chaos.world import ChaosWorld

pytestmark = pytest.mark.crash

MODES = (False, True, False, True)  # by long polling, by webhook


@dataclass
class Found:
    """What became of the blows that were dealt."""

    verdict: Verdict = field(default_factory=Verdict)
    amiss: list[str] = field(default_factory=list)


async def struck(folder: Path, name: str, blows: Iterator[Blow], found: Found) -> None:
    """Deal blows in a world of their own as long as there are any."""
    async with ChaosWorld(folder / name, webhook=MODES[int(name)]) as world:
        lane = Lane(world, name, random.Random(name))
        at = {}
        for point, victim in blows:
            target = lane.target(point)
            at[target.token] = f"{victim} at “{point.name}”"
            await lane.ripen([target])
            if not await lane.deal(point, victim, target, []):
                found.amiss.append(f"{at[target.token]} was not reached")
        await lane.finish()
        wrong = [f"a wrong card: {one}" for one in await recovered(world, lane.stories)]
        verdict = await judge(world, lane.stories)
        found.verdict.add(verdict)
        for line in lane.failed + wrong + verdict.broken:
            where = next((where for token, where in at.items() if token in line), name)
            found.amiss.append(f"{where}: {line}")


async def round_of(folder: Path, blows: Iterator[Blow]) -> Found:
    """All of them: whichever world is done with one takes the next."""
    found = Found()
    async with asyncio.TaskGroup() as group:
        for number in range(len(MODES)):
            (folder / str(number)).mkdir()
            group.create_task(struck(folder, str(number), blows, found))
    return found


async def test_the_bot_killed_at_each_point(tmp_path: Path) -> None:
    found = await round_of(tmp_path, iter([(point, Victim.BOT) for point in (*POINTS, *FINER)]))
    assert not found.amiss
    assert found.verdict.repeated <= 2, "only those struck before a message was noted"


@pytest.mark.parametrize("victim", [Victim.STORE, Victim.REPLY])
async def test_struck_at_each_point(tmp_path: Path, victim: Victim) -> None:
    found = await round_of(tmp_path, iter([(point, victim) for point in POINTS]))
    assert not found.amiss
