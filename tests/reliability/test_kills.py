"""The process is killed while a call is on its way, and several times over one invoice: in the end
there is one, with one card.

Telegram has no idempotent send: only a kill between its accepting the card and our noting that may
show the card again, which then says so. Kills between any two steps: `tests/chaos`.
"""

import asyncio

import pytest

from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.telegram import delay
from bot.sandbox.telegram.faults import Fault as TelegramFault
from tests.reliability.halts import Halt
from tests.reliability.process import ProcessWorld
from tests.reliability.waiting import idle, until

pytestmark = pytest.mark.crash

STORE = "bot.storage.invoices:InvoiceStore"
PROVIDER = "bot.cryptocloud.client:CryptoCloud"
ANNOUNCER = "bot.telegram.announcer:TelegramAnnouncer"
REPEATED = "the same invoice"


async def one_invoice_one_card(apart: ProcessWorld, redis_url: str, cards: int = 1) -> None:
    """What must be true in the end, within the 10 s that are promised."""
    await apart.card(apart.seller)
    await idle(redis_url)
    assert len(apart.living) == 1
    shown = apart.cards(apart.seller)
    assert len(shown) == cards
    assert all("waiting for payment" in card.text for card in shown)


async def test_killed_while_the_card_is_on_its_way_and_arrives(
    apart: ProcessWorld, redis_url: str
) -> None:
    apart.telegram.fail("sendMessage", delay(0.5))
    await apart.seller.send("/invoice 50 EUR")
    await until(
        lambda: apart.telegram.called("sendMessage")[-1].params.get("text", "").startswith("🧾")
    )
    await apart.kill()
    await apart.start_bot()
    await apart.seller.read(REPEATED, timeout=10)
    await one_invoice_one_card(apart, redis_url, cards=2)


async def test_killed_while_the_card_is_on_its_way_and_never_arrives(
    apart: ProcessWorld, redis_url: str
) -> None:
    apart.telegram.fail("sendMessage", TelegramFault(seconds=0.5, cut_before=True))
    await apart.seller.send("/invoice 50 EUR")
    await until(
        lambda: apart.telegram.called("sendMessage")[-1].params.get("text", "").startswith("🧾")
    )
    await apart.kill()
    await apart.start_bot()
    await one_invoice_one_card(apart, redis_url)


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        pytest.param(Fault.slow(30), 1, id="the provider had committed"),
        pytest.param(Fault(before=30, commit=False), 2, id="the provider never commits"),
        pytest.param(Fault.late_commit(0.8), 1, id="the provider commits after we died"),
    ],
)
async def test_killed_during_the_call(
    apart: ProcessWorld, redis_url: str, fault: Fault, calls: int
) -> None:
    apart.cloud.faults.next(Path.CREATE, fault)
    await apart.seller.send("/invoice 50 EUR")
    await apart.cloud.until(lambda: len(apart.created) == 1)
    await asyncio.sleep(0.05)
    await apart.kill()
    await apart.start_bot()
    await one_invoice_one_card(apart, redis_url)
    assert len(apart.created) == calls


async def test_killed_again_and_again(apart: ProcessWorld, redis_url: str) -> None:
    await apart.die_at(f"{STORE}.write_intent", after=True)
    await apart.seller.send("/invoice 50 EUR")
    await apart.died()
    for halt in (
        Halt(f"{PROVIDER}.walk"),  # the attempt is noted with the intent: it may have been made
        Halt(f"{PROVIDER}.walk", after=True),
        Halt(f"{PROVIDER}.create", after=True),
        Halt(f"{ANNOUNCER}.edit"),
    ):
        apart.start_dying(halt)
        await apart.died()
    await apart.start_bot()
    await one_invoice_one_card(apart, redis_url)
    assert len(apart.created) == 1
