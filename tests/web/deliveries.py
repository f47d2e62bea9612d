"""Deliveries of one's own, beside those of the local Telegram."""

import asyncio
import json
from io import BytesIO
from typing import Any

from aiohttp import ClientSession

from bot.sandbox.telegram import Person
from tests.world import WEBHOOK_SECRET, World

HEADER = "X-Telegram-Bot-Api-Secret-Token"


async def deliver(
    to: World | int, body: Any, secret: str | None = WEBHOOK_SECRET, **headers: str
) -> tuple[int, dict[str, str]]:
    """A delivery to the bot of a world or to a port; status and headers of the answer."""
    port = to if isinstance(to, int) else to.app.site.port
    given = headers | ({} if secret is None else {HEADER: secret})
    content = {"data": BytesIO(body)} if isinstance(body, bytes) else {"json": body}
    url = f"http://127.0.0.1:{port}/telegram"
    async with ClientSession() as http, http.post(url, headers=given, **content) as answer:
        return answer.status, dict(answer.headers)


def message(of: World | Person, text: str, *, number: int, message_id: int = 900) -> dict[str, Any]:
    """An update as Telegram sends it, of the world's seller if no person is named."""
    person = of.seller if isinstance(of, World) else of
    seller = {"id": person.id, "is_bot": False, "first_name": "Seller"}
    chat = {"id": person.id, "type": "private", "first_name": "Seller"}
    what = {"message_id": message_id, "date": 1_790_000_000, "from": seller, "chat": chat}
    return {"update_id": number, "message": what | {"text": text}}


async def raw_delivery(world: World, update: Any, secret: str | None) -> int:
    """Bytes as they are: a client library would refuse to send some of these headers."""
    body = json.dumps(update).encode()
    head = f"POST /telegram HTTP/1.1\r\nHost: bot\r\nContent-Length: {len(body)}\r\n"
    if secret is not None:
        head += f"{HEADER}: {secret}\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", world.app.site.port)
    writer.write(f"{head}\r\n".encode(errors="surrogateescape") + body)
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return int(line.split()[1])
