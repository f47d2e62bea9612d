"""What an invoice takes in round trips, requests and bytes. Times are no test's business: see
`make bench`."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import PARTS, main


def figures(tmp_path: Path, *options: str) -> dict[str, dict[str, list[float]]]:
    """Of a short run of this bot alone."""
    to = tmp_path / "figures.json"
    assert main(["--short", "--rounds", "1", "--json", str(to), *options]) == 0
    found: dict[str, dict[str, list[float]]] = json.loads(to.read_text())["figures"]
    return found


def test_an_invoice_takes_so_many_round_trips_requests_and_bytes(tmp_path: Path) -> None:
    found = figures(tmp_path, "--part", "counts", "--only", "polling", "--only", "webhook")
    # What is known, the intent, the invoice with what is shown, the end. By webhook what is known
    # comes with the turn of the chat, which is given back; that may go out with something else.
    assert found["Redis round trips / invoice"]["polling"] == [4]
    assert 4 <= found["Redis round trips / invoice"]["webhook"][0] <= 5
    assert found["requests to CryptoCloud / invoice"]["polling"] == [1]
    assert found["requests to Telegram / invoice, polls apart"]["polling"] == [1]
    # Numbers of other lengths make a byte of difference; a slow machine renews leases.
    assert found["bytes to and from Redis / invoice"]["polling"][0] < 3_300
    assert found["bytes of a record in Redis"]["polling"][0] <= 400


@pytest.mark.slow
def test_every_part_runs(tmp_path: Path) -> None:
    options = [word for part in PARTS for word in ("--part", part)]
    found = figures(tmp_path, *options)
    assert all(values for row in found.values() for values in row.values())
