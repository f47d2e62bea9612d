"""Talk in groups that is none of the bot's business."""

import asyncio
import time

from benchmarks import people
from benchmarks.errors import BenchError
from benchmarks.parts.plan import Plan
from benchmarks.report import Metric

CPU = Metric("unrelated group message: CPU ms", 3, bar="< 0.25")
READS = Metric("unrelated group message: reads by Redis, beside the idle ones", 3, bar="0")

GROUPS = range(-1_002_000_000_100, -1_002_000_000_000)
AT_ONCE = 2_000
PATIENCE = 120.0  # seconds


async def run(plan: Plan) -> None:
    """100,000 messages for this bot, fewer for those that take longer."""
    stage, load = plan.stage, plan.stage.load
    for subject in plan.subjects:
        await stage.empty()
        async with stage.running(subject) as bot:
            many = plan.many(100_000 if subject.ours else 20_000, 1_000)
            idle = await stage.idle_reads()
            reads, used = await stage.reads(), bot.process.cpu()
            began = time.monotonic()
            for first in range(0, many, AT_ONCE):
                for number in range(first, first + min(AT_ONCE, many - first)):
                    group = GROUPS[number % len(GROUPS)]
                    user = people.SELLERS[number % 97]
                    load.put(group, people.chatter(user, group, number))
                await _taken(plan)
            seconds = time.monotonic() - began
            read = await stage.reads() - reads - idle * seconds
            plan.report.add(CPU, subject.name, 1000 * (bot.process.cpu() - used) / many)
            plan.report.add(READS, subject.name, max(0.0, round(read / many, 3)))


async def _taken(plan: Plan) -> None:
    """Wait until Telegram has nothing left for the bot."""
    until = time.monotonic() + PATIENCE
    while (await plan.stage.load.counts()).get("waiting"):
        if time.monotonic() > until:
            raise BenchError("the bot does not take its updates")
        await asyncio.sleep(0.01)
