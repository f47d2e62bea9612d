"""The main job in a browser: one line or one conversation in, one card out, and it can be paid."""

from playwright.async_api import expect

from bot.sandbox.cryptocloud import Status
from tests.browser.visit import Visit


async def test_one_line_makes_a_card_that_can_be_paid(visit: Visit) -> None:
    await visit.send("/invoice 50 EUR")
    card = await visit.says("50.00 EUR")
    await expect(card.get_by_role("link", name="Pay 50.00 EUR")).to_be_visible()
    page = await visit.pay()
    await expect(page.get_by_role("heading", level=1)).to_have_text("50.00 EUR")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Pay in full").click()
    await expect(page.get_by_role("status").first).to_have_text("Paid")
    (invoice,) = visit.stage.cryptocloud.invoices
    assert invoice.status is Status.PAID


async def test_the_conversation_by_taps_only(visit: Visit) -> None:
    # Amounts are offered to whoever had one before.
    await visit.stage.seller.send("/invoice 10 USD")
    await visit.says("10.00 USD")
    await visit.page.get_by_role("button", name="New invoice").click()
    await visit.says("How much?")
    await visit.newest.get_by_role("button").first.click()
    await visit.tap("USDT")
    await visit.tap("TRON (TRC20)")
    await visit.says("10.00 USD")
    await visit.tap("Create")
    await expect(visit.newest.get_by_role("link", name="Pay 10.00 USD")).to_be_visible()
    assert len(visit.stage.cryptocloud.invoices) == 2


async def test_the_conversation_by_typing_only(visit: Visit) -> None:
    await visit.send("/invoice")
    await visit.says("How much?")
    await visit.send("120")
    await visit.says("currency")
    await visit.send("eur")
    await visit.says("coin")
    await visit.send("usdt trc20")
    await visit.says("120.00 EUR")
    await visit.button("Create").press("Enter")  # which is what one types here
    await expect(visit.newest.get_by_role("link", name="Pay 120.00 EUR")).to_be_visible()


async def test_a_stranger_is_refused(visit: Visit) -> None:
    await visit.be("Stranger")
    await visit.page.get_by_role("button", name="Start").click()
    await visit.says("ask")
    await visit.send("/invoice 50 EUR")
    await expect(visit.log.get_by_role("article")).to_have_count(4)
    await expect(visit.log.get_by_role("link", name="Pay")).to_have_count(0)
    assert not visit.stage.cryptocloud.invoices


async def test_in_a_group_the_card_answers_the_command(visit: Visit) -> None:
    await visit.be("Seller", "team")
    await visit.send("/invoice 20 USD")
    card = await visit.says("20.00 USD")
    await expect(card.locator(".quoted")).to_contain_text("/invoice 20 USD")
    await visit.be("Buyer", "team")
    await expect(visit.log.get_by_role("link", name="Pay 20.00 USD")).to_be_visible()


async def test_an_invitation_that_is_passed_on_admits(visit: Visit) -> None:
    await visit.be("Admin")
    await visit.tap("Copy link")
    await expect(visit.page.get_by_text("Copied")).to_be_visible()
    await visit.send("/invite Book shop")
    await visit.says("Book shop")
    await visit.tap("Copy link")
    link = await visit.page.evaluate("navigator.clipboard.readText()")
    await visit.be("Stranger")
    await visit.page.get_by_role("button", name="Start").click()
    await visit.says("ask")
    await visit.send(link)
    await visit.log.get_by_role("button", name=link).last.click()
    await visit.says("Book shop")
