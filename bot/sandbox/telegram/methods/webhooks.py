"""Where updates are sent by themselves."""

import ipaddress
import re
from typing import Any, Final
from urllib.parse import urlsplit

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.parameters import NOT_BY_DEFAULT, UPDATE_TYPES
from bot.sandbox.telegram.state import World
from bot.sandbox.telegram.webhook import LOOPBACK, Webhook

Params = dict[str, Any]

CONNECTIONS: Final = 40
MOST_CONNECTIONS: Final = 100
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]*")
_SECRET_LENGTH: Final = 256
_PORTS: Final = {80, 88, 443, 8443}


async def set_webhook(world: World, params: Params) -> bool:
    url = params.get("url", "")
    if not url:
        return await delete_webhook(world, params)
    secret = params.get("secret_token", "")
    host = _checked_host(url)
    if len(secret) > _SECRET_LENGTH:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    ip_address = _checked_address(params.get("ip_address"), host)
    allow(world, params)
    if params.get("drop_pending_updates"):
        world.updates.drop()
    connections = min(max(params.get("max_connections", CONNECTIONS), 1), MOST_CONNECTIONS)
    new = Webhook(url, secret, connections, ip_address)
    if new != world.webhook:
        world.webhook = new
        world.updates.goes_to_webhook()
    return True


async def delete_webhook(world: World, params: Params) -> bool:
    world.webhook = Webhook()
    world.updates.goes_to_poller()
    if params.get("drop_pending_updates"):
        world.updates.drop()
    return True


async def get_webhook_info(world: World, params: Params) -> dict[str, Any]:  # noqa: ARG001 - takes none
    webhook = world.webhook
    info: dict[str, Any] = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
        info["ip_address"] = webhook.ip_address or "<unknown>"
    if webhook.last_error_date:
        info["last_error_date"] = webhook.last_error_date
        info["last_error_message"] = webhook.last_error_message
    if world.updates.allowed != frozenset(UPDATE_TYPES) - NOT_BY_DEFAULT:
        info["allowed_updates"] = [kind for kind in UPDATE_TYPES if kind in world.updates.allowed]
    return info


def allow(world: World, params: Params) -> None:
    """Take over `allowed_updates`, if given."""
    types = params.get("allowed_updates")
    if types is None:
        return
    if not isinstance(types, list) or not all(isinstance(name, str) for name in types):
        raise bad_request("Expected an Array of String as allowed_updates")
    unknown = sorted(set(types) - set(UPDATE_TYPES))
    if unknown:
        raise bad_request(f'unknown update type "{unknown[0]}"')
    world.updates.allow(types)


def _checked_host(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host:
        raise bad_request("invalid webhook URL specified")
    if host in LOOPBACK:
        return host  # ours alone: a bot beside this server is reached without TLS
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port is not None and port not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    return host


def _checked_address(given: str | None, host: str) -> str | None:
    if not given:
        return None
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        raise bad_request("bad webhook: Invalid IP address specified") from None
    if host in LOOPBACK:
        return given
    if address.version != 4:  # noqa: PLR2004 - IPv4
        raise bad_request("bad webhook: IPv6-only addresses are not allowed")
    if address.is_private or address.is_reserved or address.is_multicast:
        raise bad_request(f"bad webhook: IP address {given} is reserved")
    return given
