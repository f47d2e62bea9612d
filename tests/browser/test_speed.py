"""With a thousand messages in the chat a new one is seen at once."""

import statistics

from playwright.async_api import expect

from bot.stage import Stage
from tests.browser.visit import Visit

MANY = 1000
LIMIT = 200  # milliseconds from Enter until it is painted

# Counted in the browser, from the key to the frame after the message is in the page.
TYPED = """async (text) => {
    const field = document.getElementById("field");
    const log = document.getElementById("log");
    field.value = text;
    const begun = performance.now();
    const shown = new Promise((resolve) => {
        new MutationObserver((_, observer) => {
            if (!log.lastElementChild.textContent.includes(text)) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(resolve));
        }).observe(log, { childList: true });
    });
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    await shown;
    return performance.now() - begun;
}"""


async def fill(stage: Stage) -> None:
    for number in range(MANY):
        who = (stage.seller, stage.buyer)[number % 2]
        await who.send(f"Message {number}: see https://example.org/{number}", chat=stage.team)


async def test_a_new_message_among_a_thousand_is_seen_at_once(visit: Visit) -> None:
    await fill(visit.stage)
    await visit.be("Seller", "team")
    await expect(visit.log.get_by_role("article")).to_have_count(MANY)
    times = [await visit.page.evaluate(TYPED, f"new {number}") for number in range(9)]
    assert statistics.median(times) < LIMIT, times
    # and it is in view, though the chat was long
    await expect(visit.newest).to_be_in_viewport()


async def test_whoever_reads_further_up_is_left_there(visit: Visit) -> None:
    await fill(visit.stage)
    await visit.be("Seller", "team")
    await expect(visit.log.get_by_role("article")).to_have_count(MANY)
    await visit.log.evaluate("node => { node.scrollTop = 4000 }")
    await visit.stage.buyer.send("further down", chat=visit.stage.team)
    newest = visit.page.get_by_role("button", name="New messages")
    await expect(newest).to_be_visible()
    assert await visit.log.evaluate("node => node.scrollTop") == 4000
    await newest.click()
    await expect(visit.log.get_by_text("further down")).to_be_in_viewport()
    await expect(newest).to_be_hidden()
