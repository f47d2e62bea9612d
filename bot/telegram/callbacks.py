"""What buttons carry: typed, at most 64 bytes, and never a price. Each is checked before use."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import Message


class DraftTap(CallbackData, prefix="d"):
    """An answer in the conversation `id` at the revision the person sees."""

    id: str
    rev: int
    do: str
    value: str = ""


class SettingTap(CallbackData, prefix="s"):
    """Open a page of the settings, or set what it is about to `value`."""

    do: str
    value: str = ""


class SellerTap(CallbackData, prefix="w"):
    """Open a seller, or do something about one."""

    do: str
    user: int = 0


class NewTap(CallbackData, prefix="n"):
    """Begin a conversation."""


class CardTap(CallbackData, prefix="c"):
    """What everybody who sees an invoice's card may do."""

    do: str
    id: str


class ManageTap(CallbackData, prefix="m"):
    """What only those may do who manage the invoice."""

    do: str
    id: str


class ListTap(CallbackData, prefix="l"):
    """A page of invoices: of which list ("" is all), from where on (see `domain/history`)."""

    bucket: str
    at: int = 0
    id: str = ""
    newer: bool = False


class OpenTap(CallbackData, prefix="o"):
    """Open an invoice from a list."""

    id: str


class ExportTap(CallbackData, prefix="x"):
    """A file of a period."""

    period: str


class AuditTap(CallbackData, prefix="a"):
    """A page of the audit trail: of one person (0: of all), from where on (see `domain/audit`)."""

    person: int = 0
    at: int = 0
    after: str = ""


class HealthTap(CallbackData, prefix="h"):
    """The state of the bot, or what to do with the update that was set aside."""

    do: str
    update: int = 0


def carries(message: Message, prefix: str, part: str = "") -> bool:
    """Whether a message has a button of the kind `prefix` with `part` in what it carries."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup is not None else []
    for button in (button for row in rows for button in row):
        kind, *parts = (button.callback_data or "").split(":")
        if kind == prefix and (not part or part in parts):
            return True
    return False
