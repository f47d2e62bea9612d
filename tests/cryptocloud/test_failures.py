"""One test for each way a create may fail, and what has then happened at the provider."""

from decimal import Decimal

import pytest

from bot.cryptocloud import CryptoCloud
from bot.domain.errors import (
    ProviderBusy,
    ProviderRefused,
    ProviderUnauthorized,
    Unsure,
)
from bot.domain.provider import NewInvoice
from bot.sandbox.cryptocloud import AuthError, Fault, LocalCryptoCloud, Path
from tests.cryptocloud.conftest import TOTAL


async def test_no_answer_in_time(
    cloud: LocalCryptoCloud, hasty: CryptoCloud, fifty: NewInvoice
) -> None:
    cloud.faults.next(Path.CREATE, Fault.slow(10))

    with pytest.raises(Unsure, match="TimeoutError"):
        await hasty.create(fifty)

    assert len(cloud.invoices) == 1


async def test_created_there_after_the_client_gave_up(
    cloud: LocalCryptoCloud, hasty: CryptoCloud, fifty: NewInvoice
) -> None:
    cloud.faults.next(Path.CREATE, Fault.late_commit(TOTAL * 2))

    with pytest.raises(Unsure):
        await hasty.create(fifty)
    assert cloud.invoices == []

    await cloud.until(lambda: len(cloud.invoices) == 1)


async def test_connection_reset_after_it_was_created(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    cloud.faults.next(Path.CREATE, Fault.cut_after_commit())

    with pytest.raises(Unsure):
        await client.create(fifty)

    assert len(cloud.invoices) == 1
    assert len(cloud.calls) == 1


async def test_connection_reset_before_it_was_created(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    cloud.faults.next(Path.CREATE, Fault.cut_before_commit())

    with pytest.raises(Unsure):
        await client.create(fifty)

    assert cloud.invoices == []
    assert len(cloud.calls) == 1


async def test_validation_failure_brings_the_field_messages(
    cloud: LocalCryptoCloud, client: CryptoCloud
) -> None:
    with pytest.raises(ProviderRefused) as caught:
        await client.create(NewInvoice(Decimal(1), "XXX", "1"))

    assert type(caught.value) is ProviderRefused
    assert caught.value.reasons["currency"].startswith("Invalid account currency specified.")


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("form", AuthError)
async def test_wrong_key(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice, form: AuthError, status: int
) -> None:
    cloud.api_key = "test-api-key-another"
    cloud.habits.auth_error, cloud.habits.auth_status = form, status

    with pytest.raises(ProviderUnauthorized):
        await client.create(fifty)


async def test_wrong_shop(cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice) -> None:
    cloud.faults.next(
        Path.CREATE,
        Fault.document({"status": "error", "result": {"shop_id": "Shop not found."}}, 400),
    )

    with pytest.raises(ProviderUnauthorized) as caught:
        await client.create(fifty)

    assert caught.value.reasons == {"shop_id": "Shop not found."}


@pytest.mark.parametrize("status", [401, 403])
async def test_forbidden_without_a_body_one_could_read(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice, status: int
) -> None:
    cloud.faults.next(Path.CREATE, Fault.html(status, commit=False))

    with pytest.raises(ProviderUnauthorized) as caught:
        await client.create(fifty)

    assert caught.value.reasons == {"http": str(status)}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "1.5"}, 1.5),
        ({}, 5.0),
        ({"Retry-After": "soon"}, 5.0),
        ({"Retry-After": "-3"}, 5.0),
        ({"Retry-After": "0"}, 5.0),
        ({"Retry-After": "999999"}, 5.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 5.0),
    ],
)
async def test_too_many_requests(
    cloud: LocalCryptoCloud,
    client: CryptoCloud,
    fifty: NewInvoice,
    header: dict[str, str],
    seconds: float,
) -> None:
    cloud.faults.next(Path.CREATE, Fault.status(429, headers=header))

    with pytest.raises(ProviderBusy) as caught:
        await client.create(fifty)

    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", [302, 408, 500, 502, 503, 504, 520])
async def test_status_that_tells_nothing(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice, status: int
) -> None:
    cloud.faults.next(Path.CREATE, Fault.status(status, headers={"Location": "/v2/elsewhere"}))

    with pytest.raises(Unsure, match=str(status)):
        await client.create(fifty)

    assert len(cloud.calls) == 1


async def test_a_refusal_in_a_server_error_is_not_believed(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    cloud.faults.next(
        Path.CREATE, Fault.document({"status": "error", "result": {"amount": "no"}}, 500)
    )

    with pytest.raises(Unsure):
        await client.create(fifty)


async def test_html_instead_of_json(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    cloud.faults.next(Path.CREATE, Fault.html())

    with pytest.raises(Unsure, match="not JSON"):
        await client.create(fifty)


async def test_truncated_json(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    cloud.faults.next(Path.CREATE, Fault.truncated())

    with pytest.raises(Unsure, match="not JSON"):
        await client.create(fifty)


async def test_empty_body(cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice) -> None:
    cloud.faults.next(Path.CREATE, Fault.empty())

    with pytest.raises(Unsure, match="0 bytes"):
        await client.create(fifty)


async def test_refusal_under_200(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    cloud.faults.next(
        Path.CREATE, Fault.document({"status": "error", "result": {"amount": "Too small."}})
    )

    with pytest.raises(ProviderRefused) as caught:
        await client.create(fifty)

    assert caught.value.reasons == {"amount": "Too small."}


@pytest.mark.parametrize("field", ["uuid", "status", "link"])
async def test_success_that_lacks_what_is_needed(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice, field: str
) -> None:
    fault = Fault.without("status", "invoice_status") if field == "status" else Fault.without(field)
    cloud.faults.next(Path.CREATE, fault)

    with pytest.raises(Unsure, match=f"unusable {field}"):
        await client.create(fifty)


async def test_link_that_must_not_become_a_button(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    cloud.faults.next(Path.CREATE, Fault.with_fields(link="javascript:alert(1)"))

    with pytest.raises(Unsure, match="unusable link"):
        await client.create(fifty)


async def test_unknown_enum_values_are_taken_as_they_are(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    cloud.faults.next(
        Path.CREATE, Fault.with_fields(status="frozen", side_commission="nobody", type_payments=7)
    )

    assert (await client.create(fifty)).status == "frozen"
