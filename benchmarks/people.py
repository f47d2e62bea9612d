"""What people write and tap, as Telegram hands it to a bot."""

import json
import time
from typing import Any, Final

# So many that none of them comes near the 60 requests a minute that a seller may make.
SELLERS: Final = range(2_000_000_001, 2_000_003_001)
ADMIN: Final = 2_000_000_000


def person(user: int) -> dict[str, Any]:
    """Somebody with an English app."""
    return {
        "id": user,
        "is_bot": False,
        "first_name": "Seller",
        "last_name": "Number",
        "username": f"seller{user}",
        "language_code": "en",
    }


def private(user: int) -> dict[str, Any]:
    """The chat with them."""
    name = {"first_name": "Seller", "last_name": "Number", "username": f"seller{user}"}
    return {"id": user, **name, "type": "private"}


def text(user: int, words: str, number: int) -> dict[str, Any]:
    """A message in a private chat; a command is marked as one."""
    message: dict[str, Any] = {
        "message_id": number,
        "from": person(user),
        "chat": private(user),
        "date": int(time.time()),
        "text": words,
    }
    if words.startswith("/"):
        length = len(words.split(maxsplit=1)[0])
        message["entities"] = [{"offset": 0, "length": length, "type": "bot_command"}]
    return {"message": message}


def tap(user: int, data: str, message_id: int, number: int) -> dict[str, Any]:
    """A tap on a button of one of the bot's messages."""
    message = {
        "message_id": message_id,
        "from": {"id": 4_000_001, "is_bot": True, "first_name": "Bench", "username": "bench_bot"},
        "chat": private(user),
        "date": int(time.time()),
        "text": "…",
    }
    query = {"id": str(number), "from": person(user), "message": message, "data": data}
    return {"callback_query": {**query, "chat_instance": "1"}}


def chatter(user: int, group: int, number: int) -> dict[str, Any]:
    """What is none of the bot's business, in a group whose every message it gets."""
    message = {
        "message_id": number,
        "from": person(user),
        "chat": {"id": group, "title": "Neighbours", "type": "supergroup"},
        "date": int(time.time()),
        "text": f"Has anybody seen the cat? It is grey, and its name is {number}.",
    }
    return {"message": message}


def line(update_id: int, chat: int, update: dict[str, Any]) -> bytes:
    """For the local Telegram, see there."""
    whole = json.dumps({"update_id": update_id, **update}, ensure_ascii=False)
    return f"{update_id} {chat} {whole}\n".encode()
