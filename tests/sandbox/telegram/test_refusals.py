"""Each wrong request with the code and words it gets; the right ones are in test_methods."""

import json

import aiohttp
import pytest

from bot.sandbox.telegram import LocalTelegram, Person
from tests.sandbox.telegram.conftest import Clock
from tests.sandbox.telegram.refusals import ABSENT, ME, Params
from tests.sandbox.telegram.refusals.keyboards import MARKUP, button, keyboard
from tests.sandbox.telegram.refusals.others import OTHERS, TOO_OLD
from tests.sandbox.telegram.refusals.places import GROUP, PLACES
from tests.sandbox.telegram.refusals.texts import ENTITIES, HTML, SEND


def message(**fields: object) -> Params:
    return {"chat_id": ME, "text": "a", **fields}


TABLE = [
    *(("sendMessage", params, words) for params, words in SEND + ENTITIES),
    *(("sendMessage", message(**params), words) for params, words in MARKUP),
    *(
        ("sendMessage", message(text=html, parse_mode="HTML"), f"can't parse entities: {words}")
        for html, words in HTML
    ),
    *OTHERS,
    *PLACES,
]


async def call(telegram: LocalTelegram, method: str, params: Params) -> tuple[int, Params]:
    url = f"{telegram.url}/bot{telegram.token}/{method}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            url, data=json.dumps(params), headers={"Content-Type": "application/json"}
        ) as r,
    ):
        return r.status, await r.json()


def test_how_many_wrong_requests_are_refused() -> None:
    assert len(TABLE) >= 190
    assert len({words for _, _, words in TABLE}) >= 150
    assert len({method for method, _, _ in TABLE}) >= 25


@pytest.mark.parametrize(
    ("method", "params", "words"),
    TABLE,
    ids=[f"{number}-{method}" for number, (method, _, _) in enumerate(TABLE, 1)],
)
async def test_refused(
    telegram: LocalTelegram, seller: Person, method: str, params: Params, words: str
) -> None:
    telegram.group(GROUP, "Shop", [seller])
    await seller.send("/invoice")  # message 1
    await call(telegram, "sendMessage", {"chat_id": ME, "text": "card"})  # message 2
    before = len(telegram.events)

    status, body = await call(telegram, method, params)

    assert (status, body["description"]) == (400, f"Bad Request: {words}")
    assert (body["ok"], body["error_code"]) == (False, 400)
    assert len(telegram.events) == before
    assert [(refused.method, refused.description) for refused in telegram.refusals] == [
        (method, body["description"])
    ]


async def test_not_modified(telegram: LocalTelegram, seller: Person) -> None:
    await call(telegram, "sendMessage", message(**button(callback_data="a")))
    markup = button(callback_data="a")["reply_markup"]
    words = "specified new message content and reply markup are exactly the same as a current"
    same: Params = {"chat_id": ME, "message_id": 1, "text": " a ", "reply_markup": markup}
    for method, params in (
        ("editMessageText", same),
        ("editMessageReplyMarkup", {"chat_id": ME, "message_id": 1, "reply_markup": markup}),
    ):
        status, body = await call(telegram, method, params)
        assert status == 400
        assert body["description"].startswith(f"Bad Request: message is not modified: {words}")


async def test_who_never_started_the_bot(telegram: LocalTelegram) -> None:
    telegram.person(7, "New", started=False)
    assert await call(telegram, "sendMessage", {"chat_id": 7, "text": "a"}) == (
        403,
        {
            "ok": False,
            "error_code": 403,
            "description": "Forbidden: bot can't initiate conversation with a user",
        },
    )


async def test_who_blocked_the_bot(telegram: LocalTelegram, seller: Person) -> None:
    seller.block()
    for method, params in (
        ("sendMessage", {"chat_id": ME, "text": "a"}),
        ("sendChatAction", {"chat_id": ME, "action": "typing"}),
    ):
        status, body = await call(telegram, method, params)
        assert (status, body["description"]) == (403, "Forbidden: bot was blocked by the user")


async def test_a_tap_after_150_seconds(
    telegram: LocalTelegram, seller: Person, clock: Clock
) -> None:
    await call(telegram, "sendMessage", message(**button(callback_data="a")))
    tapped = await seller.tap("B")
    clock.now += 151
    status, body = await call(
        telegram, "answerCallbackQuery", {"callback_query_id": tapped.callback_ids[0]}
    )
    assert (status, body["description"]) == (400, f"Bad Request: {TOO_OLD}")


async def test_an_answer_over_200_units(telegram: LocalTelegram, seller: Person) -> None:
    await call(telegram, "sendMessage", message(**button(callback_data="a")))
    tapped = await seller.tap("B")
    params = {"callback_query_id": tapped.callback_ids[0], "text": "a" * 201}
    status, body = await call(telegram, "answerCallbackQuery", params)
    assert (status, body["description"]) == (400, "Bad Request: MESSAGE_TOO_LONG")


@pytest.mark.parametrize("who", ["seller", "bot"])
async def test_deleting_after_48_hours(
    telegram: LocalTelegram, seller: Person, clock: Clock, who: str
) -> None:
    if who == "seller":
        await seller.send("50")
    else:
        await call(telegram, "sendMessage", {"chat_id": ME, "text": "a"})
    clock.now += 48 * 3600
    status, body = await call(telegram, "deleteMessage", {"chat_id": ME, "message_id": 1})
    assert status == 400
    assert body["description"] == "Bad Request: message can't be deleted for everyone"


@pytest.mark.parametrize(("right", "status"), [(False, 400), (True, 200)])
async def test_deleting_others_messages_in_a_group_takes_the_right(
    telegram: LocalTelegram, seller: Person, *, right: bool, status: int
) -> None:
    group = telegram.group(-100500, "Shop", [seller], bot_can_delete=right)
    sent = await seller.send("50", chat=group)
    params = {"chat_id": group.id, "message_id": sent.message_id}
    answered, body = await call(telegram, "deleteMessage", params)
    assert answered == status
    assert right or body["description"] == "Bad Request: message can't be deleted"


async def test_missing_topic_of_a_forum(telegram: LocalTelegram, seller: Person) -> None:
    group = telegram.group(-100500, "Shop", [seller], forum=True)
    thread = group.topic("Invoices")
    for number, status in ((thread, 200), (thread + 1, 400), (1, 400)):
        params = {"chat_id": group.id, "text": "a", "message_thread_id": number}
        answered, body = await call(telegram, "sendMessage", params)
        assert answered == status
        if status == 400:
            assert body["description"] == "Bad Request: message thread not found"


async def test_a_missing_reply_may_be_allowed(telegram: LocalTelegram, seller: Person) -> None:
    reply = {"message_id": ABSENT, "allow_sending_without_reply": True}
    status, body = await call(
        telegram, "sendMessage", {"chat_id": ME, "text": "a", "reply_parameters": reply}
    )
    assert status == 200
    assert "reply_to_message" not in body["result"]


async def test_exactly_at_the_limits(telegram: LocalTelegram, seller: Person) -> None:
    row = [{"text": "B", "callback_data": "a" * 64}] * 8
    copied = [{"text": "C", "copy_text": {"text": "a" * 256}}]
    for params in (
        {"chat_id": ME, "text": "😀" * 2048},
        message(text=f"<b>{'a' * 4096}</b>", parse_mode="HTML"),
        message(**keyboard(row, copied)),
        message(**keyboard(*[[{"text": "B", "callback_data": "a"}]] * 100)),
    ):
        status, _ = await call(telegram, "sendMessage", params)
        assert status == 200
