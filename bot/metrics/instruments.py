"""Counters and histograms as plain numbers, turned into Prometheus' families when they are read.

The client library's own take a lock and walk their buckets: 1 to 2 µs each, and there are ten of
them in a message. The bot counts in one thread and needs no lock: 0.2 to 0.4 µs.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector


class Counted(Collector):
    """How often something happened, by kind where there is a `label`."""

    def __init__(self, name: str, what: str, label: str = "", kinds: Sequence[str] = ()) -> None:
        """`kinds` are shown before they happen, as 0: else the first could not be seen to grow."""
        self._name = name
        self._what = what
        self._labels = [label] if label else None
        self._counts = dict.fromkeys(kinds if label else ("",), 0)

    def __call__(self, kind: str = "") -> None:
        """It happened."""
        self._counts[kind] = self._counts.get(kind, 0) + 1

    def collect(self) -> Iterator[Metric]:
        """As the registry wants it."""
        family = CounterMetricFamily(self._name, self._what, labels=self._labels)
        for kind, count in self._counts.items():
            family.add_metric([kind] if self._labels else [], count)
        yield family


class Summed(Collector):
    """How often, and how much in all."""

    def __init__(self, name: str, what: str) -> None:
        self._name = name
        self._what = what
        self._count = 0
        self._sum = 0.0

    def __call__(self, amount: float) -> None:
        """So much, once more."""
        self._count += 1
        self._sum += amount

    def collect(self) -> Iterator[Metric]:
        """As the registry wants it."""
        yield SummaryMetricFamily(
            self._name, self._what, count_value=self._count, sum_value=self._sum
        )


class Spread:
    """How values are spread over buckets, which end at `bounds`; the last one has no end."""

    __slots__ = ("_bounds", "_counts", "_sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def __call__(self, value: float) -> None:
        """One more."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def into(self, family: HistogramMetricFamily, labels: Sequence[str]) -> None:
        """Add it to a family."""
        ends = [*(f"{float(bound)}" for bound in self._bounds), "+Inf"]
        buckets = list(zip(ends, accumulate(self._counts), strict=True))
        family.add_metric(labels, buckets, self._sum)


class Times(Collector):
    """How long something took."""

    def __init__(self, name: str, what: str, bounds: Sequence[float]) -> None:
        self._name = name
        self._what = what
        self.took = Spread(bounds)

    def collect(self) -> Iterator[Metric]:
        """As the registry wants it."""
        family = HistogramMetricFamily(self._name, self._what)
        self.took.into(family, [])
        yield family


class Timed(Collector):
    """How often something of a kind ended how, and how long it took, however it ended."""

    def __init__(
        self, name: str, what: str, kind: str, results: Sequence[str], bounds: Sequence[float]
    ) -> None:
        """`name` is singular: `invoicebot_update`. All `results` of a kind are shown together."""
        self.results = results
        self._name = name
        self._what = what
        self._kind = kind
        self._bounds = bounds
        self._ended: dict[tuple[str, str], int] = {}
        self._took: dict[str, Spread] = {}

    def __call__(self, kind: str, result: str, seconds: float | None = None) -> None:
        """One has ended; without `seconds` where it cannot be said to have taken any."""
        if kind not in self._took:
            self.expect(kind)
        key = (kind, result)
        self._ended[key] = self._ended.get(key, 0) + 1
        if seconds is not None:
            self._took[kind](seconds)

    def expect(self, kind: str) -> None:
        """Show a kind before it happens."""
        self._took[kind] = Spread(self._bounds)
        self._ended |= {(kind, result): 0 for result in self.results}

    def collect(self) -> Iterator[Metric]:
        """As the registry wants it."""
        ended = CounterMetricFamily(f"{self._name}s", self._what, labels=[self._kind, "result"])
        for key, count in self._ended.items():
            ended.add_metric(key, count)
        yield ended
        seconds = f"{self._name}_duration_seconds"
        took = HistogramMetricFamily(seconds, self._what, labels=[self._kind])
        for kind, spread in self._took.items():
            spread.into(took, [kind])
        yield took
