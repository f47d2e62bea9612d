"""Everything can be done without a mouse, and one always sees where one is."""

from playwright.async_api import Page, expect

from tests.browser.visit import Visit

SEEN = "node => node.matches(':focus-visible') && getComputedStyle(node).outlineStyle !== 'none'"
NAMED = "node => (node.ariaLabel || node.innerText || node.labels?.[0]?.innerText || '').trim()"


async def to(page: Page, name: str, key: str = "Tab") -> None:
    """Press the key until what is focused has this name; every stop is seen and has one."""
    passed: list[str] = []
    for _ in range(40):
        await page.keyboard.press(key)
        focused = page.locator(":focus")
        called = (await focused.evaluate(NAMED)).replace("\xa0", " ")
        assert await focused.evaluate(SEEN), f"the focus on {called!r} is not seen"
        if name in called:
            return
        passed.append(called)
    raise AssertionError(f"{name!r} was not reached, only {passed}")


async def test_an_invoice_is_made_and_paid_by_keyboard(visit: Visit) -> None:
    page = visit.page
    await to(page, "Skip to the message field")
    await page.keyboard.press("Enter")
    await expect(visit.field).to_be_focused()
    await page.keyboard.type("/invoice 50 EUR")
    await page.keyboard.press("Enter")
    await visit.says("waiting for payment")
    await to(page, "Pay 50.00 EUR", "Shift+Tab")
    async with visit.context.expect_page() as opened:
        await page.keyboard.press("Enter")
    pay = await opened.value
    await expect(pay.get_by_role("main")).to_be_visible()
    await to(pay, "Continue")
    await pay.keyboard.press("Enter")
    await expect(pay.get_by_role("button", name="Pay in full")).to_be_visible()
    await to(pay, "Pay in full")
    await pay.keyboard.press("Enter")
    await expect(pay.get_by_role("status").first).to_have_text("Paid")


async def test_the_focus_stays_with_a_message_that_changes(visit: Visit) -> None:
    page = visit.page
    await visit.send("/invoice")
    await visit.says("How much?")
    await visit.send("120 EUR")
    await expect(visit.button("USDT")).to_be_visible()
    await to(page, "USDT", "Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(visit.button("TRON (TRC20)")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(visit.button("Create")).to_be_focused()


async def test_another_person_and_chat_are_chosen_by_keyboard(visit: Visit) -> None:
    page = visit.page
    await to(page, "Admin")
    await page.keyboard.press("Enter")
    await to(page, "Team")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Team")).to_be_visible()
    assert page.url.endswith("#admin/team")


async def test_commands_are_chosen_by_keyboard(visit: Visit) -> None:
    page = visit.page
    await visit.field.focus()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="/invoice New invoice")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("button", name="/invoices")).to_be_focused()
    await page.get_by_role("button", name="/settings").focus()
    await page.keyboard.press("Enter")
    await visit.says("Settings")
    await expect(visit.field).to_be_focused()
    await page.keyboard.type("/")
    await expect(page.locator("#menu")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#menu")).to_be_hidden()


async def test_a_line_is_broken_with_shift(visit: Visit) -> None:
    await visit.field.focus()
    await visit.page.keyboard.type("/invoice 50 EUR")
    await visit.page.keyboard.press("Shift+Enter")
    await visit.page.keyboard.type("2 T-shirts")
    await visit.page.keyboard.press("Enter")
    await visit.says("2 T-shirts")
