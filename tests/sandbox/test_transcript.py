from datetime import timedelta, timezone

from bot.sandbox.telegram.views import Button, Message
from bot.sandbox.transcript import cells, plain_text, render_chat, render_message

TZ = timezone(timedelta(hours=2))
THEN = 1_800_000_000  # Friday, 15 January 2027, 08:00:00 UTC


def card(text: str = "50 EUR", **fields: object) -> Message:
    return Message(
        **{  # type: ignore[arg-type]
            "id": 2,
            "chat_id": 1,
            "sender": "Bot",
            "from_bot": True,
            "date": THEN,
            "text": text,
            **fields,
        }
    )


def when(form: str, offset: int = 0) -> dict[str, object]:
    return {
        "type": "date_time",
        "offset": offset,
        "length": 4,
        "unix_time": THEN + 7_200,
        "date_time_format": form,
    }


def test_a_card() -> None:
    buttons = (
        (Button("Pay 50 EUR", "url", "https://pay.example/1", "success"),),
        (Button("Copy link", "copy", "x"), Button("Refresh", "callback", "r")),
        (Button("Paid", "disabled"),),
    )
    assert render_message(card("50 EUR · open", buttons=buttons, edited=True), tz=TZ) == (
        "Bot #2 · 10:00 · edited\n"
        "  50 EUR · open\n"
        "  [ Pay 50 EUR ↗ ]\n"
        "  [ Copy link ⧉ ] [ Refresh ]\n"
        "  ( Paid )"
    )


def test_a_chat_is_drawn_oldest_first() -> None:
    asked = card("/invoice 50 EUR", id=1, sender="Seller", from_bot=False)
    assert render_chat([asked, card(reply_to=1)], tz=TZ) == (
        "Seller #1 · 10:00\n  /invoice 50 EUR\n\nBot #2 · 10:00 · reply to #1\n  50 EUR"
    )


def test_an_empty_chat() -> None:
    assert render_chat([]) == "(no messages)"


def test_times_are_the_readers() -> None:
    entities = (when("wDT", 6),)
    assert plain_text(card("until then 👍", entities=entities), tz=TZ) == (
        "until Friday, 15 January 2027, 12:00:00 👍"
    )
    assert plain_text(card("then", entities=(when("dt"),)), tz=TZ) == "15.01.27, 12:00"
    assert plain_text(card("then", entities=(when("r"),)), tz=TZ) == "in 2 hours"
    assert plain_text(card("then", entities=(when(""),)), tz=TZ) == "then"


def test_a_link_shows_where_it_leads() -> None:
    link = {"type": "text_link", "offset": 3, "length": 4, "url": "https://a.example/"}
    assert plain_text(card("👍 here", entities=(link,))) == "👍 here <https://a.example/>"


def test_nothing_is_wider_than_asked() -> None:
    buttons = (tuple(Button(f"Coin {n}", "callback", "c") for n in range(8)),)
    drawn = render_message(card("word " * 30 + "付" * 60, buttons=buttons), width=40, tz=TZ)
    assert max(map(cells, drawn.split("\n"))) <= 40
    assert drawn.count("付") == 60
    assert all(f"[ Coin {n} ]" in drawn for n in range(8))
