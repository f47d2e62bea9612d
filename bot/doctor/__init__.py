"""`python -m bot doctor`: checks everything the bot needs, a line each, with what to do.

It changes nothing and may run beside the bot. It works without aiogram, which takes seconds to
import: what it asks Telegram is a few plain calls.
"""

from bot.doctor.examination import examine

__all__ = ["examine"]
