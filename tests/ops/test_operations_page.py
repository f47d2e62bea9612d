"""`docs/operations.md` says what is there: its metrics, their results, what the alerts ask for."""

import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from bot.metrics import Metrics
from tests.world import World

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
ROWS = {
    name: (kind, set(re.findall(r"`(\w+)`", labels)), what)
    for name, kind, labels, what in re.findall(
        r"(?m)^\| `(invoicebot_\w+)` \| (\w+) \|([^|]*)\| ([^|]+) \|$", PAGE
    )
}
SUFFIXES = {"counter": "_total", "info": "_info"}


def registered(registry: CollectorRegistry) -> dict[str, tuple[str, set[str]]]:
    """Our metrics as people know them, with the labels of what has happened so far."""
    return {
        family.name + SUFFIXES.get(family.type, ""): (
            "gauge" if family.type == "info" else family.type,
            {label for sample in family.samples for label in sample.labels} - {"le"},
        )
        for family in registry.collect()
        if family.name.startswith("invoicebot_")
    }


async def test_the_table_of_metrics_is_the_registry(world: World) -> None:
    world.app.ops.metrics.limit_refused("look")  # has no label before
    there = registered(world.app.ops.metrics.registry)
    assert ROWS.keys() == there.keys()
    for name, (kind, labels) in there.items():
        assert ROWS[name][:2] == (kind, labels), name


@pytest.mark.parametrize("metric", ["update", "telegram_call", "provider_call"])
def test_every_result_is_explained(metric: str) -> None:
    what = ROWS[f"invoicebot_{metric}s_total"][2]
    for result in getattr(Metrics(), metric).results:
        assert f"`{result}`" in what


def test_an_alert_asks_for_what_there_is() -> None:
    (rules,) = re.findall(r"(?s)```yaml\n(.*?)```", PAGE)
    asked = set(re.findall(r"\binvoicebot_\w+", rules))
    assert asked <= ROWS.keys()
    assert len(asked) >= 6
    for labels in re.findall(r'result=~?"([a-z|_]+)"', rules):
        for result in labels.split("|"):
            assert any(f"`{result}`" in what for _, _, what in ROWS.values())
