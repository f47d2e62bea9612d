"""What the sandbox's pages share: a server on loopback, its guard, the look of things."""

from bot.sandbox.browser.guard import guard, harden
from bot.sandbox.browser.serving import SHARED_FILES, Listener, add_files, read_body

__all__ = ["SHARED_FILES", "Listener", "add_files", "guard", "harden", "read_body"]
