"""What an answer means: a document to read, or one of the errors of the tree.

The forms of a refusal (the provider's documentation and captured answers):
`{"status": "error", "result": {field: words}}`, `{"detail": words}`, `{"validate_error": words}`,
`{field: words}`; a refusal may come under 200.
"""

import json
import re
from decimal import Decimal
from http import HTTPStatus

import httpx

from bot.cryptocloud.reasons import read_reasons
from bot.domain.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderUnauthorized,
    Unsure,
)

_DEFAULT_WAIT = 5.0
_LONGEST_WAIT = 3600.0

# Absent: a success. A status of its own goes before its class.
_BY_STATUS: dict[int, type[ProviderError]] = {
    HTTPStatus.UNAUTHORIZED: ProviderUnauthorized,
    HTTPStatus.FORBIDDEN: ProviderUnauthorized,
    HTTPStatus.REQUEST_TIMEOUT: Unsure,  # proxies say so of a server that may have acted
    HTTPStatus.TOO_MANY_REQUESTS: ProviderBusy,
}
_BY_CLASS: dict[int, type[ProviderError]] = {
    1: Unsure,
    3: Unsure,  # not followed: a redirected POST turns into a GET without its body
    4: ProviderRefused,
    5: Unsure,
}

# Fields whose refusal no seller can help, and words (PyJWT's among them) that mean the same.
_AUTH_FIELDS = {"authorization", "shop_id"}
_AUTH_WORDS = re.compile(
    r"unauthori[sz]ed|authenticat|authori[sz]ation|signature|padding|segments|header string"
    r"|(invalid|expired|wrong) token|token (is )?(invalid|expired)|api.?key",
    re.IGNORECASE,
)
_GENERAL_FIELDS = ("detail", "result")


class NotJsonError(ValueError):
    """The body is not JSON text."""


def parse(body: bytes) -> object:
    """JSON with every number as Decimal, never through a float. Raises NotJsonError."""
    try:
        return json.loads(body, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NotJsonError(type(error).__name__) from error


def read_answer(response: httpx.Response, body: bytes) -> dict[str, object]:
    """The document of a success, which has a `result`; raises ProviderError for all else."""
    status = response.status_code
    failure = _BY_STATUS.get(status) or _BY_CLASS.get(status // 100)
    where = f"{response.request.url.path}: HTTP {status}"
    if failure is ProviderBusy:
        raise ProviderBusy(_retry_after(response.headers.get("Retry-After", "")))
    if failure is Unsure:
        raise Unsure(where)
    try:
        document = parse(body)
    except NotJsonError as error:
        if failure is None:
            raise Unsure(f"{where}, {len(body)} bytes, not JSON") from error
        document = None
    if failure is not None or _refuses(document):
        raise _refusal(response, document, certainly_key=failure is ProviderUnauthorized)
    if not isinstance(document, dict) or "result" not in document:
        raise Unsure(f"{where}, without a result")
    return document


def _no_number(_: str) -> None:
    """NaN and Infinity are no JSON and no amount."""


def _refuses(document: object) -> bool:
    """Whether what came under 200 is a refusal all the same."""
    if not isinstance(document, dict):
        return False
    bare = "result" not in document and not document.keys().isdisjoint({"detail", "validate_error"})
    return bare or document.get("status") == "error"


def _refusal(response: httpx.Response, document: object, *, certainly_key: bool) -> ProviderRefused:
    # A server may repeat what it was sent.
    key = response.request.headers.get("Authorization", "").removeprefix("Token ")
    reasons = read_reasons(document, secret=key)
    about_key = not _AUTH_FIELDS.isdisjoint(reasons) or any(
        _AUTH_WORDS.search(reasons.get(field, "")) for field in _GENERAL_FIELDS
    )
    kind = ProviderUnauthorized if certainly_key or about_key else ProviderRefused
    return kind(reasons or {"http": str(response.status_code)})


def _retry_after(header: str) -> float:
    """Seconds; a date, nonsense or more than an hour is replaced by a short wait."""
    seconds = float(header) if re.fullmatch(r"\d{1,6}(\.\d+)?", header, re.ASCII) else 0.0
    return seconds if 0 < seconds <= _LONGEST_WAIT else _DEFAULT_WAIT
