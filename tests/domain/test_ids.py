"""Ids and codes are told from anything else by their shape."""

import pytest

from bot.domain import ids


def test_what_is_made_has_its_shape() -> None:
    for _ in range(1000):
        assert ids.is_invite(ids.new_invite())
        assert ids.is_id(ids.new_nonce())


@pytest.mark.parametrize(
    "text",
    ["", "x", "A" * 15, "A" * 17, "A" * 16 + "\n", "A" * 15 + "*", "A" * 15 + "\ud800", "А" * 16],
)
def test_anything_else_is_no_invite(text: str) -> None:
    assert not ids.is_invite(text)
