"""Messages look as in Telegram: entities, times, quotes, buttons and what they do."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.stage import stage
from tests.browser.visit import Visit, visiting

NOON = 1_767_268_800  # 2026-01-01 12:00 UTC, which is noon in Lisbon too
EVENING = 1_782_849_600  # 2026-06-30 20:00 UTC, 21:00 in Lisbon


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    """One window for all: every test looks at its own message only."""
    async with stage() as there, visiting(browser, there) as visit:
        yield visit


@pytest.mark.parametrize(
    ("html", "tag"),
    [
        ("<b>word</b>", "strong"),
        ("<i>word</i>", "em"),
        ("<u>word</u>", "u"),
        ("<s>word</s>", "s"),
        ("<code>word</code>", "code"),
        ("<pre>word</pre>", "pre"),
        ("<blockquote>word</blockquote>", "blockquote"),
        ('<a href="tg://user?id=2002">word</a>', ".mention"),
        ('<a href="https://example.org/">word</a>', "button.link"),
        ('<a href="http://127.0.0.1/">word</a>', "a.link[target=_blank][rel~=noopener]"),
    ],
)
async def test_entities_have_their_form(visit: Visit, html: str, tag: str) -> None:
    message = await visit.shown(f"before {html} after")
    await expect(message.locator(f".text {tag}")).to_have_text("word")
    await expect(message.locator(".text")).to_contain_text("before")


async def test_entities_nest_and_count_in_utf16(visit: Visit) -> None:
    message = await visit.shown("🧾🧾 <b>50 <i>EUR <code>x</code></i></b> & <u>more</u>")
    await expect(message.locator("strong")).to_have_text("50 EUR x")
    await expect(message.locator("strong em code")).to_have_text("x")
    await expect(message.locator("u")).to_have_text("more")


async def test_text_is_never_markup(visit: Visit) -> None:
    message = await visit.shown("&lt;img src=x onerror=alert(1)&gt;")
    await expect(message.locator(".text")).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(message.locator("img")).to_have_count(0)


@pytest.mark.parametrize(
    ("unix", "form", "words"),
    [
        (NOON, "t", "12:00"),
        (EVENING, "t", "21:00"),
        (EVENING, "T", "21:00:00"),
        (EVENING, "d", "06/30/26"),
        (EVENING, "D", "June 30, 2026"),
        (EVENING, "wDt", "Tuesday, June 30, 2026 at 21:00"),
        (NOON, "r", re.compile(r"^\d+ days ago$")),
    ],
)
async def test_times_are_those_of_the_browser(
    visit: Visit, unix: int, form: str, words: str | re.Pattern[str]
) -> None:
    message = await visit.shown(f'<tg-time unix="{unix}" format="{form}">then</tg-time>')
    await expect(message.locator(".text > time")).to_have_text(words)


async def test_a_spoiler_is_hidden_until_it_is_pressed(visit: Visit) -> None:
    message = await visit.shown("It is <tg-spoiler>a rose</tg-spoiler>.")
    spoiler = message.get_by_role("button", name="Hidden text, show it")
    await expect(spoiler).to_have_css("color", "rgba(0, 0, 0, 0)")
    await spoiler.click()
    shown = message.locator(".spoiler.shown")
    await expect(shown).to_have_text("a rose")
    await expect(shown).not_to_have_attribute("role", "button")


async def test_a_long_quote_opens(visit: Visit) -> None:
    lines = "\n".join(f"line {number}" for number in range(12))
    message = await visit.shown(f"<blockquote expandable>{lines}</blockquote>")
    quote = message.locator("blockquote")
    folded = await quote.bounding_box()
    await quote.press("Enter")
    await expect(quote).to_have_attribute("aria-expanded", "true")
    opened = await quote.bounding_box()
    assert folded is not None
    assert opened is not None
    assert folded["height"] * 2 < opened["height"]


async def test_code_is_copied_with_a_tap(visit: Visit) -> None:
    message = await visit.shown("ID: <code>INV-ABC12345</code>")
    await message.get_by_role("button", name="INV-ABC12345, copy").click()
    await expect(visit.page.get_by_text("Copied")).to_be_visible()
    assert await visit.page.evaluate("navigator.clipboard.readText()") == "INV-ABC12345"


async def test_a_reply_shows_what_it_answers(visit: Visit) -> None:
    first = await visit.shown("What was asked")
    number = int(await first.get_attribute("data-key") or "")
    message = await visit.shown("The answer", reply_parameters={"message_id": number})
    await expect(message.locator(".quoted")).to_contain_text("What was asked")


async def test_buttons_have_their_colours_and_kinds(visit: Visit) -> None:
    rows = [
        [{"text": "Pay", "url": "http://127.0.0.1:1/pay", "style": "success"}],
        [{"text": "Cancel", "callback_data": "c", "style": "danger"}],
        [{"text": "More", "callback_data": "m", "style": "primary"}],
        [{"text": "Paid", "disabled": {}}],
        [{"text": "Copy", "copy_text": {"text": "to be pasted"}}],
    ]
    message = await visit.shown("So?", reply_markup={"inline_keyboard": rows})
    colours = set()
    for name in ("Cancel", "More"):
        button = message.get_by_role("button", name=name)
        colours.add(await button.evaluate("node => getComputedStyle(node).backgroundColor"))
    pay = message.get_by_role("link", name="Pay (opens a new tab)")
    colours.add(await pay.evaluate("node => getComputedStyle(node).backgroundColor"))
    assert len(colours) == 3
    await expect(pay).to_have_attribute("rel", "noopener noreferrer")
    await expect(message.get_by_role("button", name="Paid")).to_be_disabled()
    await message.get_by_role("button", name="Copy").click()
    assert await visit.page.evaluate("navigator.clipboard.readText()") == "to be pasted"


async def test_an_edited_message_says_so_and_a_deleted_one_goes(visit: Visit) -> None:
    await visit.send("/invoice")
    question = await visit.says("How much?")
    await expect(question.locator(".meta")).not_to_contain_text("edited")
    await visit.send("120")
    await visit.says("In which currency?")
    await expect(visit.newest.locator(".meta")).to_contain_text("edited")
    await expect(visit.log.get_by_text("120", exact=True)).to_have_count(0)  # tidied away


async def test_the_bot_is_seen_typing(visit: Visit) -> None:
    await visit.call("sendChatAction", chat_id=visit.stage.seller.id, action="typing")
    await expect(visit.page.locator("#state")).to_have_text("typing…")
    await visit.shown("Here it is.")
    await expect(visit.page.locator("#state")).to_have_text("bot")
