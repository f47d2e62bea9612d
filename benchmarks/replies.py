"""What the local Telegram answers."""

import json
import time
from typing import Final

OK: Final = b'{"ok":true,"result":true}'
_ME: Final = (
    '{"id":4000001,"is_bot":true,"first_name":"Bench","username":"bench_bot",'
    '"can_join_groups":true,"can_read_all_group_messages":true,"supports_inline_queries":false,'
    '"can_connect_to_business":false,"has_main_web_app":false}'
)
_KNOWN: Final = {
    "getMe": _ME,
    "getMyCommands": "[]",
    "getMyDescription": '{"description":""}',
    "getMyShortDescription": '{"short_description":""}',
    "getMyName": '{"name":"Bench"}',
    "getWebhookInfo": '{"url":"","has_custom_certificate":false,"pending_update_count":0}',
    "getChatMember": '{"status":"member","user":{"id":4000001,"is_bot":true,"first_name":"B"}}',
}


def reply(method: str) -> bytes:
    """To what is no message."""
    known = _KNOWN.get(method)
    return OK if known is None else f'{{"ok":true,"result":{known}}}'.encode()


def message(chat: int, number: int, text: str, markup: str) -> bytes:
    """The message that was sent or edited, with its buttons, as Telegram returns it."""
    kind = '"private","first_name":"Seller"' if chat > 0 else '"supergroup","title":"Group"'
    buttons = f',"reply_markup":{markup}' if markup else ""
    return (
        f'{{"ok":true,"result":{{"message_id":{number},"from":{_ME},"chat":{{"id":{chat},'
        f'"type":{kind}}},"date":{int(time.time())},"text":{json.dumps(text)}{buttons}}}}}'
    ).encode()
