"""Which fields the objects inside of parameters have, after the Bot API reference 10.3."""

from collections.abc import Mapping
from typing import Final

BUTTON_ACTIONS: Final = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)

CHOSEN_CHATS: Final = (
    "allow_user_chats",
    "allow_bot_chats",
    "allow_group_chats",
    "allow_channel_chats",
)
_MEDIA: Final = ("type", "media", "caption", "parse_mode", "caption_entities")

FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "InlineKeyboardMarkup": frozenset({"inline_keyboard", "force_reply"}),
    "InlineKeyboardButton": frozenset({"text", "icon_custom_emoji_id", "style", *BUTTON_ACTIONS}),
    "CopyTextButton": frozenset({"text"}),
    "DisabledButton": frozenset(),
    "ReplyKeyboardMarkup": frozenset(
        {
            "keyboard",
            "is_persistent",
            "resize_keyboard",
            "one_time_keyboard",
            "input_field_placeholder",
            "selective",
            "force_reply",
        }
    ),
    "ReplyKeyboardRemove": frozenset({"remove_keyboard", "selective"}),
    "ForceReply": frozenset({"force_reply", "input_field_placeholder", "selective"}),
    "MessageEntity": frozenset(
        {
            "type",
            "offset",
            "length",
            "url",
            "user",
            "language",
            "custom_emoji_id",
            "unix_time",
            "date_time_format",
        }
    ),
    "LinkPreviewOptions": frozenset(
        {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}
    ),
    "ReplyParameters": frozenset(
        {
            "message_id",
            "chat_id",
            "allow_sending_without_reply",
            "quote",
            "quote_parse_mode",
            "quote_entities",
            "quote_position",
            "checklist_task_id",
            "poll_option_id",
            "ephemeral_message_id",
        }
    ),
    "BotCommand": frozenset({"command", "description", "is_ephemeral"}),
    "BotCommandScope": frozenset({"type", "chat_id", "user_id"}),
    "SwitchInlineQueryChosenChat": frozenset({"query", *CHOSEN_CHATS}),
    "WebAppInfo": frozenset({"url"}),
    "LoginUrl": frozenset({"url", "forward_text", "bot_username", "request_write_access"}),
    "EphemeralMessageParameters": frozenset(
        {"receiver_user_id", "callback_query_id", "replace_callback_query_message"}
    ),
    "InlineQueryResultArticle": frozenset(
        {
            "type",
            "id",
            "title",
            "input_message_content",
            "reply_markup",
            "url",
            "description",
            "thumbnail_url",
            "thumbnail_width",
            "thumbnail_height",
        }
    ),
    "InputTextMessageContent": frozenset(
        {"message_text", "parse_mode", "entities", "link_preview_options"}
    ),
    "InlineQueryResultsButton": frozenset({"text", "web_app", "start_parameter"}),
    "InputMediaPhoto": frozenset({*_MEDIA, "show_caption_above_media", "has_spoiler"}),
    "InputMediaDocument": frozenset({*_MEDIA, "disable_content_type_detection"}),
}
