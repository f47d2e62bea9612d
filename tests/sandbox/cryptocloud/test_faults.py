"""The local provider misbehaves exactly as it is told to."""

import asyncio
import time

import aiohttp
import pytest

from bot.sandbox.cryptocloud import Fault, LocalCryptoCloud, Path
from tests.sandbox.cryptocloud.conftest import Ask


async def _statuses(ask: Ask, calls: int) -> list[int]:
    return [(await ask(Path.INFO, uuids=[])).status for _ in range(calls)]


def _busy(status: int = 503) -> Fault:
    return Fault.document({}, status)


async def test_next_calls_in_order(cloud: LocalCryptoCloud, ask: Ask) -> None:
    cloud.faults.next(Path.INFO, _busy(500), times=2)
    cloud.faults.next(Path.INFO, _busy(502))

    assert await _statuses(ask, 4) == [500, 500, 502, 200]


async def test_other_paths_are_left_alone(cloud: LocalCryptoCloud, ask: Ask) -> None:
    cloud.faults.next(Path.CREATE, _busy())

    assert await _statuses(ask, 1) == [200]


async def test_every_third_call(cloud: LocalCryptoCloud, ask: Ask) -> None:
    cloud.faults.every(Path.INFO, 3, _busy())

    assert await _statuses(ask, 6) == [200, 200, 503, 200, 200, 503]


async def test_a_share_of_the_calls_is_the_same_on_each_run(
    cloud: LocalCryptoCloud, ask: Ask
) -> None:
    runs = []
    for _ in range(2):
        cloud.faults.clear()
        cloud.faults.share(Path.INFO, 0.5, _busy(), seed=7)
        runs.append(await _statuses(ask, 40))

    assert runs[0] == runs[1]
    assert 10 < runs[0].count(503) < 30


async def test_calls_of_one_kind(cloud: LocalCryptoCloud, ask: Ask) -> None:
    cloud.faults.when(Path.CREATE, lambda call: call.field("currency") == "RUB", _busy())

    assert (await ask(Path.CREATE, currency="RUB")).status == 503
    assert (await ask(Path.CREATE, currency="EUR")).status == 200
    assert [one.order.currency for one in cloud.invoices] == ["EUR"]


async def test_slow_answers_late_and_acts_at_once(cloud: LocalCryptoCloud, ask: Ask) -> None:
    cloud.faults.next(Path.CREATE, Fault.slow(0.2))
    begun = time.monotonic()
    asked = asyncio.ensure_future(ask(Path.CREATE))
    await cloud.until(lambda: len(cloud.invoices) == 1)

    assert not asked.done()
    assert cloud.calls[0].committed
    assert cloud.calls[0].status is None
    assert (await asked).status == 200
    assert time.monotonic() - begun >= 0.2


async def test_late_commit_does_not_need_the_client(cloud: LocalCryptoCloud, ask: Ask) -> None:
    cloud.faults.next(Path.CREATE, Fault.late_commit(0.3))

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ask(Path.CREATE), 0.1)
    assert cloud.invoices == []

    await cloud.until(lambda: cloud.calls[0].ended)
    assert len(cloud.invoices) == 1
    assert cloud.calls[0].committed


@pytest.mark.parametrize(
    ("fault", "invoices"), [(Fault.cut_after_commit(), 1), (Fault.cut_before_commit(), 0)]
)
async def test_cut(cloud: LocalCryptoCloud, ask: Ask, fault: Fault, invoices: int) -> None:
    cloud.faults.next(Path.CREATE, fault)

    with pytest.raises(aiohttp.ClientConnectionError):
        await ask(Path.CREATE)

    assert len(cloud.invoices) == invoices
    assert cloud.calls[0].status is None
    assert cloud.calls[0].committed == bool(invoices)


@pytest.mark.parametrize(
    ("fault", "status", "body", "invoices"),
    [
        (Fault.status(502), 502, b"502\n", 0),
        (Fault.status(500, commit=True), 500, b"500\n", 1),
        (Fault.html(503), 503, b"<!DOCTYPE html>", 1),
        (Fault.empty(), 200, b"", 1),
        (Fault.truncated(), 200, b'{"status": "success", "result": {"uuid"', 1),
        (Fault.document({"status": "error"}), 200, b'{"status": "error"}', 0),
        (Fault.status(429, headers={"Retry-After": "3"}), 429, b"429\n", 0),
    ],
)
async def test_answers(
    cloud: LocalCryptoCloud,
    web: aiohttp.ClientSession,
    fault: Fault,
    status: int,
    body: bytes,
    invoices: int,
) -> None:
    cloud.faults.next(Path.CREATE, fault)
    headers = {"Authorization": f"Token {cloud.api_key}"}
    order = {"shop_id": cloud.shop_id, "amount": 50}
    async with web.post(cloud.url + Path.CREATE, json=order, headers=headers) as response:
        assert response.status == status
        assert (await response.read()).startswith(body)
        assert (response.headers.get("Retry-After") == "3") == (status == 429)

    assert len(cloud.invoices) == invoices
    assert cloud.calls[0].status == status


async def test_answer_without_a_field(cloud: LocalCryptoCloud, ask: Ask) -> None:
    cloud.faults.next(Path.CREATE, Fault.without("link"))

    assert "link" not in (await ask(Path.CREATE)).result


async def test_rows_with_other_values(cloud: LocalCryptoCloud, ask: Ask) -> None:
    cloud.desk.insert(2)
    cloud.faults.next(Path.INFO, Fault.with_fields(status="frozen"))

    reply = await ask(Path.INFO, uuids=[one.uuid for one in cloud.invoices])

    assert [row["status"] for row in reply.rows] == ["frozen", "frozen"]


async def test_an_answer_without_a_result_is_left_as_it_is(
    cloud: LocalCryptoCloud, ask: Ask
) -> None:
    cloud.faults.next(Path.CREATE, Fault.without("link"))

    assert (await ask(Path.CREATE, currency="XXX")).status == 400


async def test_waiting_for_what_never_comes_ends(cloud: LocalCryptoCloud) -> None:
    with pytest.raises(TimeoutError):
        await cloud.until(lambda: False, within=0.05)


async def test_closing_does_not_wait_for_slow_answers(cloud: LocalCryptoCloud, ask: Ask) -> None:
    cloud.faults.next(Path.CREATE, Fault.slow(60))
    asked = asyncio.ensure_future(ask(Path.CREATE))
    await cloud.until(lambda: len(cloud.calls) == 1)
    begun = time.monotonic()

    await cloud.close()

    assert time.monotonic() - begun < 2
    with pytest.raises(aiohttp.ClientConnectionError):
        await asked
