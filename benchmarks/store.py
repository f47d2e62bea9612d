"""Very many invoices in the store at once, as if they had been issued before."""

import base64
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast

from redis.asyncio import Redis

from benchmarks.cryptocloud import ADDRESS, ENDS
from bot.domain.cards import Card
from bot.domain.invoice import Bucket, Face, Invoice, Status
from bot.storage import keys
from bot.storage.records import dump, to_ms

_AT_ONCE: Final = 5_000
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"

# KEYS none: the server makes what it would take minutes to send. ARGV first number, how many, ms of
# the first one's asking, ms between two, owner, alphabet, field, value, ...
# Ids are the number in base 32, turned round so that they spread over the shards.
_FILL: Final = """
local shards = '0123456789abcdef'
local lists = {'open', 'paid', 'expired'}
for number = tonumber(ARGV[1]), tonumber(ARGV[1]) + tonumber(ARGV[2]) - 1 do
  local id, left = '', number
  for _ = 1, 20 do
    local digit = left % 32
    id = id .. string.sub(ARGV[6], digit + 1, digit + 1)
    left = math.floor(left / 32)
  end
  local first = string.find(ARGV[6], string.sub(id, 1, 1), 1, true) - 1
  local shard = math.floor(first / 2)
  local at = string.format('%.0f', ARGV[3] + number * ARGV[4])
  local record = 'inv:{' .. string.sub(shards, shard + 1, shard + 1) .. '}:' .. id
  redis.call('HSET', record, unpack(ARGV, 7))
  redis.call('HSET', record, 'at', at)
  local list = 'list:{' .. ARGV[5] .. '}:' .. lists[number % 3 + 1]
  redis.call('ZADD', list, at, id)
end
return 1
"""


def usual(owner: int, asked_at: datetime) -> Invoice:
    """As most are: in a private chat, a coin chosen."""
    return Invoice(
        id="a" * 20,
        status=Status.CREATED,
        amount=Decimal(50),
        currency="EUR",
        chat_id=owner,
        seller_id=owner,
        asked_at=asked_at,
        language="en",
        coins=("USDT_TRC20",),
        issuer="Flower shop",
        uuid="INV-IXWZGDPX",
        link="https://pay.cryptocloud.plus/IXWZGDPX",
        address=ADDRESS,
        coin="USDT_TRC20",
        amount_to_pay=Decimal("55.60555556"),
        expires=ENDS,
        project="Test",
        since=asked_at,
        announced=Face.CREATED,
        indexed=Bucket.OPEN,
        cards=(Card(owner, 10),),
    )


async def fill_history(redis: Redis, owner: int, many: int) -> None:
    """So many invoices of one seller, a third of them in each list, asked for a second apart."""
    await redis.config_set("appendonly", "no")  # a gigabyte of log would be of no use: it is read
    begin = datetime.now(UTC) - timedelta(seconds=many + 60)
    fields = [part for pair in dump(usual(owner, begin)).items() for part in pair]
    for first in range(0, many, _AT_ONCE):
        some = min(_AT_ONCE, many - first)
        args: list[Any] = [first, some, to_ms(begin), 1000, owner, _ALPHABET, *fields]
        await cast("Any", redis.eval(_FILL, 0, *args))


async def fill_open(redis: Redis, owner: int, many: int) -> None:
    """So many open invoices, all due to be looked at now."""
    now = datetime.now(UTC)
    for first in range(0, many, _AT_ONCE):
        async with redis.pipeline(transaction=False) as pipe:
            for number in range(first, min(first + _AT_ONCE, many)):
                code = base64.b32encode(number.to_bytes(13, "little")).decode().lower()[:20]
                uuid = f"{number:08d}"
                fields = dump(usual(owner, now - timedelta(minutes=5)))
                fields |= {"uu": f"INV-{uuid}", "ln": f"https://pay.cryptocloud.plus/{uuid}"}
                pipe.hset(keys.record(code), mapping=fields | {"lo": "0:0"})
                pipe.zadd(keys.due(keys.shard(code)), {code: to_ms(now)})
            await pipe.execute()
