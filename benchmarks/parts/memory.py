"""Whether a bot grows with what it has done."""

from benchmarks.load import Heard, in_flight
from benchmarks.parts.main import invoice
from benchmarks.parts.plan import Plan
from benchmarks.report import Metric

AFTER = Metric("memory after 50,000 invoices, MB", 1, ratio=True)
GROWTH = Metric("growth over them, %", 1, bar="< 5")
STORED = Metric("bytes in Redis / invoice, of 50,000", 0)

WARM = 1_000  # what is made once for all (connections, caches) is there after so many


async def run(plan: Plan) -> None:
    """Each bot once, as it takes a minute or three."""
    for subject in plan.subjects:
        await plan.stage.empty()
        async with plan.stage.running(subject) as bot:

            async def one(_: int) -> tuple[int, Heard]:
                return await invoice(plan.stage.load)

            await in_flight(plan.many(WARM, 100), 100, one)
            before = bot.process.memory()
            stored = (await plan.stage.redis_info())["used_memory_dataset"]
            many = plan.many(50_000, 500)
            await in_flight(many, 100, one)
            after = bot.process.memory()
            kept = (await plan.stage.redis_info())["used_memory_dataset"] - stored
        plan.report.add(AFTER, subject.name, after)
        plan.report.add(GROWTH, subject.name, 100 * (after - before) / before)
        plan.report.add(STORED, subject.name, kept / many)
