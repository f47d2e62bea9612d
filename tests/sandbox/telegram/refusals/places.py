"""Wrong calls for files, inline and guest queries, business accounts and ephemeral messages."""

from tests.sandbox.telegram.refusals import ME, Params
from tests.sandbox.telegram.refusals.others import TOO_OLD

GROUP = -100500  # the bot is a member without rights there, as is ME
LINK = {"business_connection_id": "none"}


def article(**fields: object) -> Params:
    content = {"message_text": "50 EUR"}
    return {"type": "article", "id": "1", "title": "50", "input_message_content": content} | fields


def results(*articles: object, **fields: object) -> Params:
    return {"inline_query_id": "1", "results": list(articles), **fields}


def ephemeral(**fields: object) -> Params:
    return {"chat_id": GROUP, "text": "a", "ephemeral_message_parameters": fields}


_UNPARSABLE = "can't parse inline query result: "
_BUTTON = "can't parse inline query results button: "
_NOT_MINE = "can't parse InputMedia: Unsupported type specified"
FILES: list[tuple[str, Params, str]] = [
    ("sendPhoto", {"chat_id": ME}, "there is no photo in the request"),
    ("sendPhoto", {"chat_id": ME, "photo": "attach://none"}, "there is no photo in the request"),
    ("sendDocument", {"chat_id": ME}, "there is no document in the request"),
    ("sendPhoto", {"chat_id": ME, "photo": "x"}, "wrong file identifier/HTTP URL specified"),
    (
        "sendPhoto",
        {"chat_id": ME, "photo": "https://a.example/1.png"},
        "failed to get HTTP URL content",
    ),
    (
        "sendDocument",
        {"chat_id": ME, "document": "x", "thumbnail": "y"},
        'the local Telegram does not know the parameter "thumbnail" yet',
    ),
    ("getFile", {"file_id": "x"}, "invalid file_id"),
    ("getFile", {}, "invalid file_id"),
]
INLINE: list[tuple[str, Params, str]] = [
    ("answerInlineQuery", results(article()), TOO_OLD),
    (
        "answerInlineQuery",
        results() | {"results": "{}"},
        "expected an Array of inline query results",
    ),
    (
        "answerInlineQuery",
        results(*[article(id=f"{n}") for n in range(51)]),
        "too many inline query results specified",
    ),
    ("answerInlineQuery", results(article(), article()), "RESULT_ID_DUPLICATE"),
    ("answerInlineQuery", results(article(id="a" * 65)), "RESULT_ID_INVALID"),
    ("answerInlineQuery", results(article(id="я" * 33)), "RESULT_ID_INVALID"),
    ("answerInlineQuery", results(article(id="")), "RESULT_ID_INVALID"),
    ("answerInlineQuery", results("a"), _UNPARSABLE + "Inline query result must be an object"),
    ("answerInlineQuery", results({"type": "article"}), _UNPARSABLE + 'Can\'t find field "id"'),
    (
        "answerInlineQuery",
        results(article(id=1)),
        _UNPARSABLE + 'Field "id" must be of type String',
    ),
    (
        "answerInlineQuery",
        results({"type": "article", "id": "1"}),
        _UNPARSABLE + 'Can\'t find field "title"',
    ),
    ("answerInlineQuery", results(article(title=" ")), "ARTICLE_TITLE_EMPTY"),
    (
        "answerInlineQuery",
        results({"type": "article", "id": "1", "title": "a"}),
        _UNPARSABLE + 'Can\'t find field "message_text"',
    ),
    (
        "answerInlineQuery",
        results(article(input_message_content={"message_text": "a" * 4097})),
        "MESSAGE_TOO_LONG",
    ),
    (
        "answerInlineQuery",
        results(article(input_message_content={"message_text": "<x>", "parse_mode": "HTML"})),
        'can\'t parse entities: Unsupported start tag "x" at byte offset 0',
    ),
    (
        "answerInlineQuery",
        results(article(subtitle="a")),
        'unknown field "subtitle" of InlineQueryResultArticle',
    ),
    (
        "answerInlineQuery",
        results(article(reply_markup={"force_reply": True})),
        "inline keyboard expected",
    ),
    ("answerInlineQuery", results(article(), next_offset="a" * 65), "NEXT_OFFSET_INVALID"),
    (
        "answerInlineQuery",
        results(button={"text": "Start"}),
        _BUTTON + "InlineQueryResultsButton must have exactly one optional field",
    ),
    (
        "answerInlineQuery",
        results(button={"start_parameter": "a"}),
        _BUTTON + 'Can\'t find field "text"',
    ),
    (
        "answerInlineQuery",
        results(button={"text": "Start", "start_parameter": "a b"}),
        "START_PARAM_INVALID",
    ),
    (
        "answerInlineQuery",
        results(button={"text": "Start", "web_app": {"url": "http://a.example"}}),
        "SWITCH_WEBVIEW_URL_INVALID",
    ),
    ("answerGuestQuery", {"guest_query_id": "1"}, "result isn't specified"),
    ("answerGuestQuery", {"guest_query_id": "1", "result": article()}, TOO_OLD),
]
BUSINESS: list[tuple[str, Params, str]] = [
    ("getBusinessConnection", {}, "business connection not found"),
    ("sendMessage", {"chat_id": ME, "text": "a", **LINK}, "business connection not found"),
    (
        "editMessageText",
        {"chat_id": ME, "message_id": 1, "text": "a", **LINK},
        "business connection not found",
    ),
    ("readBusinessMessage", {"chat_id": ME, "message_id": 1}, "business connection not found"),
    ("deleteBusinessMessages", LINK, "message identifiers are not specified"),
    (
        "deleteBusinessMessages",
        {"message_ids": list(range(1, 102)), **LINK},
        "too many message identifiers specified",
    ),
    (
        "sendChatAction",
        {"chat_id": ME, "action": "typing", **LINK},
        "business connection not found",
    ),
]
EPHEMERAL: list[tuple[str, Params, str]] = [
    ("sendMessage", ephemeral(receiver_user_id=ME), "CHAT_ADMIN_REQUIRED"),
    ("sendMessage", ephemeral(receiver_user_id=502), "USER_NOT_PARTICIPANT"),
    ("sendMessage", ephemeral(receiver_user_id=1000001), "USER_BOT_INVALID"),
    ("sendMessage", ephemeral(receiver_user_id=ME, callback_query_id="1"), TOO_OLD),
    (
        "sendMessage",
        ephemeral(),
        "can't parse EphemeralMessageParameters: Can't find field \"receiver_user_id\"",
    ),
    (
        "sendMessage",
        ephemeral(receiver_user_id=ME, user_id=1),
        'unknown field "user_id" of EphemeralMessageParameters',
    ),
    ("sendMessage", ephemeral(receiver_user_id=ME) | {"chat_id": ME}, "PEER_ID_INVALID"),
    (
        "sendMessage",
        {"chat_id": GROUP, "text": "a", "reply_parameters": {"ephemeral_message_id": 1}},
        "message to be replied not found",
    ),
    (
        "editEphemeralMessageText",
        {"chat_id": GROUP, "ephemeral_message_id": 1, "text": "a"},
        "invalid receiver_user_id specified",
    ),
    (
        "editEphemeralMessageText",
        {"chat_id": GROUP, "receiver_user_id": ME, "ephemeral_message_id": 1, "text": "a"},
        "MESSAGE_ID_INVALID",
    ),
    ("editEphemeralMessageMedia", {"chat_id": GROUP, "media": {"type": "sticker"}}, _NOT_MINE),
    (
        "deleteEphemeralMessage",
        {"chat_id": GROUP, "receiver_user_id": ME, "ephemeral_message_id": 1},
        "MESSAGE_ID_INVALID",
    ),
]
PLACES = [*FILES, *INLINE, *BUSINESS, *EPHEMERAL]
