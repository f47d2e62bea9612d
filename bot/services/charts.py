"""The picture of `/stats`, by matplotlib: imported late, as it takes a second, and drawn in a
thread."""

import asyncio
import io
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from bot.domain.statistics import Statistics

SIZE: Final = (8.0, 4.8)  # inches
DPI: Final = 125  # makes 1000 x 600 pixels, which a phone shows without blur
ISSUED: Final = "#b8c7d9"
PAID: Final = "#1f7a4d"
_DAYS_BETWEEN: Final = 5


@dataclass(frozen=True, slots=True)
class Labels:
    """The words on the picture, in the reader's language; `day` names one on the axis."""

    title: str
    issued: str
    paid: str
    day: Callable[[date], str]


async def png(statistics: Statistics, labels: Labels) -> bytes:
    """Issued and paid invoices, day by day."""
    return await asyncio.to_thread(_draw, statistics, labels)


@cache
def _figure() -> Any:
    """matplotlib's Figure. Its caches need a folder that can be written, which a read-only
    container has only for temporary files."""
    os.environ.setdefault("MPLCONFIGDIR", tempfile.mkdtemp(prefix="invoice-bot-charts-"))
    from matplotlib.figure import Figure

    return Figure


def _draw(statistics: Statistics, labels: Labels) -> bytes:
    figure = _figure()(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.subplots()
    days = list(statistics.issued)
    axes.bar(days, list(statistics.issued.values()), color=ISSUED, label=labels.issued)
    axes.bar(days, list(statistics.paid.values()), color=PAID, width=0.5, label=labels.paid)
    ticks = days[::-_DAYS_BETWEEN][::-1]
    axes.set_xticks(ticks, [labels.day(day) for day in ticks])
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(0, max(1, *statistics.issued.values()) * 1.1)
    axes.set_title(labels.title)
    axes.legend(loc="upper left", frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
    axes.set_axisbelow(True)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
