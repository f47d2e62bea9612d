"""`make soak`: the bot under a steady load, and what grows.

Memory must be flat (the last quarter's median within 5 % of the second's), and no key without a
lifetime may grow but the records of invoices and what finds them.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from redis.asyncio import Redis

from benchmarks import people
from benchmarks.errors import BenchError
from benchmarks.load import Heard
from benchmarks.parts.buyers import Buyers
from benchmarks.parts.conversation import converse
from benchmarks.parts.main import invoice
from benchmarks.stage import Running, Stage, stage
from benchmarks.subjects import POLLING, WEBHOOK

FLAT: Final = 1.05  # of the second quarter's median
RECORDS: Final = frozenset({"inv", "due", "list", "find"})  # and their indexes
LOOKS: Final = "60"  # seconds between two at a young invoice
GROUP: Final = -1_002_000_000_001
SAMPLES_A_QUARTER: Final = 40
Sizes = Counter[str]


@dataclass
class Soak:
    """What was done, and what it left."""

    asked: int = 0
    answered: int = 0
    unanswered: list[str] = field(default_factory=list)  # what was in vain
    memory: list[float] = field(default_factory=list)  # MB, at even distances
    before: Sizes = field(default_factory=Counter)  # keys without a lifetime, at the half
    after: Sizes = field(default_factory=Counter)  # and at the end

    async def take(self, work: Awaitable[object], updates: int) -> None:
        """Wait for what answers so many updates. One in vain is counted, and the others go on."""
        self.asked += updates
        try:
            await work
        except BenchError as error:
            self.unanswered.append(str(error))
        else:
            self.answered += updates

    @property
    def quarters(self) -> tuple[float, float]:
        """Medians of the second and of the last quarter, in MB."""
        size = len(self.memory) // 4
        second, last = self.memory[size : 2 * size], self.memory[-size:]
        return statistics.median(second), statistics.median(last)

    @property
    def growing(self) -> dict[str, int]:
        """Elements that kinds of keys without a lifetime have gained, those of records apart."""
        gained = self.after - self.before
        return {kind: many for kind, many in gained.items() if kind not in RECORDS}

    @property
    def broken(self) -> list[str]:
        """The promises that were not kept."""
        second, last = self.quarters
        broken = [f"{self.asked - self.answered} updates had no answer"]
        broken = [*broken, *self.unanswered] if self.answered < self.asked else []
        if last > FLAT * second:
            broken.append(f"memory grew from {second:.1f} to {last:.1f} MB")
        return broken + [f"{kind} grew by {many}" for kind, many in self.growing.items()]

    def __str__(self) -> str:
        second, last = self.quarters
        records = ", ".join(f"{kind} {self.after[kind]}" for kind in sorted(RECORDS))
        return (
            f"{self.asked} updates, {self.answered} answered; memory {second:.1f} MB in the second"
            f" quarter, {last:.1f} MB in the last ({100 * (last / second - 1):+.1f} %); elements"
            f" without a lifetime: {records}; others that grew: {self.growing or 'none'}"
        )


async def elements(redis: Redis) -> Sizes:
    """How many elements all keys without a lifetime have, by the first word of their names."""
    found: Sizes = Counter()
    sizes: dict[str, Callable[[str], Any]] = {
        "hash": redis.hlen,
        "zset": redis.zcard,
        "set": redis.scard,
        "list": redis.llen,
        "string": redis.strlen,
    }
    async for key in redis.scan_iter(count=1000):
        if await redis.ttl(key) == -1:
            kind = key.partition(":")[0]
            # Of a record it counts that it is there, not how many fields it has.
            many = 1 if kind == "inv" else await sizes[await redis.type(key)](key)
            found[kind] += cast("int", many)
    return found


async def soak(seconds: float, rate: float, *, webhook: bool) -> Soak:
    """Load the bot with `rate` updates a second for so long."""
    async with stage() as ready:
        await ready.empty()
        subject = WEBHOOK if webhook else POLLING
        # Looks at open invoices are a part of the load from the first minutes on.
        async with ready.running(subject, POLL_INTERVAL=LOOKS) as bot:
            done = Soak()
            buyers = Buyers(ready.load)
            await buyers.prepare(20)
            async with asyncio.TaskGroup() as group:
                group.create_task(_watch(done, bot, ready.redis, seconds))
                await _load(done, ready, buyers, seconds, rate, group)
            done.after = await elements(ready.redis)
            return done


async def _watch(done: Soak, bot: Running, redis: Redis, seconds: float) -> None:
    many = 4 * SAMPLES_A_QUARTER
    for number in range(many):
        await asyncio.sleep(seconds / many)
        done.memory.append(bot.process.memory())
        if bot.process.ended:
            raise bot.process.failed("it ended")
        if number == many // 2:
            done.before = await elements(redis)


async def _load(
    done: Soak, ready: Stage, buyers: Buyers, seconds: float, rate: float, group: asyncio.TaskGroup
) -> None:
    """Of twenty updates eleven ask for an invoice, five lead through a conversation, one opens a
    list, one a link, and two are other people's talk."""
    load = ready.load

    def seller() -> int:  # each in turn, so that nobody has two things going on
        return people.SELLERS[load.next_message() % len(people.SELLERS)]

    async def lists() -> tuple[int, Heard]:
        return await load.say(seller(), "/invoices", lambda _: True)

    begun = time.monotonic()
    number = 0
    while (now := time.monotonic() - begun) < seconds:
        match number % 20:
            case 0 | 7:
                load.put(GROUP, people.chatter(people.ADMIN, GROUP, load.next_message()))
            case 3:
                group.create_task(done.take(lists(), 1))
            case 5:
                group.create_task(done.take(buyers.open(0), 1))
            case 10:
                group.create_task(done.take(converse(load, seller(), []), 5))
            case 11 | 12 | 13 | 14:
                pass  # those of the conversation
            case _:
                group.create_task(done.take(invoice(load), 1))
        number += 1
        await asyncio.sleep(max(0.0, number / rate - now))


def main(argv: Sequence[str] | None = None) -> int:
    """Print the line; 0 when nothing grew that should not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1200)
    parser.add_argument("--rate", type=float, default=20, help="updates a second")
    parser.add_argument("--webhook", action="store_true", help="instead of long polling")
    options = parser.parse_args(argv)
    try:
        done = asyncio.run(soak(options.seconds, options.rate, webhook=options.webhook))
    except BaseExceptionGroup as errors:
        if (ours := errors.subgroup(BenchError)) is None:
            raise
        sys.stderr.write("".join(f"{error}\n" for error in ours.exceptions))
        return 1
    sys.stdout.write(f"{done}\n")
    for line in done.broken:
        sys.stderr.write(f"{line}\n")
    return 1 if done.broken else 0


if __name__ == "__main__":
    sys.exit(main())
