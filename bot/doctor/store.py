"""The store: whether it is there, takes writes, and keeps what it was given."""

from typing import Any, Final, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.doctor.findings import Finding, bad, good, mind
from bot.domain.errors import StorageAway
from bot.storage.connection import connect, ping
from bot.storage.durability import Durability, read_durability

OLDEST: Final = 7  # of Redis; every Valkey is younger
NEARLY_FULL: Final = 0.8


async def examine_store(url: str) -> list[Finding]:
    """All that can be found without writing into it."""
    redis = connect(url)
    try:
        await ping(redis)
        info = await cast("Any", redis.info())
        return [
            *_server(info),
            *_room(info),
            *await _scripts(redis),
            *_keeps(await read_durability(redis)),
        ]
    except (StorageAway, ResponseError) as error:
        do = "start it, or correct the address and password in REDIS_URL"
        return [bad(f"store: REDIS_URL leads to no store that answers ({error}); {do}")]
    finally:
        await redis.aclose()


def _server(info: dict[str, Any]) -> list[Finding]:
    name = "Valkey" if "valkey_version" in info else "Redis"
    version = str(info.get("valkey_version", info.get("redis_version", "?")))
    number = version.partition(".")[0]
    if name == "Redis" and number.isdecimal() and int(number) < OLDEST:
        return [bad(f"store: it is Redis {version}; use Redis {OLDEST} or newer, or Valkey")]
    if info.get("role") == "slave" and not info.get("cluster_enabled"):
        return [bad("store: it is a replica and takes no writes; name the primary in REDIS_URL")]
    return [good(f"store: {name} {version} answers")]


def _room(info: dict[str, Any]) -> list[Finding]:
    if info.get("loading"):
        return [mind("store: it is loading its data; wait until it has")]
    if info.get("aof_last_write_status", "ok") != "ok":
        return [bad("store: its last write to disk failed; make room on its disk")]
    most, used = info.get("maxmemory", 0), info.get("used_memory", 0)
    if most and used > most * NEARLY_FULL:
        return [mind(f"store: {used / most:.0%} of its maxmemory is used; raise it")]
    return []


async def _scripts(redis: Redis) -> list[Finding]:
    try:
        await cast("Any", redis.eval("return 1", 0))
    except ResponseError as error:
        return [bad(f"store: it runs no scripts for this user ({error}); allow EVAL and EVALSHA")]
    return []


def _keeps(durability: Durability | None) -> list[Finding]:
    if durability is None:
        return [
            mind(
                "store: it does not tell its settings; see to it that appendonly is yes, "
                "appendfsync always and maxmemory-policy noeviction"
            )
        ]
    findings = []
    if durability.evicts:
        findings.append(
            bad(
                f"store: it may evict invoices (maxmemory-policy {durability.policy}); set "
                "maxmemory-policy noeviction"
            )
        )
    if durability.forgets:
        findings.append(
            bad(
                "store: a crash forgets all invoices and settings since its last snapshot; set "
                "appendonly yes and appendfsync always"
            )
        )
    if durability.may_lose_a_second:
        findings.append(
            mind(
                f"store: appendfsync {durability.appendfsync} may lose the last second in a crash "
                "of its machine: an invoice that was shown would be watched no more, a setting be "
                "as it was before; set appendfsync always"
            )
        )
    return findings or [good("store: what it acknowledges is on disk (appendfsync always)")]
