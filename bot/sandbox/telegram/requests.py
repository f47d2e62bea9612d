"""From an HTTP request to checked parameters: form, multipart, JSON or query string."""

import email
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.files import Upload
from bot.sandbox.telegram.parameters import METHODS, NOT_YET, Kind

Params = dict[str, Any]

_ATTACHED: Final = "attach://"
_JSON_WORDS: Final = {
    "reply_markup": "Can't parse reply keyboard markup JSON object",
    "reply_parameters": "Can't parse reply parameters JSON object",
    "link_preview_options": "Can't parse link preview options JSON object",
    "commands": "Can't parse commands JSON object",
    "scope": "Can't parse BotCommandScope JSON object",
    "results": "Can't parse JSON encoded inline query results",
    "result": "Can't parse JSON encoded web view query results",
    "button": "Can't parse inline query results button JSON object",
}
_NUMBER_WORDS: Final = {"user_id": "Invalid user_id specified"}
# A number that is none counts as 0 for Telegram, which is then said to be missing.
_ZERO_WHEN_WRONG: Final = frozenset({"message_id"})


async def raw_parameters(request: web.Request) -> Params:
    """What was sent, undecoded. Raises ApiError 400 for a body that is no JSON object."""
    given: Params = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise bad_request("Can't parse request body as JSON object")
        return given | body
    try:
        fields = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    for name, value in fields.items():
        given[name] = (
            Upload(value.filename, value.content_type, value.file.read())
            if isinstance(value, web.FileField)
            else value
        )
    return given


def form_parameters(content_type: str, body: bytes) -> Params:
    """The fields of a form, urlencoded or multipart."""
    if not content_type.startswith("multipart/"):
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    given: Params = {}
    for part in email.message_from_bytes(head + body).walk():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(data, bytes):
            continue
        file_name = part.get_filename()
        given[name] = (
            data.decode("utf-8", "replace")
            if file_name is None
            else Upload(file_name, part.get_content_type(), data)
        )
    return given


def decode_parameters(method: str, given: Params) -> Params:
    """The parameters of `method`, decoded by its table. Raises ApiError 400."""
    table = METHODS[method]
    uploads = {name: value for name, value in given.items() if isinstance(value, Upload)}
    decoded: Params = {}
    for name, value in given.items():
        if name not in table:
            if name in _attached_names(given.values()):
                continue
            raise bad_request(f'unknown parameter "{name}" of {method}')
        if name in NOT_YET:
            raise bad_request(f'the local Telegram does not know the parameter "{name}" yet')
        if value is not None:
            result = _decode(name, value, table[name], uploads)
            if result is not None:
                decoded[name] = result
                _check_encoding(result)
    return decoded


def _attached_names(values: Iterable[object]) -> set[str]:
    """The names after attach:// in plain parameters and inside of JSON ones."""
    names = set()
    for value in values:
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        names |= {part.split('"')[0] for part in text.split(_ATTACHED)[1:]}
    return names


def _decode(name: str, value: Any, kind: Kind, uploads: dict[str, Upload]) -> Any:
    if kind in {"file", "media"}:
        return _decode_file(name, value, uploads, in_object=kind == "media")
    return _DECODERS[kind](name, value)


def _decode_file(name: str, value: Any, uploads: dict[str, Upload], *, in_object: bool) -> Any:
    if not in_object:
        value = _upload_of(value, uploads)
        return value if value is None or isinstance(value, Upload) else _decode_str(name, value)
    media = _decode_json(name, value)
    if isinstance(media, dict):
        media = {field: _upload_of(part, uploads) for field, part in media.items()}
    return media


def _decode_str(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise bad_request(f'parameter "{name}" must be a String')
    return value


def _decode_chat(name: str, value: object) -> int | str:  # noqa: ARG001 - a decoder
    if _is_integer(value) and not isinstance(value, bool):
        return int(str(value))
    if isinstance(value, str) and value.startswith("@"):
        return value
    raise bad_request("chat not found" if value != "" else "chat_id is empty")


def _upload_of(value: Any, uploads: dict[str, Upload]) -> Any:
    """The upload that `attach://name` names, None if it is not there; any other value itself."""
    if isinstance(value, str) and value.startswith(_ATTACHED):
        return uploads.get(value.removeprefix(_ATTACHED))
    return value


def _decode_int(name: str, value: object) -> int:
    if isinstance(value, bool) or not _is_integer(value):
        if name in _ZERO_WHEN_WRONG:
            return 0
        words = f'parameter "{name}" must be an Integer, not {value!r}'
        raise bad_request(_NUMBER_WORDS.get(name, words))
    return int(str(value))


def _is_integer(value: object) -> bool:
    if isinstance(value, int):
        return True
    return isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii()


def _decode_bool(name: str, value: object) -> bool:
    if isinstance(value, str) and value.lower() in {"true", "yes", "1"}:
        return True
    if isinstance(value, str) and value.lower() in {"false", "no", "0", ""}:
        return False
    if isinstance(value, bool):
        return value
    raise bad_request(f'parameter "{name}" must be a Boolean, not {value!r}')


def _decode_json(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        words = _JSON_WORDS.get(name, f"Can't parse {name} JSON object")
        raise bad_request(words) from None


_DECODERS: Final[Mapping[Kind, Callable[[str, Any], Any]]] = {
    "str": _decode_str,
    "int": _decode_int,
    "bool": _decode_bool,
    "chat": _decode_chat,
    "json": _decode_json,
}


def _check_encoding(value: object) -> None:
    """JSON can smuggle in half a surrogate pair, which no UTF-8 has."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=repr)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
