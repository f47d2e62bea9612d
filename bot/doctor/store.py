"""The store: whether it is there, takes writes, and keeps what it was given."""

from typing import Any, Final, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.doctor.findings import Finding, bad, good, mind
from bot.domain.errors import StorageAway
from bot.storage.cluster import Cluster
from bot.storage.connection import connect, ping, servers, translated
from bot.storage.durability import Durability, read_durability, unfit

NEARLY_FULL: Final = 0.8


async def examine_store(url: str) -> list[Finding]:
    """All that can be found without writing into it; of a cluster each node by itself."""
    redis = connect(url)
    try:
        await ping(redis)
        findings = []
        for name, server in (await servers(redis)).items():
            findings += await _examine_server(
                name.removeprefix("the "), server, cluster=isinstance(redis, Cluster)
            )
        return findings + await _scripts(redis)
    except (StorageAway, ResponseError) as error:
        do = "start it, or correct the address and password in REDIS_URL"
        return [bad(f"store: REDIS_URL leads to no store that answers ({error}); {do}")]
    finally:
        await redis.aclose()


@translated
async def _examine_server(name: str, server: Redis, *, cluster: bool) -> list[Finding]:
    info = await cast("Any", server.info())
    return [
        _server(name, info, cluster=cluster),
        *_room(name, info),
        *_keeps(name, await read_durability(server)),
    ]


def _server(name: str, info: dict[str, Any], *, cluster: bool) -> Finding:
    if reason := unfit(info, cluster=cluster):
        return bad(f"{name}: {reason}")
    kind = "Valkey" if "valkey_version" in info else "Redis"
    version = str(info.get("valkey_version", info.get("redis_version", "?")))
    return good(f"{name}: {kind} {version} answers")


def _room(name: str, info: dict[str, Any]) -> list[Finding]:
    if info.get("loading"):
        return [mind(f"{name}: it is loading its data; wait until it has")]
    if info.get("aof_last_write_status", "ok") != "ok":
        return [bad(f"{name}: its last write to disk failed; make room on its disk")]
    most, used = info.get("maxmemory", 0), info.get("used_memory", 0)
    if most and used > most * NEARLY_FULL:
        return [mind(f"{name}: {used / most:.0%} of its maxmemory is used; raise it")]
    return []


async def _scripts(redis: Redis) -> list[Finding]:
    try:
        await cast("Any", redis.eval("return 1", 0))
    except ResponseError as error:
        return [bad(f"store: it runs no scripts for this user ({error}); allow EVAL and EVALSHA")]
    return []


def _keeps(name: str, durability: Durability | None) -> list[Finding]:
    if durability is None:
        return [
            mind(
                f"{name}: it does not tell its settings; see to it that appendonly is yes, "
                "appendfsync always and maxmemory-policy noeviction"
            )
        ]
    findings = []
    if durability.evicts:
        findings.append(
            bad(
                f"{name}: it may evict invoices (maxmemory-policy {durability.policy}); set "
                "maxmemory-policy noeviction"
            )
        )
    if durability.forgets:
        findings.append(
            bad(
                f"{name}: a crash forgets all invoices and settings since its last snapshot; set "
                "appendonly yes and appendfsync always"
            )
        )
    if durability.may_lose_a_second:
        findings.append(
            mind(
                f"{name}: appendfsync {durability.appendfsync} may lose the last second in a crash "
                "of its machine: an invoice that was shown would be watched no more, a setting be "
                "as it was before; set appendfsync always"
            )
        )
    return findings or [good(f"{name}: what it acknowledges is on disk (appendfsync always)")]
