"""Buyers who open the card of an invoice by its link, each another one."""

import asyncio
import itertools
from urllib.parse import unquote

from benchmarks.load import Heard, Load, in_flight
from benchmarks.parts.main import SETTLE, invoice
from benchmarks.parts.plan import Plan
from benchmarks.report import Metric, percentile

CPU = Metric("buyer opens a card: CPU ms", 2)
P50 = Metric("buyer opens a card: p50, ms", 1)

BUYERS = 2_100_000_000


async def run(plan: Plan) -> None:
    """Ten at once, over fifty invoices."""
    for subject in plan.ours:
        await plan.stage.empty()
        async with plan.stage.running(subject) as bot:
            buyers = Buyers(plan.stage.load)
            await buyers.prepare(50)
            await in_flight(50, 10, buyers.open)
            many = plan.many(500, 50)
            before = bot.process.cpu()
            took, _ = await in_flight(many, 10, buyers.open)
            await asyncio.sleep(SETTLE)
            plan.report.add(CPU, subject.name, 1000 * (bot.process.cpu() - before) / many)
            plan.report.add(P50, subject.name, percentile(took, 0.5))


class Buyers:
    """Each opens one card, once."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._links: list[str] = []
        self._numbers = itertools.count()

    async def prepare(self, many: int) -> None:
        """Invoices to be opened."""
        for _ in range(many):
            _, card = await invoice(self._load)
            self._links.append(unquote(card.button("start%3D")).rpartition("start=")[2][:20])

    async def open(self, _: int) -> tuple[int, Heard]:
        """By somebody new."""
        number = next(self._numbers)
        link = self._links[number % len(self._links)]
        return await self._load.say(BUYERS + number, f"/start {link}")
