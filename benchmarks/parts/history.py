"""The first page of `/invoices`, of a seller who has issued few and of one who has issued many."""

import statistics

from benchmarks import people
from benchmarks.load import Load
from benchmarks.parts.plan import Plan
from benchmarks.report import Metric
from benchmarks.store import fill_history

FEW, MANY = 100, 1_000_000
ROUNDS = 5

TOOK = {many: Metric(f"/invoices, first page of {many:,}: median ms", 2) for many in (FEW, MANY)}
CPU = {many: Metric(f"/invoices, first page of {many:,}: CPU ms", 2) for many in (FEW, MANY)}
RATIO = Metric("/invoices: first page of many / of few", 2, bar="< 1.2")


async def run(plan: Plan) -> None:
    """One at a time, by turns."""
    stage, load = plan.stage, plan.stage.load
    owners = {FEW: people.SELLERS[0], MANY: people.SELLERS[2]}
    for subject in plan.ours[:1]:
        await stage.empty()
        async with stage.running(subject) as bot:
            for many, owner in owners.items():
                await fill_history(stage.redis, owner, plan.many(many, 100))
            for number in range(plan.many(ROUNDS, 1) + 1):
                medians = {}
                for many, owner in owners.items():
                    before = bot.process.cpu()
                    took = [await _page(load, owner) for _ in range(plan.many(100, 10))]
                    if number == 0:
                        continue  # to be warm
                    medians[many] = statistics.median(took)
                    used = bot.process.cpu() - before
                    plan.report.add(TOOK[many], subject.name, medians[many])
                    plan.report.add(CPU[many], subject.name, 1000 * used / len(took))
                if medians:
                    plan.report.add(RATIO, subject.name, medians[MANY] / medians[FEW])
        await stage.empty()
        await stage.redis.config_set("appendonly", "yes")


async def _page(load: Load, owner: int) -> float:
    """Milliseconds."""
    at, heard = await load.say(owner, "/invoices", lambda _: True)
    return (heard.at - at) / 1e6
