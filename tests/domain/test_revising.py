"""A record with some of its fields changed."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.invoice import Invoice, Status
from bot.domain.revising import revised

AT = datetime(2026, 1, 27, 9, 0, tzinfo=UTC)


@pytest.fixture
def invoice() -> Invoice:
    return Invoice(
        id="a" * 20,
        status=Status.CREATING,
        amount=Decimal(50),
        currency="EUR",
        chat_id=5,
        seller_id=5,
        asked_at=AT,
        language="en",
    )


def test_it_is_what_dataclasses_make_of_it(invoice: Invoice) -> None:
    made = revised(invoice, status=Status.CREATED, uuid="INV-TEST0001", showing=1)
    assert made == replace(invoice, status=Status.CREATED, uuid="INV-TEST0001", showing=1)
    assert hash(made) == hash(replace(made))
    assert invoice.status is Status.CREATING, "the former one is as it was"
    with pytest.raises(FrozenInstanceError):
        made.showing = 2  # type: ignore[misc] # that is the point


def test_a_field_that_there_is_not_is_refused(invoice: Invoice) -> None:
    changes: dict[str, Any] = {"showing": 1, "shown": True}
    with pytest.raises(TypeError, match=r"^Invoice has no shown$"):
        revised(invoice, **changes)
