"""Files that were uploaded: their identifiers, what Telegram checks in them, and their bytes."""

import hashlib
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final, Literal

from bot.sandbox.telegram.errors import bad_request

Kind = Literal["photo", "document"]

MOST_PHOTO: Final = 10 * 2**20  # bytes
MOST_DOWNLOAD: Final = 20 * 2**20
_SIDES: Final = 10_000  # width and height of a photo together
_RATIO: Final = 20
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_FOLDERS: Final[dict[Kind, str]] = {"photo": "photos", "document": "documents"}
_NAMES: Final[dict[Kind, str]] = {"photo": "Photo", "document": "Document"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came with a request."""

    name: str
    mime_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`path` is that of its download; width and height are a photo's, in pixels."""

    id: str
    unique_id: str
    kind: Kind
    path: str
    name: str
    mime_type: str
    data: bytes = field(repr=False)
    width: int = 0
    height: int = 0

    def as_api(self) -> dict[str, Any]:
        """The File object."""
        shown = self._common()
        return shown | {"file_path": self.path} if len(self.data) <= MOST_DOWNLOAD else shown

    def as_photo_size(self) -> dict[str, Any]:
        return {**self._common(), "width": self.width, "height": self.height}

    def as_document(self) -> dict[str, Any]:
        return {**self._common(), "file_name": self.name, "mime_type": self.mime_type}

    def _common(self) -> dict[str, Any]:
        return {
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }


@dataclass(frozen=True, slots=True)
class Media:
    """A file in a message."""

    file: StoredFile
    above: bool = False
    spoiler: bool = False

    def as_api(self) -> dict[str, Any]:
        """The fields of the Message object. A photo has one size here, the one sent."""
        if self.file.kind == "document":
            return {"document": self.file.as_document()}
        flags = {"show_caption_above_media": self.above, "has_media_spoiler": self.spoiler}
        shown = {name: True for name, is_set in flags.items() if is_set}
        return {"photo": [self.file.as_photo_size()], **shown}


class Files:
    """All files of one bot."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._serial = count(0)

    def store(self, upload: Upload, kind: Kind) -> StoredFile:
        """Keep an upload. Raises ApiError 400 for what Telegram does not take."""
        size = len(upload.data)
        if not size:
            raise bad_request("File must be non-empty")
        file = self._made(upload, kind)
        if kind == "photo":
            if size > MOST_PHOTO:
                words = f"is too big for a photo; the maximum size is {MOST_PHOTO} bytes"
                raise bad_request(f"File of size {size} bytes {words}")
            width, height = _checked_sides(upload.data)
            file = replace(file, width=width, height=height)
        self._by_id[file.id] = self._by_path[file.path] = file
        return file

    def find(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """The file of a download path."""
        return self._by_path.get(path)

    def resolve(self, given: Upload | str, kind: Kind) -> StoredFile:
        """What a request names: an upload or the identifier of a known file.

        Raises ApiError 400, also for an address: nothing is fetched from anywhere here.
        """
        if isinstance(given, Upload):
            return self.store(given, kind)
        if given.lower().startswith(("http://", "https://")):
            raise bad_request("Failed to get HTTP URL content")
        file = self.find(given)
        if file is None:
            raise bad_request("Wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise bad_request(f"Can't use file of type {_NAMES[file.kind]} as {_NAMES[kind]}")
        return file

    def _made(self, upload: Upload, kind: Kind) -> StoredFile:
        number = next(self._serial)
        digest = hashlib.sha256(upload.data).hexdigest()
        ending = "jpg" if kind == "photo" else upload.name.rpartition(".")[2].lower() or "bin"
        prefix = "AgAC" if kind == "photo" else "BQAC"
        return StoredFile(
            id=f"{prefix}{digest[:40]}-{number}",
            unique_id=f"AQAD{digest[:12]}",
            kind=kind,
            path=f"{_FOLDERS[kind]}/file_{number}.{ending}",
            name=upload.name,
            mime_type=upload.mime_type,
            data=upload.data,
        )


def _checked_sides(data: bytes) -> tuple[int, int]:
    sides = _png_sides(data) or _jpeg_sides(data)
    if sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = sides
    if not (width and height) or width + height > _SIDES or max(sides) > _RATIO * min(sides):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return sides


def _png_sides(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(_PNG) or data[12:16] != b"IHDR":
        return None
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _jpeg_sides(data: bytes) -> tuple[int, int] | None:
    """Width and height from the frame header: T.81, B.2.2."""
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:  # noqa: PLR2004 - SOF0-15
            height, width = data[at + 5 : at + 7], data[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
