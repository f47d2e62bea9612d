"""Counters and times. Label values come from short closed lists, never from what people send."""

import platform
from collections.abc import Callable, Sequence
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    Summary,
    disable_created_metrics,
)

from bot import __version__
from bot.domain.invoice import Invoice, Status

# Upper bounds in seconds: what is ours, the store, and what goes over the network.
_OURS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_STORE: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5)
_NETWORK: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Timed:
    """How often something of a kind ended how, and how long it took.

    Its children are kept here: `labels` costs more than the counting.
    """

    def __init__(
        self, registry: CollectorRegistry, name: str, what: str, kind: str, bounds: Sequence[float]
    ) -> None:
        """`name` is singular: `invoicebot_update`; `what` a plural for people."""
        self._ended = Counter(f"{name}s", what, (kind, "result"), registry=registry)
        seconds = f"{name}_duration_seconds"
        self._took = Histogram(seconds, what, (kind,), buckets=bounds, registry=registry)
        self._known: dict[tuple[str, str], tuple[Counter, Histogram]] = {}

    def __call__(self, kind: str, result: str, seconds: float | None = None) -> None:
        """One has ended; without `seconds` where it cannot be said to have taken any."""
        known = self._known.get((kind, result))
        if known is None:
            known = self._ended.labels(kind, result), self._took.labels(kind)
            self._known[kind, result] = known
        ended, took = known
        ended.inc()
        if seconds is not None:
            took.observe(seconds)


class Counted:
    """How often something happened, by kind."""

    def __init__(
        self, registry: CollectorRegistry, name: str, what: str, label: str, kinds: Sequence[str]
    ) -> None:
        """`kinds` are those known beforehand: they are shown before they happen, as 0."""
        self._counter = Counter(name, what, (label,), registry=registry)
        self._known = {kind: self._counter.labels(kind) for kind in kinds}

    def __call__(self, kind: str) -> None:
        """It happened."""
        known = self._known.get(kind)
        if known is None:
            known = self._known[kind] = self._counter.labels(kind)
        known.inc()


class Metrics:
    """Each attribute is called by whoever does what it counts; `app` hands them over."""

    def __init__(self) -> None:
        # Else there is a second series for each, which says no more than when the process began.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("invoicebot_build", "Which version runs", registry=registry).info(
            {"version": __version__, "python": platform.python_version()}
        )
        self.update = Timed(registry, "invoicebot_update", "Updates of Telegram", "type", _OURS)
        self.telegram_call = Timed(
            registry, "invoicebot_telegram_call", "Calls to Telegram", "method", _NETWORK
        )
        self.provider_call = Timed(
            registry, "invoicebot_provider_call", "Calls to CryptoCloud", "call", _NETWORK
        )
        self.flood_wait: Callable[[float], None] = Summary(
            "invoicebot_telegram_flood_wait_seconds",
            "What Telegram asked to wait",
            registry=registry,
        ).observe
        self.redis_answered: Callable[[float], None] = Histogram(
            "invoicebot_redis_roundtrip_seconds",
            "From a command or pipeline to its answer",
            buckets=_STORE,
            registry=registry,
        ).observe
        self.limit_refused = Counted(
            registry, "invoicebot_limit_refusals", "Asked too often", "limit", ()
        )
        self.postback = Counted(
            registry,
            "invoicebot_postbacks",
            "Notifications of CryptoCloud",
            "result",
            ("taken", "deferred", "forged", "unreadable"),
        )
        self._entered = Counted(
            registry,
            "invoicebot_invoice_transitions",
            "Invoices that came into a status",
            "status",
            list(Status),
        )
        self._ambiguous = Counter(
            "invoicebot_ambiguous_creates",
            "Creations whose ending was not known",
            registry=registry,
        )
        self._repeated = Counter(
            "invoicebot_repeated_creates",
            "Creations repeated once it was sure that nothing had come of them",
            registry=registry,
        )

    def invoice_written(self, before: Invoice | None, after: Invoice) -> None:
        """A record was written; None before for a new one."""
        if before is None or before.status is not after.status:
            self._entered(after.status)
        if before is None or before.attempt_ended == after.attempt_ended:
            return
        if before.attempt_ended is None:
            self._ambiguous.inc()
        elif after.status is Status.CREATING and after.attempt_ended is None:
            self._repeated.inc()
