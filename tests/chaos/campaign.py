"""Many kills, in several worlds at once, and one line about what they did."""

import asyncio
import gc
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from tests.chaos.evidence import evidence
from tests.chaos.judge import PROMISED, Verdict, judge, recovered
from tests.chaos.lane import Lane
from tests.chaos.world import ChaosWorld

Tell = Callable[[str], None]


@dataclass
class Outcome:
    """What a campaign did and found."""

    kills: int = 0
    replies: int = 0
    elsewhere: int = 0
    wrong: list[str] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)
    struck: int = 0
    dropped: int = 0
    leases: int = 0
    fed: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        found = self.verdict
        return (
            f"{self.kills} kills ({self.elsewhere} of them not at their point),"
            f" {self.replies} replies lost: {found.asked} invoices asked for,"
            f" {len(found.missing)} missing, {len(found.doubled)} doubled"
            f" ({found.twins} late twins cancelled),"
            f" {len(self.wrong)} cards wrong {PROMISED:g} s after recovery,"
            f" {found.repeated} messages repeated, {found.in_vain} given up after two tries,"
            f" {self.fed} updates set aside and tried again,"
            f" {found.twice} cards shown twice ({self.struck} kills between card and note,"
            f" {self.dropped} replies to a card lost, {len(found.twice_elsewhere)} elsewhere),"
            f" {self.leases} leases lost"
        )

    @property
    def broken(self) -> list[str]:
        """The promises that were not kept."""
        broken = [*self.verdict.broken, *self.faults]
        broken += [f"a wrong card: {one}" for one in self.wrong]
        if self.verdict.repeated > self.kills / 2:
            broken.append(f"{self.verdict.repeated} messages repeated")
        return broken


async def campaign(kills: int, seed: int, modes: list[bool], folder: Path, tell: Tell) -> Outcome:
    """`kills` in all, over one world for each of `modes` (whether it has a webhook).

    The bots' logs are left in `folder`.
    """
    outcome = Outcome()
    left = iter(range(kills))
    begun = time.monotonic()

    async def run(number: int, webhook: bool) -> None:
        dice = random.Random(f"{seed} {number}")
        own = folder / str(number)
        own.mkdir(parents=True)
        async with ChaosWorld(own, webhook=webhook) as world:
            lane = Lane(world, f"L{number}", dice)
            while next(left, None) is not None:
                before = lane.striker.kills
                while lane.striker.kills == before:
                    told = await lane.step()
                    tell(f"{time.monotonic() - begun:5.0f} s  {number}  {told}")
            await lane.finish()
            await asyncio.sleep(PROMISED / 2)
            lane.wrong += await recovered(world, lane.stories)
            outcome.fed += lane.fed
            outcome.leases += lane.leases
            verdict = await judge(world, lane.stories)
            outcome.verdict.add(verdict)
            outcome.kills += lane.striker.kills
            outcome.replies += lane.striker.replies
            outcome.elsewhere += lane.striker.elsewhere
            outcome.wrong += lane.wrong
            outcome.faults += lane.failed
            outcome.struck += sum(story.struck for story in lane.stories)
            await _leave_evidence(own / "evidence", lane, verdict)
            outcome.dropped += sum(story.dropped for story in lane.stories)

    async with asyncio.TaskGroup() as group:
        for number, webhook in enumerate(modes):
            group.create_task(run(number, webhook))
    return outcome


async def _leave_evidence(file: Path, lane: Lane, verdict: Verdict) -> None:
    found = [*verdict.missing, *verdict.doubled, *verdict.twice_elsewhere, *verdict.other]
    blamed = " ".join([*found, *lane.wrong, *lane.failed])
    records = {record.seller_id: record for record in await lane.world.records()}
    about = [story for story in lane.stories if story.token in blamed]
    told = [evidence(lane.world, story, records.get(story.person.id)) for story in about]
    await asyncio.to_thread(file.write_text, "\n".join(told))


def main(kills: int, seed: int, lanes: int, modes: list[bool], logs: Path | None) -> int:
    """Print progress and the line; 0 when every promise was kept."""
    both = [modes[number % len(modes)] for number in range(lanes)]

    def tell(line: str) -> None:
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - progress

    # All that was ever said is kept, and visiting it again and again would stop all worlds.
    gc.set_threshold(10_000, 50, 10_000)
    with tempfile.TemporaryDirectory() as folder:
        outcome = uvloop.run(campaign(kills, seed, both, logs or Path(folder), tell))
    for line in outcome.broken:
        tell(line)
    print(outcome)  # noqa: T201 - the line
    return 1 if outcome.broken else 0
