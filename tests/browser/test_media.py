"""Pictures, files, and messages that only one member of a group sees."""

from io import BytesIO
from typing import Any

import segno
from aiohttp import FormData
from playwright.async_api import Locator, expect

from tests.browser.visit import Visit

BUTTONS = {"inline_keyboard": [[{"text": "Mine", "callback_data": "mine"}]]}


def upload(visit: Visit, field: str, name: str, data: bytes) -> FormData:
    form = FormData()
    form.add_field("chat_id", str(visit.stage.seller.id))
    form.add_field("caption", "For you")
    form.add_field(field, data, filename=name)
    return form


def code() -> bytes:
    image = BytesIO()
    segno.make_qr("SANDBOX").save(image, kind="png", scale=8)
    return image.getvalue()


async def loaded(image: Locator) -> bool:
    await expect(image).to_be_visible()
    width: int = await image.evaluate("async node => (await node.decode(), node.naturalWidth)")
    return width > 0


async def test_a_picture_is_shown_with_its_caption(visit: Visit) -> None:
    sent = await visit.call("sendPhoto", upload(visit, "photo", "qr.png", code()))
    message = await visit.message(sent)
    assert await loaded(message.get_by_role("img", name="Photo"))
    await expect(message).to_contain_text("For you")
    await visit.page.reload()
    assert await loaded((await visit.message(sent)).get_by_role("img", name="Photo"))


async def test_a_file_can_be_saved(visit: Visit) -> None:
    sent = await visit.call("sendDocument", upload(visit, "document", "list.csv", b"id,amount\n"))
    message = await visit.message(sent)
    async with visit.page.expect_download() as saved:
        await message.get_by_role("link", name="list.csv").click()
    download = await saved.value
    assert download.suggested_filename == "list.csv"


async def ephemeral(visit: Visit, **more: Any) -> Any:
    return await visit.call(
        "sendMessage",
        chat_id=visit.stage.team.id,
        text="Between us",
        ephemeral_message_parameters={"receiver_user_id": visit.stage.seller.id, **more},
        reply_markup=BUTTONS,
    )


async def test_an_ephemeral_message_is_marked_and_seen_by_one_only(visit: Visit) -> None:
    await visit.be("Seller", "team")
    sent = await ephemeral(visit)
    message = await visit.message(sent)
    await expect(message).to_contain_text("Only you can see this")
    await visit.be("Buyer", "team")
    await expect(visit.log.get_by_text("Between us")).to_have_count(0)
    await ephemeral(visit)
    await visit.stage.seller.send("to all", chat=visit.stage.team)
    await expect(visit.log.get_by_text("to all")).to_be_visible()
    await expect(visit.log.get_by_text("Between us")).to_have_count(0)


async def test_one_may_stand_in_the_place_of_another(visit: Visit) -> None:
    await visit.be("Seller", "team")
    team = visit.stage.team
    public = await visit.call("sendMessage", chat_id=team.id, text="For all", reply_markup=BUTTONS)
    await visit.message(public)
    tapped = await visit.stage.seller.tap_data("mine", public["message_id"], chat=team)
    sent = await ephemeral(
        visit,
        callback_query_id=tapped.callback_ids[0],
        replace_callback_query_message=True,
    )
    await expect(visit.log.get_by_text("For all")).to_have_count(0)
    await expect(visit.log.get_by_text("Between us")).to_be_visible()
    await visit.call(
        "deleteEphemeralMessage",
        chat_id=team.id,
        receiver_user_id=visit.stage.seller.id,
        ephemeral_message_id=sent["ephemeral_message_id"],
    )
    await expect(visit.log.get_by_text("For all")).to_be_visible()
    await expect(visit.log.get_by_text("Between us")).to_have_count(0)
