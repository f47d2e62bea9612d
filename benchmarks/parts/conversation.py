"""The guided conversation: four questions, answered by typing and tapping, and *Create*."""

import asyncio
from collections.abc import Callable

from benchmarks import people
from benchmarks.load import Heard, Load, in_flight
from benchmarks.parts.main import SETTLE
from benchmarks.parts.plan import Plan
from benchmarks.report import Metric, percentile

CPU = Metric("guided conversation: CPU ms / finished invoice", 2)
P50 = Metric("guided conversation: p50 of a step, ms", 1)
REQUESTS = Metric("guided conversation: requests to Telegram / finished invoice", 1)
READS = Metric("guided conversation: reads by Redis / finished invoice", 1)

ANSWERS = ("50", ":currency:EUR", ":coins:", ":create:")


async def run(plan: Plan) -> None:
    """Ten people at once."""
    stage, load = plan.stage, plan.stage.load
    for subject in plan.ours:
        await stage.empty()
        async with stage.running(subject) as bot:
            steps: list[float] = []

            async def one(number: int, steps: list[float] = steps) -> tuple[int, Heard]:
                return await converse(load, people.SELLERS[number], steps)

            await in_flight(plan.many(50, 10), 10, one)
            steps.clear()
            await load.counts()
            many = plan.many(300, 20)
            before, reads = bot.process.cpu(), await stage.reads()
            _, seconds = await in_flight(many, 10, one)
            await asyncio.sleep(SETTLE)
            used, read = bot.process.cpu() - before, await stage.reads() - reads
            calls = await load.counts()
            idle = await stage.idle_reads() * (seconds + SETTLE)
            requests = sum(n for name, n in calls.items() if name not in ("getUpdates", "waiting"))
            plan.report.add(CPU, subject.name, 1000 * used / many)
            plan.report.add(P50, subject.name, percentile(steps, 0.5))
            plan.report.add(REQUESTS, subject.name, requests / many)
            plan.report.add(READS, subject.name, (read - idle) / many)


async def converse(load: Load, user: int, steps: list[float]) -> tuple[int, Heard]:
    """From `/invoice` to the card, in five updates."""
    amount, *taps = ANSWERS

    def question(heard: Heard) -> bool:
        return bool(heard.markup)

    def asks_for(part: str) -> Callable[[Heard], bool]:
        return lambda heard: bool(heard.markup) and part in str(heard.markup)

    begun, asked = await load.say(user, "/invoice", question)
    steps.append((asked.at - begun) / 1e6)
    at, asked = await load.say(user, amount, asks_for(taps[0]))
    steps.append((asked.at - at) / 1e6)
    for data, following in zip(taps, [*taps[1:], "pay.cryptocloud.plus"], strict=True):
        at, asked = await load.tap(user, asked.button(data), asked.message_id, asks_for(following))
        steps.append((asked.at - at) / 1e6)
    return begun, asked
