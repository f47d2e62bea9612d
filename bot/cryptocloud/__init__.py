"""CryptoCloud, the payment provider, as the services' `Provider`."""

from bot.cryptocloud.client import CryptoCloud
from bot.cryptocloud.postback import read_postback
from bot.cryptocloud.transport import create_http

__all__ = ["CryptoCloud", "create_http", "read_postback"]
