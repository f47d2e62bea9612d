"""The watcher over 20,000 open invoices: what a look at one costs."""

import asyncio
import time

from benchmarks import people
from benchmarks.errors import BenchError
from benchmarks.parts.plan import Plan
from benchmarks.report import Metric
from benchmarks.store import fill_open

CPU = Metric("watcher: CPU ms / checked invoice, of 20,000 open", 3)
CALLS = Metric("watcher: invoices / call to CryptoCloud", 1)

PATIENCE = 120.0  # seconds


async def run(plan: Plan) -> None:
    """All are due at once, and each is looked at once."""
    stage = plan.stage
    many = plan.many(20_000, 500)
    for subject in plan.ours[:1]:
        await stage.empty()
        async with stage.running(subject) as bot:
            before = await stage.provider_counts()
            await fill_open(stage.redis, people.SELLERS[0], many)
            used, until = bot.process.cpu(), time.monotonic() + PATIENCE
            looked = calls = 0
            while looked < many:
                if time.monotonic() > until:
                    raise BenchError(f"only {looked} of {many} invoices were looked at")
                await asyncio.sleep(0.2)
                now = await stage.provider_counts()
                looked = now.get("looked at", 0) - before.get("looked at", 0)
                path = "/invoice/merchant/info"
                calls = now.get(path, 0) - before.get(path, 0)
            await asyncio.sleep(1)  # the last answers are stored
            plan.report.add(CPU, subject.name, 1000 * (bot.process.cpu() - used) / looked)
            plan.report.add(CALLS, subject.name, looked / calls)
