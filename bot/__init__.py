"""A Telegram bot that issues CryptoCloud invoices."""

__version__ = "0.1.0"
