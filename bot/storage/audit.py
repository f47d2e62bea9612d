"""The audit trail in Redis: sorted sets by time, one in each slot where a deed is written with its
entry. Each keeps its newest `keys.AUDIT_KEPT` entries, for `keys.AUDIT` seconds at most."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

from redis.asyncio import Redis

from bot.domain.audit import PAGE, Deed, Entry, Spot, Trail
from bot.domain.invoice import Invoice
from bot.storage import keys, scripts_audit
from bot.storage.connection import translated
from bot.storage.records import FIELDS, load, to_ms

LOGS: Final = (
    *map(keys.audit, keys.SHARDS),
    keys.ACCESS_AUDIT,
    keys.CHATS_AUDIT,
    keys.INTAKE_AUDIT,
)

MOST_ABOUT: Final = 20  # entries: few invoices have more than three

_UUID: Final = FIELDS["uuid"].name
_TIES: Final = 8  # more than a page, in case much was done in the same millisecond
_NAMES: Final = ("invoice", "whom", "chat", "what")  # left out where they say nothing


class AuditStore:
    """All methods raise `StorageAway`, and all may be repeated."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._note = redis.register_script(scripts_audit.NOTE)

    @translated
    async def note(self, entry: Entry) -> None:
        """Write what is written by itself: that something was exported."""
        await self._note(keys=[keys.CHATS_AUDIT], args=[dumped(entry), to_ms(entry.at)])

    @translated
    async def page(self, before: Spot | None = None, *, person: int = 0) -> Trail:
        """Everything newest first, or what `person` did and what was done about them."""
        if not person:
            return await self._cut(await self._newest(before), before)
        ends = (",", "}")  # of a number, so that 20 is not found in 2002
        found = await self._all(
            LOGS, [f'"{name}":{person}{end}' for name in ("who", "whom") for end in ends]
        )
        return await self._cut(found, before)

    @translated
    async def about(self, invoice_id: str) -> Trail:
        """What was done about one invoice, the last `MOST_ABOUT` deeds."""
        log = keys.audit(keys.shard(invoice_id))
        found = await self._all([log], [f'"invoice":"{invoice_id}"'])
        return Trail(tuple(found[:MOST_ABOUT]), tuple(await self._invoices([invoice_id])))

    @translated
    async def find(self, uuid: str) -> str | None:
        """Our id of the invoice with the provider's id INV-`uuid`, if the trail names it.

        Reads the records of all its invoices, newest first: for a person's question only.
        """
        entries = await self._all(LOGS, ['"invoice":'])
        ids = list(dict.fromkeys(entry.invoice for entry in entries))
        for start in range(0, len(ids), keys.AUDIT_KEPT):
            some = ids[start : start + keys.AUDIT_KEPT]
            async with self._redis.pipeline(transaction=False) as pipe:
                for invoice_id in some:
                    pipe.hget(keys.record(invoice_id), _UUID)
                known = await pipe.execute()
            if f"INV-{uuid}" in known:
                return some[known.index(f"INV-{uuid}")]
        return None

    async def _newest(self, before: Spot | None) -> list[Entry]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for log in LOGS:
                pipe.zrange(
                    log,
                    "+inf" if before is None else before.at,
                    "-inf",
                    desc=True,
                    byscore=True,
                    offset=0,
                    num=PAGE + 1 + _TIES,
                    withscores=True,
                )
            answers = await pipe.execute()
        return [loaded(text, at) for answer in answers for text, at in answer]

    async def _all(self, logs: Sequence[str], parts: Sequence[str]) -> list[Entry]:
        """The entries with one of `parts` in their text. One log after another, so that nobody
        waits for all of them to be read."""
        found: list[Entry] = []
        for log in logs:
            stored = await cast("Any", self._redis.zrange(log, 0, -1, withscores=True))
            found += [
                loaded(text, at) for text, at in stored if any(part in text for part in parts)
            ]
        return sorted(found, key=_place_of, reverse=True)

    async def _cut(self, entries: list[Entry], before: Spot | None) -> Trail:
        entries = sorted(entries, key=_place_of, reverse=True)
        if before is not None:
            entries = [one for one in entries if _place_of(one) < (before.at, before.after)]
        shown = entries[:PAGE]
        more = len(entries) > PAGE
        older = Spot(*_place_of(shown[-1])) if more else None
        ids = dict.fromkeys(entry.invoice for entry in shown if entry.invoice)
        return Trail(tuple(shown), tuple(await self._invoices(list(ids))), older)

    async def _invoices(self, ids: list[str]) -> list[Invoice]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for invoice_id in ids:
                pipe.hgetall(keys.record(invoice_id))
            stored = await pipe.execute()
        return [load(one, record) for one, record in zip(ids, stored, strict=True) if record]


def _place_of(entry: Entry) -> tuple[int, str]:
    return to_ms(entry.at), entry.id + entry.invoice


def dumped(entry: Entry) -> str:
    """The text of an entry, without its time: the same for the same deed."""
    known: dict[str, Any] = {"id": entry.id, "deed": entry.deed, "who": entry.who}
    known |= {name: value for name in _NAMES if (value := getattr(entry, name))}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"))


def loaded(text: str, at_ms: float) -> Entry:
    """The entry of a text and its score."""
    known = json.loads(text)
    known["deed"] = Deed(known["deed"])
    return Entry(at=datetime.fromtimestamp(at_ms / 1000, UTC), **known)
