"""What is done on the page reaches the bot as an update, and what cannot be done is said."""

import pytest

from tests.sandbox.page.conftest import Picture, Visitor

TAP = {"inline_keyboard": [[{"text": "Create", "callback_data": "create"}]]}
TEAM = -1005005


async def test_what_is_typed_is_a_message(visitor: Visitor) -> None:
    status, _ = await visitor.post("/api/send", person=2002, chat=2002, text=" 50 EUR ")
    assert status == 200
    message = (await visitor.update())["message"]
    assert message["text"] == "50 EUR"
    assert message["from"]["first_name"] == "Seller"


async def test_a_message_in_a_group_may_answer_another(visitor: Visitor) -> None:
    asked = await visitor.call("sendMessage", chat_id=TEAM, text="How much?")
    await visitor.post("/api/send", person=2002, chat=TEAM, text="50", reply_to=asked["message_id"])
    message = (await visitor.update())["message"]
    assert message["chat"]["title"] == "Team"
    assert message["reply_to_message"]["text"] == "How much?"


async def test_a_tap_is_a_query(visitor: Visitor) -> None:
    asked = await visitor.call("sendMessage", chat_id=2002, text="So?", reply_markup=TAP)
    number = asked["message_id"]
    status, tapped = await visitor.post(
        "/api/tap", person=2002, chat=2002, message=number, data="create"
    )
    assert status == 200
    query = (await visitor.update())["callback_query"]
    assert (query["id"], query["data"]) == (tapped["callback"], "create")
    assert query["message"]["message_id"] == number


async def test_a_tap_on_a_message_that_is_gone_is_said(visitor: Visitor) -> None:
    status, words = await visitor.post("/api/tap", person=2002, chat=2002, message=99, data="x")
    assert (status, words) == (404, "This message is gone.")


async def test_a_link_to_the_bot_starts_it(visitor: Visitor) -> None:
    link = "https://t.me/local_invoice_bot?start=i_abc"
    status, _ = await visitor.post("/api/open", person=4004, link=link)
    assert status == 200
    assert (await visitor.update())["message"]["text"] == "/start i_abc"


async def test_a_link_to_elsewhere_does_not(visitor: Visitor) -> None:
    link = "https://t.me/other_bot?start=abc"
    status, words = await visitor.post("/api/open", person=4004, link=link)
    assert status == 422
    assert link in words


async def test_the_language_is_that_of_what_comes_next(visitor: Visitor) -> None:
    await visitor.post("/api/language", person=2002, language="ru")
    await visitor.post("/api/send", person=2002, chat=2002, text="50")
    assert (await visitor.update())["message"]["from"]["language_code"] == "ru"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/send", {"person": 2002, "chat": 2002, "text": " \n "}, 422),
        ("/api/send", {"person": 2002, "chat": 2002}, 400),
        ("/api/send", {"person": 2002, "chat": 2002, "text": "a", "as": "bot"}, 400),
        ("/api/send", {"person": 5, "chat": 5, "text": "a"}, 404),
        ("/api/send", {"person": 4004, "chat": TEAM, "text": "a"}, 404),
        ("/api/send", {"person": 4004, "chat": 2002, "text": "a"}, 404),
        ("/api/send", {"person": 2002, "chat": 2002, "text": "a", "reply_to": 99}, 404),
        ("/api/language", {"person": 2002, "language": "xx"}, 400),
    ],
)
async def test_what_cannot_be_done_changes_nothing(
    visitor: Visitor, path: str, body: dict[str, object], status: int
) -> None:
    answered, words = await visitor.post(path, **body)
    assert (answered, bool(words)) == (status, True)
    assert not visitor.telegram.events
    assert visitor.seller.user.language_code == "en"


async def test_the_people_and_their_chats_are_told(visitor: Visitor) -> None:
    _, told = await visitor.get("/api/people")
    seller, stranger = told["people"]
    assert (seller["name"], seller["about"]) == ("Seller", "sells")
    assert seller["groups"] == [{"id": TEAM, "title": "Team"}]
    assert stranger["groups"] == []


async def test_a_chat_says_whether_it_was_begun(visitor: Visitor) -> None:
    await visitor.call("setMyDescription", description="I issue invoices.")
    _, chat = await visitor.get("/api/chat", person=4004, chat=4004)
    assert (chat["started"], chat["about"], chat["messages"]) == (False, "I issue invoices.", [])


async def test_the_menu_is_that_of_the_person_and_the_chat(visitor: Visitor) -> None:
    for command, more in (
        ("anywhere", {}),
        ("po_russki", {"language_code": "ru"}),
        ("in_groups", {"scope": {"type": "all_group_chats"}}),
    ):
        entry = {"command": command, "description": "Does it"}
        await visitor.call("setMyCommands", commands=[entry], **more)

    async def menu(chat: int) -> list[str]:
        _, commands = await visitor.get("/api/commands", person=2002, chat=chat)
        return [entry["command"] for entry in commands]

    assert await menu(2002) == ["anywhere"]
    assert await menu(TEAM) == ["in_groups"]
    await visitor.post("/api/language", person=2002, language="ru")
    assert await menu(2002) == ["po_russki"]


async def test_a_chat_that_is_not_named_is_asked_for(visitor: Visitor) -> None:
    assert (await visitor.get("/api/chat", person=2002))[0] == 400


async def test_pictures_are_shown_and_other_files_saved(visitor: Visitor) -> None:
    visitor.files["qr"] = Picture()
    visitor.files["list"] = Picture("list.html", "text/html", b"<script>")
    async with visitor.http.get(f"{visitor.origin}/api/file/qr") as response:
        assert (response.content_type, await response.read()) == ("image/png", b"\x89PNG")
    async with visitor.http.get(f"{visitor.origin}/api/file/list") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment"
    assert (await visitor.get("/api/file/none"))[0] == 404
