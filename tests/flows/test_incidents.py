"""What fails for no reason a person could help is answered with a number, and with nothing else."""

import re
from typing import Any

import pytest

from bot.logs_redaction import HIDDEN, redactor
from bot.sandbox.telegram import Person
from bot.services.invoicing import Invoicing
from bot.telegram.texts import general
from tests.flows.driving import alert, data_of, say
from tests.leaks import Finder
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBER = re.compile(r"\b[0-9a-f]{8}\b")


def failing(world: World) -> Any:
    """Raises what a library might, with all that it was given."""
    token, key = world.telegram.token, world.cloud.api_key

    def fail(*_: Any, **__: Any) -> None:
        error = RuntimeError(f"GET /bot{token}/getFile with Authorization: Token {key}")
        error.add_note(f"on behalf of {world.cloud.secret_key}")
        raise error

    return fail


def finder(world: World) -> Finder:
    found = Finder()
    found.know_settings(world.settings)
    return found


async def test_the_answer_to_a_message_has_a_number_and_no_secret(
    house: World,
    seller: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(general, "currencies", failing(house))
    told = await say(seller, "/currencies")
    number = NUMBER.search(told.text)
    assert number is not None
    assert finder(house).find(told.text) == []
    assert "getFile" not in told.text
    assert f"incident {number[0]}" in caplog.text
    written = redactor(house.settings.secrets())(caplog.text)
    assert f"GET /bot{HIDDEN}/getFile" in written
    assert finder(house).find(written) == []


async def test_the_window_over_a_button_has_a_number_and_no_secret(
    house: World, seller: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = await say(seller, "50 EUR")
    monkeypatch.setattr(Invoicing, "issue", failing(house))
    said = await alert(seller, data_of(summary, "Create"), summary.id)
    assert NUMBER.search(said) is not None
    assert finder(house).find(said) == []
    assert "getFile" not in said
