"""One line in, one invoice and one card out."""

import json

from tests.flows.driving import settled
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


async def test_what_the_provider_tells_of_the_coin_is_in_the_card_from_the_first(
    world: World,
) -> None:
    """It was edited right after it was sent, to say the same, and no more that it repeats."""
    sent = await world.seller.send("/invoice 50 EUR btc")
    card = await world.seller.read("Send exactly", after=sent)
    await settled(world)
    assert [one.id for one in world.cards(world.seller)] == [card.id]
    assert world.telegram.called("editMessageText") == []
