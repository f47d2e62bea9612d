"""The ports the bot will listen on."""

import asyncio
import errno
import json
import socket
from contextlib import suppress

from bot.doctor.findings import Finding, bad, good, mind
from bot.probe import fetch
from bot.settings import Settings


async def examine_ports(settings: Settings) -> list[Finding]:
    """Free, or held by this bot, which is then asked how it is."""
    return await asyncio.to_thread(_examine, settings)


def _examine(settings: Settings) -> list[Finding]:
    host = settings.http_host
    ports = {"HTTP_PORT": settings.http_port, "OPS_PORT": settings.ops_port}
    trouble = {name: why for name, port in ports.items() if (why := _unusable(host, port))}
    findings = []
    if not settings.ops_port:
        findings.append(
            mind("OPS_PORT is 0: `python -m bot health` and your monitoring cannot find the bot")
        )
    if errno.EADDRINUSE in trouble.values():
        running = _running(host, settings.ops_port)
        if running is not None:
            return [*findings, running]
    findings += [_refused(name, host, ports[name], why) for name, why in trouble.items()]
    return findings or [good(f"ports: {ports['HTTP_PORT']} and {ports['OPS_PORT']} are free")]


def _unusable(host: str, port: int) -> int:
    """The number of the error that a site would meet there; 0 for none."""
    try:
        (family, kind, protocol, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        return error.errno or errno.EADDRNOTAVAIL
    return 0


def _running(host: str, port: int) -> Finding | None:
    """How the bot is that listens there; None when it is another program."""
    with suppress(OSError, ValueError):
        status, said = fetch(host, port, "/healthz")
        document = json.loads(said)
        if not isinstance(document, dict) or "still" not in document:
            return None
        if status == "200":
            return good("ports: the bot is running on them, and is well")
        hung = ", ".join(document.get("hung", ()))
        return bad(f"ports: the bot is running on them, and hangs ({hung}); start it anew")
    return None


def _refused(name: str, host: str, port: int, why: int) -> Finding:
    match why:
        case errno.EADDRINUSE:
            return bad(f"{name}: another program listens on {host}:{port}; end it, or put another")
        case errno.EACCES:
            return bad(f"{name}: {port} is not for this user; put one from 1024 on")
        case _:
            return bad(f"HTTP_HOST: {host} is no address of this machine; put 127.0.0.1 or 0.0.0.0")
