"""Pay links, before one may become a button."""

import re
from urllib.parse import urlsplit

_MAX_LINK = 1024
# The characters of a URL (RFC 3986); `[]` only ever stand around an IPv6 host.
_URL = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-f:]+")


def read_link(value: object) -> str | None:
    """A sane http(s) URL, or None.

    The provider sometimes leaves `https://` out; it is added then. No host is asked for: the
    company was renamed once already.
    """
    if not isinstance(value, str) or not _URL.fullmatch(value):
        return None
    bare = "://" not in value
    link = f"https://{value.removeprefix('//')}" if bare else value
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    sane = (
        len(link) <= _MAX_LINK
        and parts.scheme in {"http", "https"}
        and "@" not in parts.netloc  # "https://known.shop@other.host" misleads
        and _HOST.fullmatch(host) is not None
        and (not bare or "." in host)  # a single word is no address of a page
    )
    return link if sane else None
