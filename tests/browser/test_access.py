"""No serious barrier on any page, in the light and in the dark; nothing wider than a phone."""

from typing import Any, Final, Literal

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, expect

from tests.browser.visit import Visit

SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
WIDER: Final = """() => [document.documentElement, ...document.querySelectorAll("body *")]
    .filter((node) => node.scrollWidth > node.clientWidth + 1)
    .filter((node) => node === document.documentElement
        || ["auto", "scroll"].includes(getComputedStyle(node).overflowX))
    .map((node) => node.id || node.className || node.tagName)"""


async def passes(page: Page) -> None:
    """axe-core finds nothing serious in either scheme, and there is nothing to scroll aside."""
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        results = await Axe().run(page)
        serious: list[Any] = [
            (scheme, each["id"], [node["html"] for node in each["nodes"]])
            for each in results.response["violations"]
            if each["impact"] in {"serious", "critical"}
        ]
        assert not serious, serious
    assert await page.evaluate(WIDER) == []


async def test_the_chat_page(visit: Visit) -> None:
    await passes(visit.page)
    await visit.send(f"/invoice 50 EUR usdt trc20 #A-17 {'Unbroken' * 20}")
    await visit.says("waiting for payment")
    await visit.shown(
        "<b>b</b> <code>code</code> <tg-spoiler>hidden</tg-spoiler> @somebody /help "
        "<blockquote expandable>quote</blockquote><pre>pre</pre>"
        '<a href="https://example.org">away</a> <tg-time unix="1782849600" format="r">t</tg-time>'
    )
    rows = [[{"text": "Paid", "disabled": {}}, {"text": "Cancel", "callback_data": "c"}]]
    await visit.shown("disabled", reply_markup={"inline_keyboard": rows})
    await passes(visit.page)
    await visit.send("/invoice")
    await visit.says("How much?")
    await visit.send("120 EUR")
    await expect(visit.button("USDT")).to_be_visible()
    await visit.page.get_by_role("button", name="Commands").click()
    await expect(visit.page.locator("#menu")).to_be_visible()
    await passes(visit.page)


async def test_the_other_chats(visit: Visit) -> None:
    await visit.be("Stranger")
    await passes(visit.page)
    await visit.be("Seller", "team")
    await visit.send("/invoice")
    await visit.says("How much?")
    await visit.newest.get_by_role("button", name="Reply").click()
    await passes(visit.page)


async def test_a_dialog(visit: Visit) -> None:
    await visit.send("/invoice 50 EUR")
    await visit.says("waiting for payment")
    await visit.tap("Send to buyer")
    await expect(visit.page.get_by_role("dialog")).to_be_visible()
    await passes(visit.page)


async def test_the_pay_page(visit: Visit) -> None:
    await visit.send("/invoice 50 EUR")
    await visit.says("waiting for payment")
    page = await visit.pay()
    await passes(page)
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Pay half of it").click()
    await expect(page.get_by_role("status").first).to_have_text("Paid in part")
    await passes(page)
    await page.get_by_role("button", name="Pay too much").click()
    await expect(page.get_by_role("status").first).to_have_text("Paid, and more than was asked")
    await passes(page)


async def test_the_page_of_an_invoice_that_is_not_known(visit: Visit) -> None:
    origin = visit.stage.cryptocloud.url.removesuffix("/v2")
    await visit.page.goto(f"{origin}/pay/UNKNOWN1")
    await expect(visit.page.get_by_role("heading", name="No such invoice")).to_be_visible()
    await passes(visit.page)
    visit.complaints.clear()  # the browser notes the 404


async def test_new_messages_are_read_out_and_old_ones_are_not(visit: Visit) -> None:
    await expect(visit.log).to_have_attribute("aria-live", "polite")
    await expect(visit.log).to_have_accessible_name("Local invoice bot")
    await visit.page.evaluate(
        """() => {
            window.busy = [];
            new MutationObserver((all) => window.busy.push(...all.map((one) =>
                document.getElementById("log").ariaBusy)))
                .observe(document.getElementById("log"), { childList: true });
        }"""
    )
    await visit.be("Admin")
    await expect(visit.button("Copy link")).to_be_visible()
    assert set(await visit.page.evaluate("window.busy")) == {"true"}
    await visit.page.evaluate("window.busy = []")
    await visit.send("/sellers")
    await expect(visit.button("Flower shop")).to_be_visible()
    assert set(await visit.page.evaluate("window.busy")) == {None}
