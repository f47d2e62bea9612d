"""The server of the chat page: its files, what a person does there, what happens meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

from aiohttp import web
from pydantic import ValidationError

from bot.sandbox.browser import Listener, add_files, guard, harden, read_body
from bot.sandbox.page.cast import Cast, Player
from bot.sandbox.page.hub import Hub
from bot.sandbox.page.requests import InChat, Open, Send, Speak, Tap
from bot.sandbox.telegram import Group, LocalTelegram, Person

__all__ = ["Player", "SandboxPage"]

_FILES: Final = Path(__file__).parent / "static"
_PICTURES: Final = {"image/jpeg", "image/png"}  # anything else is for saving, not for showing
_SIGN_OF_LIFE: Final = 15.0  # seconds of silence after which a lost connection shows

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class File(Protocol):
    """What messages may carry."""

    @property
    def name(self) -> str: ...
    @property
    def mime_type(self) -> str: ...
    @property
    def data(self) -> bytes: ...


class SandboxPage:
    """`start` it and open `url` in a browser. What is done there are updates to the bot.

    `find_file` gives the file of a `file_id`, None for an unknown one.
    """

    def __init__(
        self,
        telegram: LocalTelegram,
        players: Sequence[Player],
        groups: Sequence[Group] = (),
        find_file: Callable[[str], File | None] = lambda _: None,
    ) -> None:
        self.url = ""
        self._find_file = find_file
        self._cast = Cast(telegram, players, groups)
        self._hub = Hub(telegram.world)
        self._listener: Listener | None = None
        self._following: asyncio.Task[None] | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises ValueError for a host that is not loopback,
        OSError for a port that is taken."""
        app = web.Application(middlewares=[guard, _in_words])
        app.on_response_prepare.append(harden)
        app.router.add_get("/", _index)
        add_files(app, _FILES)
        app.router.add_get("/api/people", self._people)
        app.router.add_get("/api/chat", self._chat)
        app.router.add_get("/api/commands", self._commands)
        app.router.add_get("/api/file/{id}", self._file)
        app.router.add_get("/api/events", self._events)
        app.router.add_post("/api/send", self._send)
        app.router.add_post("/api/tap", self._tap)
        app.router.add_post("/api/open", self._open)
        app.router.add_post("/api/language", self._language)
        self._listener = await Listener.open(app, host, port)
        self.url = f"{self._listener.url}/"
        self._following = asyncio.create_task(self._hub.run())

    async def close(self) -> None:
        """Stop listening. Pages that are open come back when it is started again on its port."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait({self._following})
        if self._listener is not None:
            await self._listener.close()

    async def _people(self, _: web.Request) -> web.Response:
        return web.json_response(self._cast.describe())

    async def _chat(self, request: web.Request) -> web.Response:
        cursor = self._hub.cursor
        return web.json_response({"cursor": cursor, **self._cast.look(*self._place(request))})

    async def _commands(self, request: web.Request) -> web.Response:
        person, group = self._place(request)
        return web.json_response(person.commands(group))

    def _place(self, request: web.Request) -> tuple[Person, Group | None]:
        try:
            asked = InChat.model_validate(dict(request.query))
        except ValidationError:
            raise web.HTTPBadRequest(text="Which person, in which chat?") from None
        person = self._cast.person(asked.person)
        return person, self._cast.group(person, asked.chat)

    async def _file(self, request: web.Request) -> web.Response:
        file = self._find_file(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound(text="There is no such file.")
        shown = file.mime_type in _PICTURES
        return web.Response(
            body=file.data,
            content_type=file.mime_type if shown else "application/octet-stream",
            headers={} if shown else {"Content-Disposition": "attachment"},
        )

    async def _send(self, request: web.Request) -> web.Response:
        asked = await read_body(request, Send)
        person = self._cast.person(asked.person)
        group = self._cast.group(person, asked.chat)
        sent = await person.send(asked.text, chat=group, reply_to=asked.reply_to)
        return web.json_response({"message": sent.message_id})

    async def _tap(self, request: web.Request) -> web.Response:
        asked = await read_body(request, Tap)
        person = self._cast.person(asked.person)
        group = self._cast.group(person, asked.chat)
        tapped = await person.tap_data(asked.data, asked.message, chat=group)
        (callback,) = tapped.callback_ids
        self._hub.watch(callback)
        return web.json_response({"callback": callback})

    async def _open(self, request: web.Request) -> web.Response:
        asked = await read_body(request, Open)
        sent = await self._cast.person(asked.person).open(asked.link)
        return web.json_response({"message": sent.message_id})

    async def _language(self, request: web.Request) -> web.Response:
        asked = await read_body(request, Speak)
        self._cast.person(asked.person).user.language_code = asked.language
        return web.json_response({"language": asked.language})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        cursor = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"retry: 500\n\n")
        known = self._hub.after(cursor)
        if known is None:  # of another run, whose messages are gone
            await response.write(b"event: reset\ndata: {}\n\n")
            return response
        with suppress(ConnectionResetError):
            while True:
                frames = self._hub.since(known)
                known += len(frames)
                if frames:
                    await response.write("".join(frames).encode())
                elif not await self._grown():
                    await response.write(b": still here\n\n")
        return response

    async def _grown(self) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(_SIGN_OF_LIFE):
                await self._hub.grown()
                return True
        return False


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(_FILES / "index.html")


@web.middleware
async def _in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What a person cannot do is an answer, not a failure of the server."""
    try:
        return await handler(request)
    except LookupError as error:
        raise web.HTTPNotFound(text=_said(error, "This message is gone.")) from None
    except ValueError as error:
        raise web.HTTPUnprocessableEntity(text=_said(error, "That cannot be done.")) from None


def _said(error: Exception, otherwise: str) -> str:
    """The words of an error raised with some; a failed look-up has only a key."""
    word: Any = error.args[0] if error.args else None
    return word if isinstance(word, str) else otherwise
