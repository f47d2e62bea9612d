"""The chat page: people of the local Telegram in a browser."""

from bot.sandbox.page.server import Player, SandboxPage

__all__ = ["Player", "SandboxPage"]
