"""The bot itself: its name, commands and descriptions."""

import json
import re
from typing import Any, Final

from bot.sandbox.telegram.entities import utf16_length
from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.keyboards import only_known
from bot.sandbox.telegram.state import World

Json = dict[str, Any]
Params = dict[str, Any]

COMMANDS: Final = 100
COMMAND_LENGTH: Final = 32
COMMAND_DESCRIPTION: Final = 256
DESCRIPTION: Final = 512
SHORT_DESCRIPTION: Final = 120
_COMMAND: Final = re.compile(r"[a-z0-9_]+")
_LANGUAGE: Final = re.compile(r"(?:[a-z]{2})?")
_WIDE_SCOPES: Final = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_CHAT_SCOPES: Final = {"chat", "chat_administrators", "chat_member"}


async def get_me(world: World, params: Params) -> Json:  # noqa: ARG001 - takes none
    return {
        **world.bot.as_api(),
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_guest_queries": world.abilities.guest,
        "supports_inline_queries": world.abilities.inline,
        "can_connect_to_business": world.abilities.business,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


async def set_my_commands(world: World, params: Params) -> bool:
    raw = params.get("commands", [])
    if not isinstance(raw, list):
        raise bad_request("Expected an Array of BotCommand")
    if len(raw) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(item) for item in raw]
    key = _scope(world, params), _language(params)
    if commands:
        world.profile.commands[key] = commands
    else:
        world.profile.commands.pop(key, None)
    return True


async def get_my_commands(world: World, params: Params) -> list[Json]:
    return world.profile.commands.get((_scope(world, params), _language(params)), [])


async def delete_my_commands(world: World, params: Params) -> bool:
    world.profile.commands.pop((_scope(world, params), _language(params)), None)
    return True


async def set_my_description(world: World, params: Params) -> bool:
    return _set(world.profile.descriptions, params, "description", DESCRIPTION)


async def get_my_description(world: World, params: Params) -> Json:
    return {"description": _get(world.profile.descriptions, params)}


async def set_my_short_description(world: World, params: Params) -> bool:
    return _set(world.profile.short_descriptions, params, "short_description", SHORT_DESCRIPTION)


async def get_my_short_description(world: World, params: Params) -> Json:
    return {"short_description": _get(world.profile.short_descriptions, params)}


def _set(texts: dict[str, str], params: Params, name: str, most: int) -> bool:
    language, text = _language(params), params.get(name, "").strip()
    if utf16_length(text) > most:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)
    return True


def _get(texts: dict[str, str], params: Params) -> str:
    return texts.get(_language(params)) or texts.get("", "")


def _language(params: Params) -> str:
    code: str = params.get("language_code", "")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("Invalid language code specified")
    return code


def _command(raw: object) -> Json:
    if not isinstance(raw, dict):
        raise _bad_command("expected an Object")
    only_known(raw, "BotCommand")
    for field in ("command", "description"):
        if field not in raw:
            raise _bad_command(f'Can\'t find field "{field}"')
        if not isinstance(raw[field], str):
            raise _bad_command(f'Field "{field}" must be of type String')
    command, description = raw["command"].strip().removeprefix("/"), raw["description"].strip()
    if not command:
        raise bad_request("Command must be non-empty")
    if len(command) > COMMAND_LENGTH:
        raise bad_request(f"Command length must not exceed {COMMAND_LENGTH}")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("Command description must be non-empty")
    if len(description) > COMMAND_DESCRIPTION:
        raise bad_request(f"Command description length must not exceed {COMMAND_DESCRIPTION}")
    return {**raw, "command": command, "description": description}


def _scope(world: World, params: Params) -> str:
    """The scope as a key."""
    raw = params.get("scope") or {"type": "default"}
    if not isinstance(raw, dict):
        raise _bad_scope("BotCommandScope must be an Object")
    only_known(raw, "BotCommandScope")
    kind = raw.get("type")
    if kind in _WIDE_SCOPES:
        return json.dumps({"type": kind})
    if kind not in _CHAT_SCOPES:
        raise _bad_scope("Unsupported type specified")
    if "chat_id" not in raw:
        raise _bad_scope('Can\'t find field "chat_id"')
    chat = world.chats.get(int(raw["chat_id"])) if _is_number(raw["chat_id"]) else None
    if chat is None:
        raise bad_request("chat not found")
    if kind != "chat" and chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    user = {"user_id": raw["user_id"]} if kind == "chat_member" and "user_id" in raw else {}
    if kind == "chat_member" and not user:
        raise _bad_scope('Can\'t find field "user_id"')
    return json.dumps({"type": kind, "chat_id": chat.id, **user})


def _is_number(value: object) -> bool:
    return isinstance(value, int) or (
        isinstance(value, str) and value.removeprefix("-").isdecimal()
    )


def _bad_command(words: str) -> ApiError:
    return bad_request(f"can't parse BotCommand: {words}")


def _bad_scope(words: str) -> ApiError:
    return bad_request(f"can't parse BotCommandScope: {words}")
