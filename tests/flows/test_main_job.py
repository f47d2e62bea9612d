"""One line in, one invoice and one card out."""

import json

from tests.world import World


async def test_one_line_makes_one_call_and_one_card(world: World) -> None:
    sent = await world.seller.send("/invoice 50 EUR")
    card = await world.seller.read("50.00", after=sent)

    (call,) = world.created
    assert b'"amount": 50,' in call.raw or b'"amount":50,' in call.raw
    body = json.loads(call.raw)
    assert body["currency"] == "EUR"
    assert body["shop_id"] == world.cloud.shop_id
    assert len(body["order_id"]) == 20
    assert call.headers["Authorization"] == f"Token {world.cloud.api_key}"

    (invoice,) = world.cloud.invoices
    first = card.buttons[0][0]
    assert (first.kind, first.value) == ("url", f"{world.cloud.url[:-3]}/pay/{invoice.id}")
    assert len(world.cards(world.seller)) == 1
