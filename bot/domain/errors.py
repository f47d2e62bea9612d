"""Everything that can go wrong outside the program, as one tree.

    BotError
    ├── Fatal                    the bot cannot go on: it ends with a line that says why
    │   ├── TokenRefused         Telegram does not accept BOT_TOKEN any more
    │   └── WebhookRefused       Telegram does not take PUBLIC_URL
    ├── StorageAway              Redis did not answer; the update is kept and handled again
    ├── UpdateNotTaken           Telegram keeps the update and has to deliver it again
    ├── MessageError             a message to Telegram
    │   ├── NotDelivered         was not delivered: try later
    │   ├── DeliveryUnsure       may or may not have been delivered
    │   ├── ChatClosed           cannot be delivered: blocked, removed, deleted
    │   └── CardGone             the message to edit is not there any more
    ├── PostbackError            a notification that cannot be believed
    │   ├── PostbackUnreadable   the body is none
    │   └── PostbackForged       its token does not prove where it comes from
    └── ProviderError            a call to the payment provider failed
        ├── NotSent              no connection was made: nothing can have happened there
        ├── ProviderBusy         told to wait (429): nothing happened there
        ├── ProviderRefused      said no, with reasons a person can read
        │   └── ProviderUnauthorized   the key or the shop id is wrong
        └── Unsure               time-out, reset, 5xx, unreadable: it may or may not have happened

What a person reads about each is in `bot/telegram/texts`; what stands here is for the log.
"""

from collections.abc import Mapping


class BotError(Exception):
    """Root of the tree."""


class Fatal(BotError):
    """Nothing that the running bot can do helps; the message says what a person can."""


class TokenRefused(Fatal):
    """Telegram does not accept the token (any more)."""

    def __init__(self) -> None:
        super().__init__("BOT_TOKEN is not accepted any more: put the one from @BotFather")


class WebhookRefused(Fatal):
    """The webhook cannot be set as the settings want it; the message says what to do."""


class StorageAway(BotError):
    """Redis could not be reached or did not answer in time."""


class UpdateNotTaken(BotError):
    """An update was not handled (in time), or its effect could not be stored."""

    def __init__(self, reason: str, retry_after: int) -> None:
        """`retry_after` is in seconds."""
        super().__init__(reason)
        self.retry_after = retry_after


class MessageError(BotError):
    """A message to Telegram did not go out as it should."""


class NotDelivered(MessageError):
    """It certainly was not delivered; `retry_after` (seconds) says when to try again.

    `refused`: for a reason that nobody here knows, and which may stay.
    """

    def __init__(self, reason: str, retry_after: float = 5, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.refused = refused


class DeliveryUnsure(MessageError):
    """The connection broke after sending: it may have been delivered."""


class ChatClosed(MessageError):
    """The bot may not write there (any more)."""


class CardGone(MessageError):
    """The message was deleted or can no longer be edited."""


class PostbackError(BotError):
    """A payment notification that leads to nothing."""


class PostbackUnreadable(PostbackError):
    """The body is no notification."""


class PostbackForged(PostbackError):
    """The token does not prove that the provider sent it, for this invoice and now."""


class ProviderError(BotError):
    """A call to the payment provider did not give a usable answer."""


class NotSent(ProviderError):
    """The connection was never made, so the request cannot have had an effect."""


class ProviderBusy(ProviderError):
    """The provider asks to wait; the request had no effect."""

    def __init__(self, retry_after: float) -> None:
        """`retry_after` is in seconds."""
        super().__init__(f"asked to wait {retry_after:g} s")
        self.retry_after = retry_after


class ProviderRefused(ProviderError):
    """The provider said no; `reasons` maps its field names to its own words."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {words}" for field, words in reasons.items()))
        self.reasons = dict(reasons)


class ProviderUnauthorized(ProviderRefused):
    """The provider does not accept the API key or the shop id."""


class Unsure(ProviderError):
    """The request may or may not have had an effect: look before doing it again."""
