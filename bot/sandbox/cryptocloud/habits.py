"""What the documentation leaves open, or the provider does in its own time."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class LimitMeans(StrEnum):
    """The two readings of the list's `limit`."""

    PAGE_SIZE = "page size"
    LAST_RECORD = "last record"


class AuthError(StrEnum):
    """The two forms of an authorisation error."""

    ENVELOPE = "envelope"
    DETAIL = "detail"


class PostbackForm(StrEnum):
    """The formats a project may choose for its postbacks."""

    JSON = "json"
    FORM = "form"


@dataclass(slots=True)
class Habits:
    """How the provider behaves when nothing is broken. May be changed at any time.

    `list_lag`: how long a new invoice stays out of the list. `inserted_between_pages`: how many
    invoices of another integration appear before every page but the first. `address_lag`: how
    long a new invoice with a coin is shown without its address. `auth_status` is 400, 401 or 403.
    `test_mode`: no money moves, as in a new project.
    `postback_copies`: how often a postback is sent, since none may arrive, or two.
    """

    limit_means: LimitMeans = LimitMeans.PAGE_SIZE
    list_lag: timedelta = timedelta(0)
    inserted_between_pages: int = 0
    address_lag: timedelta = timedelta(0)
    auth_error: AuthError = AuthError.ENVELOPE
    auth_status: int = 401
    postback_form: PostbackForm = PostbackForm.JSON
    postback_copies: int = 1
    test_mode: bool = False
