"""Killed between any two steps after the card: every payment is told once, no cancelling is lost.

A message that Telegram took and nobody noted is repeated once, and says so.
"""

import pytest

from bot.sandbox.cryptocloud import Path
from bot.sandbox.telegram import Message
from tests.flows.afterlife import news, shown_again
from tests.reliability.process import ProcessWorld
from tests.reliability.waiting import idle, until

pytestmark = pytest.mark.crash

STORE = "bot.storage.invoices:InvoiceStore"
PROVIDER = "bot.cryptocloud.client:CryptoCloud"
ANNOUNCER = "bot.telegram.announcer:TelegramAnnouncer"
REPEATED = "Repeated after an interruption"


async def issued(apart: ProcessWorld, redis_url: str) -> tuple[Message, str]:
    await apart.seller.send("/invoice 50 EUR usdt trc20")
    card = await apart.card(apart.seller)
    await idle(redis_url)
    (invoice,) = apart.cloud.invoices
    return card, invoice.uuid


async def says(apart: ProcessWorld, card: Message, words: str) -> None:
    """Within the 10 s that are promised."""
    await until(lambda: words in shown_again(apart.seller, card).text, 10)


PAID = {
    "before the wish is stored": (f"{STORE}.wish", False, 1),
    "the wish is stored": (f"{STORE}.wish", True, 1),
    "before the question": (f"{PROVIDER}.info", False, 1),
    "after the answer": (f"{PROVIDER}.info", True, 1),
    "before the payment is stored": (f"{STORE}.commit", False, 1),
    "the payment is stored and the lists are up to date": (f"{STORE}.commit", True, 1),
    "before the card is edited": (f"{ANNOUNCER}.edit", False, 1),
    "the card is edited": (f"{ANNOUNCER}.edit", True, 1),
    "the message is noted to be sent": (f"{STORE}.commit", True, 2),
    "before the message": (f"{ANNOUNCER}.ring", False, 1),
    "the message is noted": (f"{STORE}.commit", True, 3),
    "before the work is given back": (f"{STORE}.release", False, 1),
    "the work is given back": (f"{STORE}.release", True, 1),
}


@pytest.mark.parametrize("point", PAID)
async def test_a_payment_is_told_once_though_killed(
    apart: ProcessWorld, redis_url: str, point: str
) -> None:
    card, uuid = await issued(apart, redis_url)
    call, after, nth = PAID[point]
    await apart.die_at(call, after=after, nth=nth)
    apart.cloud.ledger.pay(uuid)
    await apart.seller.tap("Refresh", message=card.id)
    await apart.died()
    await apart.start_bot()
    await says(apart, card, "· paid\n")
    await idle(redis_url)
    told = [text for text in news(apart, card) if "was paid." in text]
    assert len(told) == 1


async def test_a_message_that_nobody_noted_is_repeated_and_says_so(
    apart: ProcessWorld, redis_url: str
) -> None:
    card, uuid = await issued(apart, redis_url)
    await apart.die_at(f"{ANNOUNCER}.ring", after=True)
    apart.cloud.ledger.pay(uuid)
    await apart.seller.tap("Refresh", message=card.id)
    await apart.died()
    await apart.start_bot()
    await apart.seller.read(REPEATED, timeout=10)
    await idle(redis_url)
    first, second = [text for text in news(apart, card) if "was paid." in text]
    assert REPEATED not in first
    assert REPEATED in second


CANCELLED = {
    "before the wish is stored": (f"{STORE}.wish", False),
    "the wish is stored": (f"{STORE}.wish", True),
    "before the call": (f"{PROVIDER}.cancel", False),
    "after the answer": (f"{PROVIDER}.cancel", True),
    "before it is stored": (f"{STORE}.commit", False),
    "it is stored": (f"{STORE}.commit", True),
    "before the card is edited": (f"{ANNOUNCER}.edit", False),
}


@pytest.mark.parametrize("point", CANCELLED)
async def test_a_cancelling_is_finished_though_killed(
    apart: ProcessWorld, redis_url: str, point: str
) -> None:
    card, uuid = await issued(apart, redis_url)
    await apart.seller.tap("Cancel", message=card.id)
    await until(lambda: "No, keep it" in shown_again(apart.seller, card).labels)
    call, after = CANCELLED[point]
    await apart.die_at(call, after=after)
    await apart.seller.tap("Yes, cancel", message=card.id)
    await apart.died()
    await apart.start_bot()
    await says(apart, card, "· cancelled")
    await idle(redis_url)
    assert apart.cloud.ledger.get(uuid).status == "canceled"
    assert len(apart.cloud.called(Path.CANCEL)) <= 2
    assert news(apart, card) == []
