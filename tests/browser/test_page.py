"""The chat page as such: it survives reloads and restarts, and shows who is talked to."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.visit import DESK, Visit


async def test_everything_is_there_after_a_reload(visit: Visit) -> None:
    await visit.be("Seller", "team")
    await visit.send("/invoice 50 EUR")
    await visit.says("waiting for payment")
    before = await visit.log.inner_text()
    await visit.page.reload()
    await visit.says("waiting for payment")
    assert await visit.log.inner_text() == before
    await expect(visit.page.get_by_role("button", name="Team")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert "Seller" in await visit.page.title()


async def test_it_goes_on_where_it_was_when_the_server_comes_back(visit: Visit) -> None:
    page = visit.stage.page
    port = int(page.url.rstrip("/").rpartition(":")[2])
    await page.close()
    await expect(visit.page.get_by_text("connecting…")).to_be_visible()
    await visit.stage.seller.send("/help")
    await visit.stage.seller.read("invoice", after=None)
    await page.start(port=port)
    await expect(visit.page.locator("#state")).to_have_text("bot")
    await expect(visit.log.get_by_text("/help").first).to_be_visible()
    visit.complaints.clear()  # the browser notes every connection that was refused meanwhile


async def test_messages_to_others_are_counted_until_they_are_looked_at(visit: Visit) -> None:
    await visit.stage.admin.send("/sellers")
    admin = visit.page.get_by_role("navigation").get_by_role("button", name="Admin")
    await expect(admin).to_contain_text("1 new messages")
    await admin.click()
    await expect(visit.button("Flower shop")).to_be_visible()
    await expect(admin.get_by_text("new messages")).to_be_hidden()


async def test_the_menu_has_the_commands_of_the_person(visit: Visit) -> None:
    await visit.field.press_sequentially("/se")
    menu = visit.page.locator("#menu")
    await expect(menu.get_by_role("button")).to_have_text([re.compile("^/settings ")])
    await visit.be("Admin")
    await visit.field.press_sequentially("/se")
    await expect(menu.get_by_role("button")).to_have_count(2)
    await menu.get_by_role("button", name="/sellers").click()
    await expect(visit.button("Flower shop")).to_be_visible()


async def test_the_language_of_a_person_can_be_changed(visit: Visit) -> None:
    await visit.page.get_by_label("Telegram in").select_option("Русский")
    message = await visit.shown('<tg-time unix="1782849600" format="D">then</tg-time>')
    await expect(message.locator(".text > time")).to_have_text("30 июня 2026 г.")
    assert visit.stage.seller.user.language_code == "ru"
    await visit.page.reload()
    await expect(visit.page.get_by_label("Telegram in")).to_have_value("ru")
    await expect(visit.newest).to_have_attribute("lang", "ru")


async def test_what_a_tap_is_answered_stops_the_page(visit: Visit) -> None:
    await visit.be("Seller", "team")
    await visit.send("/invoice")
    await visit.says("How much?")
    await visit.be("Admin", "team")
    await visit.tap("Cancel")  # of somebody else's conversation
    dialog = visit.page.get_by_role("dialog", name="Invoice bot")
    await expect(dialog).to_contain_text("This button no longer applies.")
    await expect(visit.button("Cancel")).not_to_have_attribute("aria-busy", "true")
    await dialog.get_by_role("button", name="Close").click()
    await expect(dialog).to_have_count(0)


async def test_a_tap_on_what_is_gone_is_said(visit: Visit) -> None:
    await visit.send("/invoice")
    question = await visit.says("How much?")
    number = int(await question.get_attribute("data-key") or "")
    chat = visit.stage.seller.chat
    stored = chat.messages.pop(number)  # a page that has not heard of it yet
    await visit.tap("Cancel")
    await expect(visit.page.get_by_text("This message is gone.")).to_be_visible()
    chat.messages[number] = stored
    visit.complaints.clear()  # the browser notes the 404


async def test_a_link_to_the_outside_is_only_shown(visit: Visit) -> None:
    await visit.send("/invoice 50 EUR")
    await visit.says("50.00 EUR")
    await visit.tap("Send to buyer")
    dialog = visit.page.get_by_role("dialog", name="Send to buyer")
    await expect(dialog).to_contain_text("50.00 EUR")
    await expect(dialog).to_contain_text("https://t.me/local_invoice_bot?start=")
    await visit.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    assert len(visit.context.pages) == 1


@pytest.mark.parametrize("visit", [{"viewport": DESK}], indirect=True)
async def test_on_a_wide_screen_it_says_who_is_who(visit: Visit) -> None:
    navigation = visit.page.get_by_role("navigation", name="Chat as")
    await expect(navigation.get_by_text("was never admitted")).to_be_visible()
    await expect(visit.page.get_by_text("Nothing leaves this machine")).to_be_visible()
