"""What happens comes to the page at once, once, and again only to who missed it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientResponse

from bot.sandbox.page import SandboxPage
from tests.sandbox.page.conftest import Visitor


class Stream:
    """An open stream; `next` gives the next event as (kind, data, id)."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response

    async def next(self) -> tuple[str, Any, str]:
        async with asyncio.timeout(2):
            while True:
                block = await self._response.content.readuntil(b"\n\n")
                fields = dict(
                    line.split(": ", 1) for line in block.decode().splitlines() if ": " in line
                )
                if "event" in fields:
                    return fields["event"], json.loads(fields["data"]), fields.get("id", "")


@asynccontextmanager
async def stream(
    visitor: Visitor, after: str, headers: dict[str, str] | None = None
) -> AsyncIterator[Stream]:
    params = {"after": after}
    url = f"{visitor.origin}/api/events"
    async with visitor.http.get(url, params=params, headers=headers) as response:
        assert response.content_type == "text/event-stream"
        yield Stream(response)


async def cursor(visitor: Visitor) -> str:
    _, chat = await visitor.get("/api/chat", person=2002, chat=2002)
    found: str = chat["cursor"]
    return found


async def test_messages_come_as_they_are_sent_edited_and_deleted(visitor: Visitor) -> None:
    async with stream(visitor, await cursor(visitor)) as events:
        sent = await visitor.call("sendMessage", chat_id=2002, text="one")
        where = {"chat_id": 2002, "message_id": sent["message_id"]}
        await visitor.call("editMessageText", text="two", **where)
        await visitor.call("deleteMessage", **where)
        came = [await events.next() for _ in range(3)]
    assert [(kind, data["what"]) for kind, data, _ in came] == [
        ("message", "sent"),
        ("message", "edited"),
        ("message", "deleted"),
    ]
    assert came[1][1]["message"]["text"] == "two"


async def test_a_reconnecting_page_gets_what_it_missed_and_no_more(visitor: Visitor) -> None:
    async with stream(visitor, await cursor(visitor)) as events:
        await visitor.call("sendMessage", chat_id=2002, text="seen")
        _, _, last = await events.next()
    await visitor.call("sendMessage", chat_id=2002, text="missed")
    async with stream(visitor, "", headers={"Last-Event-ID": last}) as events:
        _, data, _ = await events.next()
        assert data["message"]["text"] == "missed"


async def test_what_a_chat_shows_when_loaded_does_not_come_again(visitor: Visitor) -> None:
    await visitor.call("sendMessage", chat_id=2002, text="before")
    _, chat = await visitor.get("/api/chat", person=2002, chat=2002)
    assert [message["text"] for message in chat["messages"]] == ["before"]
    async with stream(visitor, chat["cursor"]) as events:
        await visitor.call("sendMessage", chat_id=2002, text="after")
        _, data, _ = await events.next()
        assert data["message"]["text"] == "after"


async def test_the_answer_to_a_tap_comes(visitor: Visitor) -> None:
    sent = await visitor.call("sendMessage", chat_id=2002, text="So?")
    async with stream(visitor, await cursor(visitor)) as events:
        _, tapped = await visitor.post(
            "/api/tap", person=2002, chat=2002, message=sent["message_id"], data="x"
        )
        number = tapped["callback"]
        await visitor.call(
            "answerCallbackQuery", callback_query_id=number, text="Done", show_alert=True
        )
        kind, data, _ = await events.next()
    assert kind == "answer"
    assert data == {"callback": number, "text": "Done", "alert": True, "url": None}


async def test_typing_comes_at_once(visitor: Visitor) -> None:
    async with stream(visitor, await cursor(visitor)) as events:
        await visitor.call("sendChatAction", chat_id=2002, action="typing")
        kind, data, _ = await events.next()
    assert (kind, data["chat"], data["action"]) == ("action", 2002, "typing")


async def test_a_page_of_an_earlier_run_is_told_to_begin_anew(visitor: Visitor) -> None:
    for other in ("0badc0de-1", "", "nonsense", (await cursor(visitor)).split("-")[0] + "-999"):
        async with stream(visitor, other) as events:
            assert (await events.next())[0] == "reset"


async def test_it_goes_on_after_the_page_was_away(visitor: Visitor) -> None:
    known = await cursor(visitor)
    port = int(visitor.origin.rpartition(":")[2])
    await visitor.page.close()
    await visitor.call("sendMessage", chat_id=2002, text="meanwhile")
    await visitor.page.start(port=port)
    async with stream(visitor, known) as events:
        assert (await events.next())[1]["message"]["text"] == "meanwhile"


async def test_open_streams_do_not_hold_up_the_end(visitor: Visitor) -> None:
    page = SandboxPage(visitor.telegram, [])
    await page.start()
    async with visitor.http.get(f"{page.url}api/events") as response:
        assert response.status == 200
        async with asyncio.timeout(2):
            await page.close()
