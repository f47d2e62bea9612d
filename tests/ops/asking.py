"""Asking the site on OPS_PORT, as a container, a balancer and Prometheus do."""

from collections.abc import Mapping
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families


def _client() -> httpx.AsyncClient:
    """Without TLS, which takes longer to set up than everything else here."""
    return httpx.AsyncClient(trust_env=False, verify=False)


async def ask(url: str) -> tuple[int, Any]:
    """The status and the document of a health endpoint."""
    async with _client() as http:
        answer = await http.get(url)
    return answer.status_code, answer.json()


async def scrape(url: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every sample that `/metrics` of this site shows now, by name and labels."""
    async with _client() as http:
        answer = await http.get(f"{url}/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


class Metrics:
    """One scrape."""

    def __init__(self, samples: Mapping[tuple[str, frozenset[tuple[str, str]]], float]) -> None:
        self._samples = samples

    def __call__(self, name: str, **labels: str) -> float:
        """A sample of ours; 0 for one that is not there (yet)."""
        return self._samples.get((f"invoicebot_{name}", frozenset(labels.items())), 0.0)

    def names(self) -> set[str]:
        return {name for name, _ in self._samples}


async def metrics(url: str) -> Metrics:
    return Metrics(await scrape(url))
