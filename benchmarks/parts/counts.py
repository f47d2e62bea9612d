"""What one invoice takes in round trips, bytes and requests: exact, so once is enough."""

import asyncio
from collections.abc import Mapping

from benchmarks.parts.main import SETTLE, invoice
from benchmarks.parts.plan import Plan
from benchmarks.report import Metric
from benchmarks.subjects import Subject

ROUND_TRIPS = Metric("Redis round trips / invoice", 2)
WIRE = Metric("bytes to and from Redis / invoice", 0)
STORED = Metric("bytes kept in Redis / invoice", 0)
RECORD = Metric("bytes of a record in Redis", 0)
PROVIDER = Metric("requests to CryptoCloud / invoice", 2)
TELEGRAM = Metric("requests to Telegram / invoice, polls apart", 2)

ITSELF = 2.5  # seconds in which everything that a bot does by itself happens at least twice
POLLS = ("getUpdates", "waiting")


async def run(plan: Plan) -> None:
    """Each bot once."""
    for subject in plan.subjects:
        for metric, value in (await counts(plan, subject, plan.many(100, 20))).items():
            plan.report.add(metric, subject.name, value)


async def counts(plan: Plan, subject: Subject, many: int) -> Mapping[Metric, float]:
    """One invoice after the other, through a wire that counts."""
    stage, load = plan.stage, plan.stage.load
    await stage.empty()
    wire = stage.wire()
    await wire.start()
    try:
        async with stage.running(subject, wire=True):
            for _ in range(2):
                await invoice(load)
            await wire.learn(ITSELF)
            await load.counts()
            provider = await stage.provider_counts()
            stored = (await stage.redis_info())["used_memory_dataset"]
            wire.begin()
            for _ in range(many):
                await invoice(load)
                await asyncio.sleep(SETTLE / 10)
            await asyncio.sleep(SETTLE)
            seen = wire.end()
            calls = await load.counts()
            after = await stage.provider_counts()
            kept = (await stage.redis_info())["used_memory_dataset"] - stored
    finally:
        await wire.close()
    record = await stage.bytes_of("inv*")
    return {
        ROUND_TRIPS: seen.round_trips / many,
        WIRE: (seen.bytes_out + seen.bytes_in) / many,
        STORED: kept / many,
        RECORD: record,
        PROVIDER: (sum(after.values()) - sum(provider.values())) / many,
        TELEGRAM: sum(n for name, n in calls.items() if name not in POLLS) / many,
    }
