"""Who sent a request, as far as that can be believed."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

UNKNOWN: Final = "unknown"  # a unix socket, or junk
_HOUSEHOLD: Final = 64  # bits of an IPv6 address that a provider gives to one customer


def sender(peer: str | None, forwarded: Iterable[str], trusted: Sequence[Network]) -> str:
    """The address of whoever sent a request, an IPv6 one as its /64.

    `peer` is the other end of the connection, `forwarded` the values of `X-Forwarded-For`. Each
    proxy adds on the right whom it was called by, so they are read from there: the first that is no
    trusted proxy is the sender, and whatever stands to its left anybody may have written.
    """
    found = _read(peer or "")
    if found is None:
        return UNKNOWN
    names = [name for value in forwarded for name in value.split(",")]
    while names and _is_in(found, trusted):
        before = _read(names.pop())
        if before is None:  # a proxy that we trust does not know, or says it in no known way
            break
        found = before
    return _shown(found)


def _read(text: str) -> Address | None:
    """An address, maybe with a port: `192.0.2.1:80`, `[2001:db8::1]:80`."""
    name = text.strip().strip('"')
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") == 1:
        name = name.partition(":")[0]
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _shown(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, _HOUSEHOLD), strict=False))
