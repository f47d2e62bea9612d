"""The process is killed at each step of the conversation, which goes on after the restart."""

import pytest

from bot.sandbox.telegram import Tapped
from tests.reliability.process import ProcessWorld
from tests.reliability.waiting import idle

pytestmark = pytest.mark.crash

WRITE = "bot.storage.drafts:DraftStore.write"
INTENT = "bot.storage.invoices:InvoiceStore.write_intent"


async def done(apart: ProcessWorld, redis_url: str) -> None:
    await apart.card(apart.seller)
    await idle(redis_url)
    assert len(apart.created) == 1
    assert len(apart.cards(apart.seller)) == 1


async def killed(apart: ProcessWorld) -> None:
    await apart.died()
    await apart.start_bot()


@pytest.mark.parametrize("stored", [False, True], ids=["before it is stored", "before it is shown"])
async def test_killed_at_every_step(apart: ProcessWorld, redis_url: str, stored: bool) -> None:
    seller = apart.seller

    await apart.die_at(WRITE, after=stored)
    sent = await seller.send("/invoice")
    await killed(apart)
    await seller.read("How much", after=sent, timeout=10)

    await apart.die_at(WRITE, after=stored)
    sent = await seller.send("50")
    await killed(apart)
    await seller.read("In which currency", after=sent, timeout=10)

    for button, question in (("EUR", "Which coin"), ("Buyer chooses", "Create an invoice")):
        await apart.die_at(WRITE, after=stored)
        tapped = await seller.tap(button)
        await killed(apart)
        await seller.read(question, after=tapped, timeout=10)

    await apart.die_at(WRITE, after=stored)
    tapped = await seller.tap("Create")
    await killed(apart)
    await seller.answered(tapped, timeout=10)
    await done(apart, redis_url)


async def at_the_summary(apart: ProcessWorld) -> Tapped:
    sent = await apart.seller.send("50 EUR btc")
    await apart.seller.read("Create an invoice", after=sent)
    return await apart.seller.tap("Create", times=3)


@pytest.mark.parametrize("stored", [False, True], ids=["before the intent", "after the intent"])
async def test_killed_at_create(apart: ProcessWorld, redis_url: str, stored: bool) -> None:
    await apart.die_at(INTENT, after=stored)
    await at_the_summary(apart)
    await killed(apart)
    await done(apart, redis_url)


async def test_killed_while_the_summary_becomes_the_card(
    apart: ProcessWorld, redis_url: str
) -> None:
    await apart.die_at("bot.telegram.announcer:TelegramAnnouncer.edit", after=True)
    tapped = await at_the_summary(apart)
    await killed(apart)
    await done(apart, redis_url)
    (card,) = apart.cards(apart.seller)
    assert card.id == tapped.message_id
    assert "interruption" not in card.text
