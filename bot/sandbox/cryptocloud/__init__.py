"""A local CryptoCloud to try and test the bot against, with its bad days on demand."""

from bot.sandbox.cryptocloud.exchange import Answer, Call, Path
from bot.sandbox.cryptocloud.faults import Fault
from bot.sandbox.cryptocloud.habits import AuthError, Habits, LimitMeans, PostbackForm
from bot.sandbox.cryptocloud.ledger import FeePayer, Invoice, NotOpenError, Status
from bot.sandbox.cryptocloud.postbacks import Postback
from bot.sandbox.cryptocloud.server import LocalCryptoCloud

__all__ = [
    "Answer",
    "AuthError",
    "Call",
    "Fault",
    "FeePayer",
    "Habits",
    "Invoice",
    "LimitMeans",
    "LocalCryptoCloud",
    "NotOpenError",
    "Path",
    "Postback",
    "PostbackForm",
    "Status",
]
