"""Whatever comes back: the errors of the tree, or an invoice that is fit to use."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import ProviderError, Unsure
from bot.domain.provider import NewInvoice, ProviderInvoice
from tests.cryptocloud.raw import answering, page

NEW = NewInvoice(Decimal(1), "USD", "1")
DAY = datetime(2026, 1, 27, tzinfo=UTC).date()
RESULT = json.loads(page("created_with_coin"))["result"]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None))
    | st.sampled_from(["1E999999999", "NaN", "-5", "9999-12-31T23:59:59-12:00", "https://a b"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
fields = st.dictionaries(
    st.sampled_from(sorted({*RESULT, "amount_to_pay", "order_id"})), values, max_size=4
)


def _check(invoice: ProviderInvoice) -> None:
    assert invoice.uuid.startswith("INV-")
    assert not invoice.link or urlsplit(invoice.link).scheme in {"http", "https"}
    for moment in (invoice.created, invoice.expires):
        assert moment is None or moment.utcoffset() == timedelta(0)
    for number in (invoice.amount, invoice.amount_to_pay, invoice.received, invoice.fee):
        assert number is None or len(f"{number:f}") < 400
    assert json.dumps([invoice.order_id, invoice.address, invoice.coin, invoice.project]).encode()
    for text in (invoice.order_id, invoice.address, invoice.coin, invoice.project):
        assert text is None or text.encode()


@given(body=st.binary(), status=st.integers(200, 599))
@example(body=b"[" * 100_000, status=200)
@example(body=b'{"result": 1e99999999999999999999999}', status=200)
@example(body=b'{"result": ' + b"9" * 5000 + b"}", status=200)
@example(body=b'{"status": "success", "result": {"uuid": "\\ud800"}}', status=200)
@example(body=b"\xff\xfe{\x00}\x00", status=400)
async def test_junk_bytes_never_leave_the_tree(body: bytes, status: int) -> None:
    async with answering(body, status) as client:
        with pytest.raises(ProviderError):
            await client.create(NEW)


@given(document=values, status=st.sampled_from([200, 400, 403, 500]))
async def test_junk_documents_never_leave_the_tree(document: object, status: int) -> None:
    async with answering(json.dumps(document).encode(), status) as client:
        with pytest.raises(ProviderError):
            await client.create(NEW)


@given(changed=fields)
async def test_junk_fields_become_none_or_unsure(changed: dict[str, object]) -> None:
    document = {"status": "success", "result": RESULT | changed}
    async with answering(json.dumps(document).encode()) as client:
        try:
            _check(await client.create(NEW))
        except Unsure:
            assert changed.keys() & {"uuid", "status", "link"}


@given(
    rows=st.lists(fields.map(lambda changed: RESULT | changed) | values, max_size=5), count=scalars
)
async def test_junk_rows_never_leave_the_tree(rows: list[object], count: object) -> None:
    document = {"status": "success", "result": rows, "all_count": count}
    async with answering(json.dumps(document).encode()) as client:
        for invoice in await client.info(["89UX09KA"]):
            _check(invoice)
        walked = await client.walk(DAY, DAY)
    if walked.complete:
        assert len(walked.invoices) == count
