"""What lists and searches read: entries per chat and per seller, brought up to the record."""

from typing import Final

from redis.asyncio import Redis

from bot.domain.invoice import Bucket, Invoice
from bot.storage import keys, scripts
from bot.storage.connection import translated
from bot.storage.records import to_ms

BUCKETS: Final = (Bucket.OPEN, Bucket.PAID, Bucket.EXPIRED)


class IndexStore:
    """All methods raise `StorageAway`, and all may be repeated."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._place = redis.register_script(scripts.PLACE)

    @translated
    async def place(self, invoice: Invoice) -> None:
        """Put it into the lists of its chat and of its seller, in its state and no other."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for owner in {invoice.chat_id, invoice.seller_id}:
                lists = [keys.listed(owner, bucket) for bucket in BUCKETS]
                args: list[str | int] = [
                    invoice.id,
                    to_ms(invoice.asked_at),
                    BUCKETS.index(invoice.bucket) + 1,
                ]
                await self._place(keys=lists, args=args, client=pipe)
            await pipe.execute()
