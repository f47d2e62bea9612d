"""A minute of what `make soak` does for twenty: nothing grows but the records."""

import pytest

from benchmarks.soak import Soak, main


def test_a_minute_of_load_leaves_nothing_behind(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--seconds", "60"])
    said = capsys.readouterr()
    assert status == 0, said.err + said.out
    with capsys.disabled():
        print(f"\n{said.out.strip()}")  # noqa: T201 - a figure


def test_what_grows_is_named() -> None:
    done = Soak(asked=2, answered=1, memory=[100.0] * 20 + [106.0] * 20)
    done.before.update({"inv": 5, "turn": 1})
    done.after.update({"inv": 9, "turn": 3})
    assert done.broken == [
        "1 updates had no answer",
        "memory grew from 100.0 to 106.0 MB",
        "turn grew by 2",
    ]
