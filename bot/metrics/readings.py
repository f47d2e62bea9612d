"""What is read when somebody asks for the metrics, and left out while it cannot be read."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

Value = float | Mapping[str, float] | None
"""One value, or one for each value of the label; None while it is not known."""


class Readings(Collector):
    """Values that are kept elsewhere anyway, so nobody has to count them here."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._gauges: dict[str, tuple[str, str, Callable[[], Value]]] = {}
        self._counters: dict[str, tuple[str, Callable[[], float]]] = {}
        registry.register(self)

    def gauge(self, name: str, what: str, read: Callable[[], Value], *, label: str = "") -> None:
        """Show what `read` gives; by `label` when that is several values."""
        self._gauges[name] = (what, label, read)

    def counter(self, name: str, what: str, read: Callable[[], float]) -> None:
        """Show what `read` gives, which only grows."""
        self._counters[name] = (what, read)

    def collect(self) -> Iterator[Metric]:
        """All of them, as the registry wants them."""
        for name, (what, label, read) in self._gauges.items():
            gauge = GaugeMetricFamily(name, what, labels=[label] if label else None)
            value = read()
            if isinstance(value, Mapping):
                for kind, one in value.items():
                    gauge.add_metric([kind], one)
            elif value is not None:
                gauge.add_metric([], value)
            yield gauge
        for counted, (what, count) in self._counters.items():
            yield CounterMetricFamily(counted, what, value=count())
