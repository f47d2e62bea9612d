"""What is counted. Label values come from short closed lists, never from what people send."""

import platform
from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.metrics_core import InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import __version__
from bot.domain.invoice import Invoice, Status
from bot.metrics.instruments import Counted, Summed, Timed, Times

# How things end, as `telegram/metering` and `services/metering` name it.
_UPDATES: Final = ("handled", "unhandled", "dropped", "deferred", "failed", "stopped")
_ANSWERS: Final = (
    "ok",
    "unchanged",
    "flood",
    "refused",
    "server",
    "network",
    "unreadable",
    "stopped",
)
_CALLS: Final = ("create", "info", "list", "cancel")
_ENDS: Final = ("ok", "refused", "unauthorized", "busy", "not_sent", "unsure", "stopped")
_POSTBACKS: Final = ("taken", "deferred", "forged", "unreadable")

# Upper bounds in seconds: what is ours, the store, and what goes over the network.
_OURS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_STORE: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5)
_NETWORK: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Each attribute is called by whoever does what it counts; `app` hands them over."""

    def __init__(self) -> None:
        self.update = Timed("invoicebot_update", "Updates of Telegram", "type", _UPDATES, _OURS)
        self.telegram_call = Timed(
            "invoicebot_telegram_call", "Calls to Telegram", "method", _ANSWERS, _NETWORK
        )
        self.provider_call = Timed(
            "invoicebot_provider_call", "Calls to CryptoCloud", "call", _ENDS, _NETWORK
        )
        for call in _CALLS:
            self.provider_call.expect(call)
        self.flood_wait = Summed(
            "invoicebot_telegram_flood_wait_seconds", "What Telegram asked to wait"
        )
        self.limit_refused = Counted("invoicebot_limit_refusals", "Asked too often", "limit")
        self.postback = Counted(
            "invoicebot_postbacks", "Notifications of CryptoCloud", "result", _POSTBACKS
        )
        self._entered = Counted(
            "invoicebot_invoice_transitions",
            "Invoices that came into a status",
            "status",
            list(Status),
        )
        self._ambiguous = Counted(
            "invoicebot_ambiguous_creates", "Creations whose ending was not known"
        )
        self._repeated = Counted(
            "invoicebot_repeated_creates",
            "Creations repeated once it was sure that nothing had come of them",
        )
        redis = Times(
            "invoicebot_redis_roundtrip_seconds", "From a command or pipeline to its answer", _STORE
        )
        self.redis_answered = redis.took

        self.registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self.registry)
        for collector in (
            _Build(),
            self.update,
            self.telegram_call,
            self.flood_wait,
            self.provider_call,
            self._entered,
            self._ambiguous,
            self._repeated,
            self.postback,
            self.limit_refused,
            redis,
        ):
            self.registry.register(collector)

    def invoice_written(self, before: Invoice | None, after: Invoice) -> None:
        """A record was written; None before for a new one."""
        if before is None or before.status is not after.status:
            self._entered(after.status)
        if before is None or before.attempt_ended == after.attempt_ended:
            return
        if before.attempt_ended is None:
            self._ambiguous()
        elif after.status is Status.CREATING and after.attempt_ended is None:
            self._repeated()


class _Build(Collector):
    """Which version runs."""

    def collect(self) -> Iterator[Metric]:
        """As the registry wants it."""
        facts = {"version": __version__, "python": platform.python_version()}
        yield InfoMetricFamily("invoicebot_build", "Which version runs", value=facts)
