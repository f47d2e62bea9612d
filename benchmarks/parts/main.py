"""The main job: one line in, one card out. All bots by turns, several rounds."""

import asyncio

from benchmarks import people
from benchmarks.load import Heard, Load, at_rate, in_flight
from benchmarks.parts.plan import Plan
from benchmarks.report import Metric, percentile
from benchmarks.stage import Running
from benchmarks.subjects import Subject

CPU = Metric("CPU s / 1,000 invoices, 100 in flight", 3, ratio=True, bar="≤ 0.5")
RATE = Metric("invoices / s, 100 in flight", 0, ratio=True, bar="≥ 2")
P50 = Metric("p50 update → card at 20/s, ms", 2, ratio=True, bar="< 1.2")
P99 = Metric("p99 update → card at 20/s, ms", 1, ratio=True)
P99_BUSY = Metric("p99 update → card, 20 in flight, ms", 1, ratio=True, bar="< 0.4")
CPU_SLOW = Metric("CPU s / 1,000 invoices at 20/s", 3, ratio=True)
MEMORY = Metric("memory at start, MB", 1, ratio=True, bar="< 1.15")
STARTED = Metric("exec → first card, s", 2, ratio=True)

SETTLE = 0.3  # seconds for what a bot does after a card was shown


async def run(plan: Plan) -> None:
    """All rounds."""
    for number in range(plan.rounds):
        order = plan.subjects if number % 2 == 0 else plan.subjects[::-1]
        for subject in order:
            await plan.stage.empty()
            async with plan.stage.running(subject) as bot:
                plan.report.add(MEMORY, subject.name, bot.memory)
                plan.report.add(STARTED, subject.name, bot.started)
                await _measure(plan, subject, bot)


async def _measure(plan: Plan, subject: Subject, bot: Running) -> None:
    def add(metric: Metric, value: float) -> None:
        plan.report.add(metric, subject.name, value)

    async def one(_: int) -> tuple[int, Heard]:
        return await invoice(plan.stage.load)

    await in_flight(plan.many(300, 50), 50, one)  # to be warm

    many = plan.many(2000, 200)
    before = bot.process.cpu()
    _, seconds = await in_flight(many, 100, one)
    await asyncio.sleep(SETTLE)
    add(CPU, 1000 * (bot.process.cpu() - before) / many)
    add(RATE, many / seconds)

    took, _ = await in_flight(plan.many(1000, 100), 20, one)
    add(P99_BUSY, percentile(took, 0.99))

    many = plan.many(200, 20)
    before = bot.process.cpu()
    took = await at_rate(many, 20, one)
    await asyncio.sleep(SETTLE)
    add(P50, percentile(took, 0.5))
    add(P99, percentile(took, 0.99))
    add(CPU_SLOW, 1000 * (bot.process.cpu() - before) / many)


async def invoice(load: Load) -> tuple[int, Heard]:
    """A seller asks for one, each in turn and never twice for the same sum in a row."""
    number = load.next_message()
    user = people.SELLERS[number % len(people.SELLERS)]
    return await load.say(user, f"/invoice {100 + number % 899} EUR")
