"""A buyer's card is put together from named fields: whatever a record holds, no other gets out."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest

from bot.domain.cards import Card, Sight
from bot.domain.invoice import Invoice, RestOf, Status
from bot.telegram.i18n import Translators, catalogues
from bot.telegram.keyboards_cards import card as keyboard
from bot.telegram.texts import cards

TRANSLATORS = Translators(catalogues())
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

# Each value is found nowhere else.
FULL = Invoice(
    id="abcdefghijklmnopqrst",
    status=Status.CREATED,
    amount=Decimal("61.01"),
    currency="EUR",
    chat_id=700000001,
    seller_id=700000002,
    asked_at=NOW,
    language="en",
    thread_id=700000003,
    reply_to=700000004,
    coins=("USDT_TRC20",),
    lifetime=timedelta(hours=24),
    order="ORDER-CANARY",
    email="email.canary@example.com",
    description="DESCRIPTION-CANARY",
    issuer="ISSUER-CANARY",
    attempt_at=NOW,
    attempt_ended=NOW,
    refusal="provider:REFUSAL-CANARY",
    uuid="INV-UUIDCANARY",
    link="https://pay.example/LINK-CANARY",
    address="ADDRESS-CANARY",
    coin="USDT_TRC20",
    amount_to_pay=Decimal("62.02"),
    expires=NOW + timedelta(days=1),
    project="PROJECT-CANARY",
    paid=Decimal("63.03"),
    received=Decimal("64.04"),
    fees=Decimal("65.05"),
    remaining=Decimal("66.06"),
    since=NOW,
    word="WORD-CANARY",
    rest="INV-RESTCANARY",
    rest_of=RestOf("restofcanaryrestofca", "INV-RESTOFCANARY"),
    hint="HINT-CANARY",
    told=Decimal("67.07"),
    cards=(Card(700000005, 700000006),),
)

PUBLIC = {
    *("id", "amount", "order", "description", "issuer", "uuid", "link", "address"),
    *("amount_to_pay", "project", "remaining"),
}
# What a group reads along on the seller's own card, besides.
SELLERS_OWN = PUBLIC | {"paid", "word", "rest", "rest_of"}


def shown(invoice: Invoice, card: Card, language: str) -> str:
    """Everything that leaves for Telegram, in text and buttons."""
    tr = TRANSLATORS[language]
    markup = keyboard(tr, invoice, card, "local_invoice_bot")
    return cards.card(tr, invoice, card) + (markup.model_dump_json() if markup else "")


def canaries() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field in fields(Invoice):
        value = getattr(FULL, field.name)
        match value:
            case str() if field.name != "status" and len(value) > 5:
                found[field.name] = [value.removeprefix("provider:")]
            case Decimal() | int() if not isinstance(value, bool) and value > 1:
                found[field.name] = [str(value), str(value).replace(".", ",")]
            case RestOf():
                found[field.name] = [value.id, value.uuid]
            case (Card(), *_):
                found[field.name] = [str(value[0].chat_id), str(value[0].message_id)]
    return found


CANARIES = canaries()
MADE = [status for status in Status if status is not Status.CREATING]


def told(text: str) -> set[str]:
    return {name for name, words in CANARIES.items() if any(word in text for word in words)}


def test_the_canaries_are_all_there() -> None:
    assert {"email", "fees", "chat_id", "seller_id", "received", "cards", "rest_of"} <= set(
        CANARIES
    )


@pytest.mark.parametrize(("status", "accepted"), list(product(MADE, [False, True])))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_buyer_sees_named_fields_alone(status: Status, accepted: bool, language: str) -> None:
    invoice = replace(FULL, status=status, accepted=accepted, hint="")
    text = shown(invoice, Card(9, 9, language, Sight.BUYER), language)
    assert told(text) - PUBLIC == set()


@pytest.mark.parametrize(("status", "accepted"), list(product(MADE, [False, True])))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_group_reads_along_no_more_than_that(
    status: Status, accepted: bool, language: str
) -> None:
    invoice = replace(FULL, status=status, accepted=accepted, hint="", chat_id=-100700000001)
    text = shown(invoice, Card(-100700000001, 9, language, Sight.OWN), language)
    assert told(text) - SELLERS_OWN - {"refusal"} == set()


def test_a_seller_sees_more() -> None:
    invoice = replace(FULL, status=Status.LATE, hint="")
    text = shown(invoice, Card(9, 9, "en", Sight.MANAGER), "en")
    assert {"email", "fees"} <= told(text)


@pytest.mark.parametrize(
    "words", ["<b>x</b>", '<a href="https://x">y</a>', "&lt;", "</code><i>", "{order}", "%s"]
)
def test_what_people_wrote_is_no_markup(words: str) -> None:
    invoice = replace(FULL, hint="", description=words, issuer=words, project=words)
    text = cards.card(TRANSLATORS["en"], invoice, Card(9, 9, "en", Sight.BUYER))
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert text.count(escaped) == 3
