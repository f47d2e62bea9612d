"""Which links Telegram takes in buttons and texts."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://")
_APP_LINK: Final = re.compile(r"(?:tg|ton|tonsite):(?://)?[^\s/?#@:<>\"\\^`{|}]+", re.IGNORECASE)
_APP_SCHEMES: Final = ("tg:", "ton:", "tonsite:")
_HOST: Final = re.compile(r"[^\s/?#@<>\"\\^`{|}]+")
_ONLY_HTTPS: Final = "Only HTTPS links are allowed"


def link_problem(url: str, *, https_only: bool = False) -> str | None:
    """None for a link that Telegram takes, else its words for what is wrong.

    http, https, tg and ton links are taken; a link without a scheme is read as http.
    """
    if url.lower().startswith(_APP_SCHEMES):
        wrong = None if _APP_LINK.match(url) else "Wrong tg URL"
        return _ONLY_HTTPS if https_only else wrong
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        return "Unsupported URL protocol"
    try:
        parts = urlsplit(url if scheme else f"http://{url}")
        bad_port = parts.port == 0
    except ValueError:
        bad_port = True
    if bad_port:
        return "Wrong port number specified in the URL"
    if https_only and parts.scheme != "https":
        return _ONLY_HTTPS
    return _host_problem(parts, url)


def _host_problem(parts: SplitResult, url: str) -> str | None:
    host = parts.hostname or ""
    if not host:
        return "URL host is empty"
    named = "." in host or ":" in host
    whole = _HOST.fullmatch(host) and not re.search(r"\s", url)
    return None if named and whole else "Wrong HTTP URL"
