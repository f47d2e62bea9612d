"""Which parameters each method takes.

Plain data after the Bot API reference, version 10.3. Kinds: `chat` is an Integer or an @username,
`json` a JSON-serialized object or array, `file` an upload or a String, `media` a JSON-serialized
object whose files may be attached. What Telegram knows and this server does not do yet stands
in `NOT_YET`: it is refused plainly instead of being taken and ignored.
"""

from collections.abc import Mapping
from typing import Final, Literal

Kind = Literal["int", "str", "bool", "chat", "json", "file", "media"]

_LANGUAGE: Final[Mapping[str, Kind]] = {"language_code": "str"}
_WHERE: Final[Mapping[str, Kind]] = {"business_connection_id": "str", "chat_id": "chat"}
_EDITED: Final[Mapping[str, Kind]] = {
    **_WHERE,
    "message_id": "int",
    "inline_message_id": "str",
    "reply_markup": "json",
}
_SENT: Final[Mapping[str, Kind]] = {
    **_WHERE,
    "message_thread_id": "int",
    "direct_messages_topic_id": "int",
    "disable_notification": "bool",
    "protect_content": "bool",
    "allow_paid_broadcast": "bool",
    "message_effect_id": "str",
    "suggested_post_parameters": "json",
    "reply_parameters": "json",
    "reply_markup": "json",
    "ephemeral_message_parameters": "json",
}
_EPHEMERAL: Final[Mapping[str, Kind]] = {
    "chat_id": "chat",
    "receiver_user_id": "int",
    "ephemeral_message_id": "int",
}
_CAPTION: Final[Mapping[str, Kind]] = {
    "caption": "str",
    "parse_mode": "str",
    "caption_entities": "json",
}
_ABOVE: Final[Mapping[str, Kind]] = {"show_caption_above_media": "bool"}
_MARKUP: Final[Mapping[str, Kind]] = {"reply_markup": "json"}
_TEXT: Final[Mapping[str, Kind]] = {
    "text": "str",
    "parse_mode": "str",
    "entities": "json",
    "link_preview_options": "json",
}

METHODS: Final[Mapping[str, Mapping[str, Kind]]] = {
    "getMe": {},
    "getUpdates": {"offset": "int", "limit": "int", "timeout": "int", "allowed_updates": "json"},
    "setWebhook": {
        "url": "str",
        "certificate": "str",
        "ip_address": "str",
        "max_connections": "int",
        "allowed_updates": "json",
        "drop_pending_updates": "bool",
        "secret_token": "str",
    },
    "deleteWebhook": {"drop_pending_updates": "bool"},
    "getWebhookInfo": {},
    "sendMessage": {**_SENT, **_TEXT},
    "sendPhoto": {**_SENT, **_CAPTION, **_ABOVE, "photo": "file", "has_spoiler": "bool"},
    "sendDocument": {
        **_SENT,
        **_CAPTION,
        "document": "file",
        "thumbnail": "file",
        "disable_content_type_detection": "bool",
    },
    "getFile": {"file_id": "str"},
    "editMessageText": {**_EDITED, **_TEXT, "rich_message": "json"},
    "editMessageCaption": {**_EDITED, **_CAPTION, **_ABOVE},
    "editMessageReplyMarkup": _EDITED,
    "editEphemeralMessageText": {**_EPHEMERAL, **_TEXT, **_MARKUP, "rich_message": "json"},
    "editEphemeralMessageCaption": {**_EPHEMERAL, **_CAPTION, **_ABOVE, **_MARKUP},
    "editEphemeralMessageMedia": {**_EPHEMERAL, **_MARKUP, "media": "media"},
    "editEphemeralMessageReplyMarkup": {**_EPHEMERAL, **_MARKUP},
    "deleteEphemeralMessage": _EPHEMERAL,
    "deleteMessage": {"chat_id": "chat", "message_id": "int"},
    "deleteMessages": {"chat_id": "chat", "message_ids": "json"},
    "answerCallbackQuery": {
        "callback_query_id": "str",
        "text": "str",
        "show_alert": "bool",
        "url": "str",
        "cache_time": "int",
    },
    "answerInlineQuery": {
        "inline_query_id": "str",
        "results": "json",
        "cache_time": "int",
        "is_personal": "bool",
        "next_offset": "str",
        "button": "json",
    },
    "answerGuestQuery": {"guest_query_id": "str", "result": "json"},
    "getBusinessConnection": {"business_connection_id": "str"},
    "readBusinessMessage": {**_WHERE, "message_id": "int"},
    "deleteBusinessMessages": {"business_connection_id": "str", "message_ids": "json"},
    "sendChatAction": {**_WHERE, "message_thread_id": "int", "action": "str"},
    "getChat": {"chat_id": "chat"},
    "getChatMember": {"chat_id": "chat", "user_id": "int"},
    "getChatAdministrators": {"chat_id": "chat", "return_bots": "bool"},
    "setMyCommands": {"commands": "json", "scope": "json", **_LANGUAGE},
    "getMyCommands": {"scope": "json", **_LANGUAGE},
    "deleteMyCommands": {"scope": "json", **_LANGUAGE},
    "setMyDescription": {"description": "str", **_LANGUAGE},
    "getMyDescription": _LANGUAGE,
    "setMyShortDescription": {"short_description": "str", **_LANGUAGE},
    "getMyShortDescription": _LANGUAGE,
}

NOT_YET: Final = frozenset(
    {
        "certificate",
        "direct_messages_topic_id",
        "message_effect_id",
        "rich_message",
        "suggested_post_parameters",
        "thumbnail",
    }
)

UPDATE_TYPES: Final = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "subscription",
    "stopped_message_generation",
)
NOT_BY_DEFAULT: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

CHAT_ACTIONS: Final = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
