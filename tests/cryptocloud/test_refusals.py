"""The provider's words, in every form they come in."""

import json

import pytest

from bot.domain.errors import ProviderRefused, ProviderUnauthorized, Unsure
from bot.domain.provider import NewInvoice
from tests.cryptocloud.raw import KEY, answering


async def _refused(document: object, status: int = 400) -> ProviderRefused:
    async with answering(json.dumps(document).encode(), status) as client:
        with pytest.raises(ProviderRefused) as caught:
            await client.cancel("INV-89UX09KA")
    return caught.value


@pytest.mark.parametrize(
    ("document", "reasons"),
    [
        (
            {"status": "error", "result": {"amount": "amount not passed."}},
            {"amount": "amount not passed."},
        ),
        ({"currency": "Invalid account currency"}, {"currency": "Invalid account currency"}),
        (
            {"validate_error": "Invoice is not created"},
            {"validate_error": "Invoice is not created"},
        ),
        ({"detail": "JSON parse error"}, {"detail": "JSON parse error"}),
        ({"status": "error", "result": "Not today"}, {"result": "Not today"}),
        ({"status": "error", "result": ["Not", "today"]}, {"result": "Not; today"}),
        (
            {"status": "error", "result": {"amount": ["Too small.", "At least 5."]}},
            {"amount": "Too small.; At least 5."},
        ),
        (
            {"result": {"add_fields": {"time_to_pay": [{"hours": ["Too long."]}]}}},
            {"add_fields.time_to_pay.hours": "Too long."},
        ),
        (
            {"status": "error", "result": {"email": None}, "detail": "No."},
            {"detail": "No."},
        ),
        ({"result": {"amount": 5}}, {"amount": "5"}),
        ({"status": "error"}, {"http": "400"}),
        ([], {"http": "400"}),
        (["Bad request"], {"result": "Bad request"}),
        ("Bad request", {"result": "Bad request"}),
        (None, {"http": "400"}),
    ],
)
async def test_reasons_are_found_in_every_form(document: object, reasons: dict[str, str]) -> None:
    refusal = await _refused(document)

    assert refusal.reasons == reasons
    assert type(refusal) is ProviderRefused


@pytest.mark.parametrize(
    "document",
    [
        {"status": "error", "result": {"authorization": "Unauthorized request."}},
        {"status": "error", "result": "Unauthorized request."},
        {"detail": "Invalid header padding"},
        {"detail": "Signature verification failed"},
        {"detail": "Not enough segments"},
        {"detail": "Token is invalid"},
        {"detail": "Authentication credentials were not provided."},
    ],
)
@pytest.mark.parametrize("status", [200, 400, 401])
async def test_words_about_the_key(document: object, status: int) -> None:
    assert isinstance(await _refused(document, status), ProviderUnauthorized)


@pytest.mark.parametrize(
    "document",
    [
        {"result": {"cryptocurrency": "This token is not available."}},
        {"result": {"email": "Authorization of this address failed"}},
        {"detail": "Currency USDT_TON is switched off"},
    ],
)
async def test_words_that_are_not_about_the_key(document: object) -> None:
    assert type(await _refused(document)) is ProviderRefused


async def test_validate_error_under_200_is_a_refusal() -> None:
    refusal = await _refused({"validate_error": "Invoice is not created"}, 200)

    assert refusal.reasons == {"validate_error": "Invoice is not created"}


@pytest.mark.parametrize("document", [{}, [], 5, None, {"amount": "no"}, {"status": "success"}])
async def test_200_that_says_nothing_is_unsure(document: object, fifty: NewInvoice) -> None:
    async with answering(json.dumps(document).encode()) as client:
        with pytest.raises(Unsure):
            await client.create(fifty)


async def test_reasons_are_short_and_fit_to_show() -> None:
    result = {f"field {n}\u202e": "a\u0000\n" * 5000 for n in range(50)}

    refusal = await _refused({"status": "error", "result": result})

    assert len(refusal.reasons) == 8
    for field, words in refusal.reasons.items():
        assert len(field) <= 60
        assert len(words) <= 200
        assert (field + words).isprintable()
    assert len(str(refusal)) < 3000


async def test_reasons_nested_too_deep_are_left_out() -> None:
    deep: object = "far down"
    for _ in range(400):
        deep = {"a": [deep]}

    assert (await _refused({"result": deep, "detail": "No."})).reasons == {"detail": "No."}


async def test_a_key_that_is_repeated_to_us_is_blotted_out() -> None:
    refusal = await _refused({"detail": f"Wrong header: Token {KEY}", KEY: "?"})

    assert refusal.reasons == {"detail": "Wrong header: Token ***", "***": "?"}
