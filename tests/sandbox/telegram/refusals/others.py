"""Wrong calls of the other methods."""

from tests.sandbox.telegram.refusals import ABSENT, ME, Params


def command(**fields: object) -> Params:
    return {"commands": [fields]}


TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHERS: list[tuple[str, Params, str]] = [
    ("editMessageText", {"text": "a"}, "message identifier is not specified"),
    ("editMessageText", {"chat_id": ME, "text": "a"}, "message to edit not found"),
    (
        "editMessageText",
        {"chat_id": ME, "message_id": "x", "text": "a"},
        "message to edit not found",
    ),
    (
        "editMessageText",
        {"inline_message_id": "none", "text": "a"},
        "MESSAGE_ID_INVALID",
    ),
    (
        "editMessageCaption",
        {"chat_id": ME, "message_id": 2},
        "there is no caption in the message to edit",
    ),
    (
        "editMessageCaption",
        {"chat_id": ME, "message_id": 2, "caption": "a" * 1025},
        "message caption is too long",
    ),
    (
        "editMessageText",
        {"chat_id": ME, "message_id": ABSENT, "text": "a"},
        "message to edit not found",
    ),
    ("editMessageText", {"chat_id": ME, "message_id": 1, "text": "a"}, "message can't be edited"),
    ("editMessageText", {"chat_id": ME, "message_id": 2, "text": "a" * 4097}, "MESSAGE_TOO_LONG"),
    (
        "editMessageText",
        {"chat_id": ME, "message_id": 2, "text": "a", "reply_markup": {"force_reply": True}},
        "inline keyboard expected",
    ),
    (
        "editMessageReplyMarkup",
        {"chat_id": ME, "message_id": ABSENT},
        "message to edit not found",
    ),
    ("deleteMessage", {"chat_id": ME, "message_id": ABSENT}, "message to delete not found"),
    ("deleteMessage", {"chat_id": ME}, "message identifier is not specified"),
    ("deleteMessage", {"message_id": 2}, "chat identifier is not specified"),
    ("deleteMessages", {"chat_id": ME}, "message identifiers are not specified"),
    (
        "deleteMessages",
        {"chat_id": ME, "message_ids": list(range(1, 102))},
        "too many message identifiers specified",
    ),
    (
        "deleteMessages",
        {"chat_id": ME, "message_ids": [0]},
        "invalid message identifier specified",
    ),
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    ("answerCallbackQuery", {}, TOO_OLD),
    ("sendChatAction", {"chat_id": ME}, "wrong parameter action in request"),
    ("sendChatAction", {"chat_id": 999, "action": "typing"}, "chat not found"),
    ("getChat", {"chat_id": 999}, "chat not found"),
    ("getChatMember", {"chat_id": ME}, "invalid user_id specified"),
    ("getChatMember", {"chat_id": ME, "user_id": "x"}, "invalid user_id specified"),
    ("getChatMember", {"chat_id": ME, "user_id": 999}, "user not found"),
    (
        "getChatAdministrators",
        {"chat_id": ME},
        "there are no administrators in the private chat",
    ),
    ("setMyCommands", {"commands": "{"}, "can't parse commands JSON object"),
    ("setMyCommands", {"commands": "{}"}, "expected an Array of BotCommand"),
    (
        "setMyCommands",
        command(command="a"),
        "can't parse BotCommand: Can't find field \"description\"",
    ),
    ("setMyCommands", command(command="", description="a"), "command must be non-empty"),
    ("setMyCommands", command(command="Invoice", description="a"), "BOT_COMMAND_INVALID"),
    ("setMyCommands", command(command="new-one", description="a"), "BOT_COMMAND_INVALID"),
    (
        "setMyCommands",
        command(command="a" * 33, description="a"),
        "command length must not exceed 32",
    ),
    (
        "setMyCommands",
        command(command="a", description=" "),
        "command description must be non-empty",
    ),
    (
        "setMyCommands",
        command(command="a", description="a" * 257),
        "command description length must not exceed 256",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": f"a{n}", "description": "a"} for n in range(101)]},
        "BOT_COMMANDS_TOO_MUCH",
    ),
    (
        "setMyCommands",
        {"commands": [], "language_code": "eng"},
        "invalid language code specified",
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "everyone"}},
        "can't parse BotCommandScope: Unsupported type specified",
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "chat", "chat_id": 999}},
        "chat not found",
    ),
    ("setMyDescription", {"description": "a" * 513}, "description is too long"),
    ("setMyShortDescription", {"short_description": "a" * 121}, "short description is too long"),
    ("setWebhook", {"url": "ftp://a.example"}, "invalid webhook URL specified"),
    (
        "setWebhook",
        {"url": "http://a.example"},
        "bad webhook: An HTTPS URL must be provided for webhook",
    ),
    (
        "setWebhook",
        {"url": "https://a.example:8080"},
        "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    (
        "setWebhook",
        {"url": "https://a.example", "secret_token": "a b"},
        "secret token contains unallowed characters",
    ),
    (
        "setWebhook",
        {"url": "https://a.example", "secret_token": "a" * 257},
        "secret token is too long",
    ),
    (
        "setWebhook",
        {"url": "https://a.example", "ip_address": "a"},
        "bad webhook: Invalid IP address specified",
    ),
    (
        "setWebhook",
        {"url": "https://a.example", "ip_address": "10.0.0.1"},
        "bad webhook: IP address 10.0.0.1 is reserved",
    ),
    (
        "setWebhook",
        {"url": "https://a.example", "ip_address": "2001:db8::1"},
        "bad webhook: IPv6-only addresses are not allowed",
    ),
    (
        "setWebhook",
        {"url": "https://a.example", "certificate": "x"},
        'the local Telegram does not know the parameter "certificate" yet',
    ),
    ("getUpdates", {"allowed_updates": ["messages"]}, 'unknown update type "messages"'),
    ("getUpdates", {"offset": "x"}, "parameter \"offset\" must be an Integer, not 'x'"),
]
