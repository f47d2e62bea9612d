"""What `/metrics` shows, on a registry of the bot's own. `docs/operations.md` lists it.

What happens is counted as it happens (`Metrics`), in a fraction of a microsecond. What has to be
read from somewhere is read when somebody asks (`Readings`).
"""

from bot.metrics.counting import Metrics
from bot.metrics.readings import Readings

__all__ = ["Metrics", "Readings"]
