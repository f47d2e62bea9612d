"""Figures, put together: medians and ranges in one table, ratios under it, JSON beside it."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Metric:
    """A row, with so many `digits` after the point. `bar` is what this bot promises: of its figure
    to that of the bare aiogram bot where the `ratio` is told, else of the figure itself."""

    title: str
    digits: int = 2
    ratio: bool = False
    bar: str = ""


Cells = Mapping[str, Sequence[float]]  # values of each round, by subject


class Report:
    """What was measured so far."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = titles
        self._rows: dict[Metric, dict[str, list[float]]] = {}
        self._notes: list[str] = []

    def add(self, metric: Metric, subject: str, value: float) -> None:
        """One more value."""
        self._rows.setdefault(metric, defaultdict(list))[subject].append(value)

    def note(self, text: str) -> None:
        """A line under the table."""
        self._notes.append(text)

    def markdown(self) -> str:
        """The table, the ratios and the notes."""
        known = [name for name in self._titles if any(name in row for row in self._rows.values())]
        head = ["", *(self._titles[name] for name in known), "promised"]
        body = [
            [
                metric.title,
                *(_cell(metric, row.get(name, ())) for name in known),
                "" if metric.ratio else metric.bar,
            ]
            for metric, row in self._rows.items()
        ]
        parts = [_table([head, *body])]
        if ratios := list(self._ratios(known)):
            others = [self._titles[name] for name in known if name in BARE]
            parts.append(_table([["this bot / …", *others, "promised to the first"], *ratios]))
        parts.extend(self._notes)
        return "\n\n".join(parts)

    def _ratios(self, known: Sequence[str]) -> Iterable[list[str]]:
        bare = [name for name in known if name in BARE]
        for metric, row in self._rows.items():
            for ours in (name for name in known if name not in BARE):
                if not metric.ratio or not row.get(ours):
                    continue
                mine = statistics.median(row[ours])
                cells = [
                    f"{mine / statistics.median(row[name]):.2f}" if row.get(name) else ""
                    for name in bare
                ]
                if any(cells):
                    yield [f"{metric.title}, {ours}", *cells, metric.bar]

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "figures": {metric.title: dict(row) for metric, row in self._rows.items()},
            "notes": self._notes,
        }


BARE: Final = ("aiogram", "parts", "grammy")


def _cell(metric: Metric, values: Sequence[float]) -> str:
    if not values:
        return ""
    shown = f"{statistics.median(values):,.{metric.digits}f}"
    low, high = (f"{edge:,.{metric.digits}f}" for edge in (min(values), max(values)))
    return shown if low == high else f"{shown} ({low}–{high})"


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def percentile(values: Iterable[float], part: float) -> float:
    """The value that `part` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
