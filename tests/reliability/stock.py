"""Many invoices at once, at the provider and in the store, as if they had been issued before."""

import base64
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.domain.invoice import Bucket, Face, Invoice, Status
from bot.sandbox.cryptocloud import LocalCryptoCloud
from bot.sandbox.cryptocloud.ledger import Invoice as Theirs
from bot.sandbox.cryptocloud.ledger import Order
from bot.sandbox.cryptocloud.rates import COINS
from bot.storage import keys
from bot.storage.connection import connect
from bot.storage.records import dump, to_ms

COIN = "USDT_TRC20"
LASTS = timedelta(hours=24)
_AT_ONCE = 2000


def put(cloud: LocalCryptoCloud, ages: Iterable[timedelta]) -> list[Theirs]:
    """Open invoices of these ages at the provider."""
    now = datetime.now(UTC)
    made = []
    for age in ages:
        theirs = cloud.ledger.add(Order(Decimal(50), "EUR", LASTS, coin=COINS[COIN]))
        theirs.created, theirs.expires = now - age, now - age + LASTS
        made.append(theirs)
    return made


def record(
    theirs: Theirs, link: str, number: int, *, status: Status = Status.CREATED, chat: int = 1
) -> Invoice:
    """Our record of such an invoice, which has been looked at and announced."""
    code = base64.b32encode(random.Random(number).randbytes(13)).decode().lower()[:20]
    paid = theirs.due if status is Status.PAID else None
    return Invoice(
        id=code,
        status=status,
        amount=theirs.order.amount,
        currency=theirs.order.currency,
        chat_id=chat,
        seller_id=chat,
        asked_at=theirs.created,
        language="en",
        coins=(COIN,),
        uuid=theirs.uuid,
        link=link,
        address=theirs.address,
        coin=COIN,
        amount_to_pay=theirs.due,
        detailed=True,
        expires=theirs.expires,
        since=theirs.created,
        test_mode=True,
        paid=paid,
        told=paid,
        indexed=Bucket.PAID if paid else Bucket.OPEN,
        announced=Face(status),
    )


async def store(redis_url: str, invoices: Iterable[tuple[Invoice, datetime | None]]) -> None:
    """Write the records, each due at its moment or never."""
    waiting = list(invoices)
    async with connect(redis_url) as redis:
        for begin in range(0, len(waiting), _AT_ONCE):
            async with redis.pipeline(transaction=False) as pipe:
                for invoice, due in waiting[begin : begin + _AT_ONCE]:
                    fields = dump(invoice) | {"lo": "0:0", "lu": "0"}
                    pipe.hset(keys.record(invoice.id), mapping=fields)
                    if due is not None:
                        pipe.zadd(keys.due(keys.shard(invoice.id)), {invoice.id: to_ms(due)})
                await pipe.execute()
