"""The picture of `/stats`, by matplotlib: imported late, as it takes a second, and drawn in a
thread."""

import asyncio
import io
import os
import tempfile
from functools import cache
from typing import Any, Final

from babel.dates import format_skeleton

from bot.domain.statistics import Statistics
from bot.telegram.i18n import Translator

SIZE: Final = (8.0, 4.8)  # inches
DPI: Final = 125  # makes 1000 x 600 pixels, which a phone shows without blur
ISSUED: Final = "#b8c7d9"
PAID: Final = "#1f7a4d"
_DAYS_BETWEEN: Final = 5


async def png(tr: Translator, statistics: Statistics) -> bytes:
    """Issued and paid invoices, day by day."""
    return await asyncio.to_thread(_draw, tr, statistics)


@cache
def _figure() -> Any:
    """matplotlib's Figure. Its caches need a folder that can be written, which a read-only
    container has only for temporary files."""
    os.environ.setdefault("MPLCONFIGDIR", tempfile.mkdtemp(prefix="invoice-bot-charts-"))
    from matplotlib.figure import Figure

    return Figure


def _draw(tr: Translator, statistics: Statistics) -> bytes:
    figure = _figure()(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.subplots()
    days = list(statistics.issued)
    axes.bar(days, list(statistics.issued.values()), color=ISSUED, label=tr("Issued"))
    axes.bar(days, list(statistics.paid.values()), color=PAID, width=0.5, label=tr("Paid"))
    ticks = days[::-_DAYS_BETWEEN][::-1]
    names = [format_skeleton("MMMd", day, locale=tr.language) for day in ticks]
    axes.set_xticks(ticks, names)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(0, max(1, *statistics.issued.values()) * 1.1)
    axes.set_title(tr("Invoices per day, the last 30 days"))
    axes.legend(loc="upper left", frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
    axes.set_axisbelow(True)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
