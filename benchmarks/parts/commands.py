"""What is asked often on the command line, beside what importing the bot's library takes."""

import asyncio
import sys
import time

from benchmarks.parts.plan import Plan
from benchmarks.processes import run_once
from benchmarks.report import Metric

LIBRARY = Metric("import aiogram, s", 2)
DOCTOR = Metric("python -m bot doctor --help, s", 2)
HEALTH = Metric("python -m bot health, the container's check, s", 2)
BAR = "< 0.4"
RATIOS = {
    DOCTOR: Metric("doctor --help / import aiogram", 2, bar=BAR),
    HEALTH: Metric("health / import aiogram", 2, bar=BAR),
}
ROUNDS = 5


async def run(plan: Plan) -> None:
    """By turns, each a process of its own."""
    subject = plan.ours[0]
    await plan.stage.empty()
    async with plan.stage.running(subject) as bot:

        async def seconds(*words: str) -> float:
            began = time.monotonic()
            await asyncio.to_thread(
                run_once, (sys.executable, *words), {"OPS_PORT": str(bot.ops_port)}
            )
            return time.monotonic() - began

        for _ in range(plan.many(ROUNDS, 1)):
            library = await seconds("-c", "import aiogram")
            plan.report.add(LIBRARY, subject.name, library)
            for metric, words in ((DOCTOR, ("doctor", "--help")), (HEALTH, ("health",))):
                took = await seconds("-m", "bot", *words)
                plan.report.add(metric, subject.name, took)
                plan.report.add(RATIOS[metric], subject.name, took / library)
