"""Photos and documents: uploads, identifiers, captions, downloads."""

import io

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, Message

from bot.sandbox.telegram import LocalTelegram, Person, site
from bot.sandbox.telegram.files import MOST_DOWNLOAD, MOST_PHOTO
from tests.sandbox.telegram.bots import keyboard
from tests.sandbox.telegram.pictures import jpeg_head, png


def picture(data: bytes | None = None) -> BufferedInputFile:
    return BufferedInputFile(png(4, 5) if data is None else data, "qr.png")


async def test_a_photo_with_a_caption(bot: Bot, seller: Person) -> None:
    sent = await bot.send_photo(
        seller.id,
        picture(),
        caption="<b>50</b> EUR",
        parse_mode="HTML",
        show_caption_above_media=True,
        has_spoiler=True,
        reply_markup=keyboard("Pay"),
    )
    assert sent.photo is not None
    assert (sent.photo[-1].width, sent.photo[-1].height) == (4, 5)
    assert (sent.caption, sent.text) == ("50 EUR", None)
    assert sent.caption_entities is not None
    assert (sent.show_caption_above_media, sent.has_media_spoiler) == (True, True)
    (seen,) = seller.messages()
    assert (seen.text, seen.html, seen.labels) == ("50 EUR", "<b>50</b> EUR", ["Pay"])
    assert seen.photo is not None
    assert seen.photo.data == png(4, 5)


async def test_a_photo_needs_no_caption(bot: Bot, seller: Person) -> None:
    sent = await bot.send_photo(seller.id, picture())
    assert (sent.caption, sent.caption_entities) == (None, None)


async def test_the_sides_of_a_jpeg(bot: Bot, seller: Person) -> None:
    sent = await bot.send_photo(seller.id, picture(jpeg_head(640, 480)))
    assert sent.photo is not None
    assert (sent.photo[-1].width, sent.photo[-1].height) == (640, 480)


async def test_a_file_is_sent_again_by_its_identifier(bot: Bot, seller: Person) -> None:
    first = await bot.send_photo(seller.id, picture())
    assert first.photo is not None
    second = await bot.send_photo(seller.id, first.photo[-1].file_id)
    assert second.photo is not None
    assert second.photo[-1].file_unique_id == first.photo[-1].file_unique_id


async def test_a_photo_is_no_document(bot: Bot, seller: Person) -> None:
    first = await bot.send_photo(seller.id, picture())
    assert first.photo is not None
    with pytest.raises(TelegramBadRequest, match="can't use file of type Photo as Document"):
        await bot.send_document(seller.id, first.photo[-1].file_id)


async def test_a_document_comes_back_as_it_was(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    data = "№;сумма\n1;50".encode()
    sent = await bot.send_document(seller.id, BufferedInputFile(data, "счета.csv"))
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == ("счета.csv", len(data))
    (seen,) = seller.messages()
    assert seen.document is not None
    assert seen.document.name == "счета.csv"
    got = io.BytesIO()
    await bot.download(sent.document.file_id, got)
    assert got.getvalue() == data


@pytest.mark.parametrize("wrong", ["token", "path"])
async def test_a_download_takes_the_token_and_the_path(
    bot: Bot, telegram: LocalTelegram, seller: Person, wrong: str
) -> None:
    sent = await bot.send_document(seller.id, BufferedInputFile(b"a", "a.txt"))
    assert sent.document is not None
    path = (await bot.get_file(sent.document.file_id)).file_path
    token = "1:x" if wrong == "token" else telegram.token
    url = f"{telegram.url}/file/bot{token}/{path}{'x' if wrong == 'path' else ''}"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "file must be non-empty"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(1, 21), "PHOTO_INVALID_DIMENSIONS"),
        (jpeg_head(6000, 4001), "PHOTO_INVALID_DIMENSIONS"),
        (jpeg_head(0, 10), "PHOTO_INVALID_DIMENSIONS"),
        (b"\xff\xd8" + b"\0" * 20, "IMAGE_PROCESS_FAILED"),
        (
            b"\0" * (MOST_PHOTO + 1),
            f"too big for a photo; the maximum size is {MOST_PHOTO} bytes",
        ),
    ],
    ids=["empty", "no-picture", "ratio", "sides", "no-width", "cut", "big"],
)
async def test_a_photo_that_is_not_taken(bot: Bot, seller: Person, data: bytes, words: str) -> None:
    with pytest.raises(TelegramBadRequest, match=words):
        await bot.send_photo(seller.id, picture(data))
    assert seller.messages() == []


async def test_a_document_over_20_mb_cannot_be_got_back(bot: Bot, seller: Person) -> None:
    big = BufferedInputFile(b"\0" * (MOST_DOWNLOAD + 1), "big.bin")
    sent = await bot.send_document(seller.id, big)
    assert sent.document is not None
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(sent.document.file_id)


@pytest.mark.parametrize("length", [1024, 1025])
async def test_a_caption_has_at_most_1024_units(bot: Bot, seller: Person, length: int) -> None:
    caption = "😀" * (length // 2) + "a" * (length % 2)
    if length <= 1024:
        await bot.send_photo(seller.id, picture(), caption=caption)
        return
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_photo(seller.id, picture(), caption=caption)


async def photo(bot: Bot, seller: Person) -> Message:
    return await bot.send_photo(seller.id, picture(), caption="open", reply_markup=keyboard("Pay"))


async def test_editing_a_caption(bot: Bot, seller: Person) -> None:
    sent = await photo(bot, seller)
    edited = await bot.edit_message_caption(
        chat_id=seller.id, message_id=sent.message_id, caption="paid"
    )
    assert isinstance(edited, Message)
    assert (edited.caption, edited.reply_markup) == ("paid", None)
    assert edited.photo is not None
    cleared = await bot.edit_message_caption(chat_id=seller.id, message_id=sent.message_id)
    assert isinstance(cleared, Message)
    assert cleared.caption is None


async def test_editing_a_caption_to_what_it_is(bot: Bot, seller: Person) -> None:
    sent = await photo(bot, seller)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_caption(
            chat_id=seller.id,
            message_id=sent.message_id,
            caption="open",
            reply_markup=keyboard("Pay"),
        )


async def test_a_photo_has_no_text_to_edit(bot: Bot, seller: Person) -> None:
    sent = await photo(bot, seller)
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("paid", chat_id=seller.id, message_id=sent.message_id)


async def test_a_body_that_is_too_large(
    telegram: LocalTelegram, seller: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_LARGEST_BODY", 1000)  # instead of 50 MB
    await telegram.close()
    await telegram.start()
    form = aiohttp.FormData({"chat_id": str(seller.id)})
    form.add_field("document", io.BytesIO(b"\0" * 1001), filename="big.bin")
    url = f"{telegram.url}/bot{telegram.token}/sendDocument"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
        assert response.status == 413
        assert (await response.json())["description"] == "Request Entity Too Large"


async def test_an_upload_that_nothing_refers_to(telegram: LocalTelegram, seller: Person) -> None:
    form = aiohttp.FormData({"chat_id": str(seller.id), "text": "a"})
    form.add_field("leftover", b"a", filename="a.txt")
    url = f"{telegram.url}/bot{telegram.token}/sendMessage"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
        words = (await response.json())["description"]
    assert words == 'Bad Request: unknown parameter "leftover" of sendMessage'
