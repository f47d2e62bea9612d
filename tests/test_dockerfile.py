"""The image: what can be held without building it."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
STEPS = re.findall(r"^([A-Z]+) +(.*)$", TEXT, flags=re.MULTILINE)
LAST_STAGE = STEPS[max(n for n, (word, _) in enumerate(STEPS) if word == "FROM") :]
COPIED = [
    path
    for word, rest in STEPS
    if word == "COPY" and not rest.startswith("--from")
    for path in rest.split()[:-1]
]


def of(word: str) -> list[str]:
    return [rest for name, rest in LAST_STAGE if name == word]


@pytest.mark.parametrize("path", COPIED)
def test_what_is_copied_exists_and_is_sent_to_the_builder(path: str) -> None:
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    assert f"!{path}" in allowed
    assert (ROOT / path).exists()


def test_nothing_else_is_sent_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    assert sorted(line[1:] for line in lines if line.startswith("!")) == sorted(COPIED)


def test_dependencies_are_installed_by_their_hashes() -> None:
    assert "--require-hashes -r requirements/run.txt" in TEXT


def test_the_image_has_no_root_and_no_build() -> None:
    (user,) = of("USER")
    assert re.fullmatch(r"[1-9][0-9]+:[1-9][0-9]+", user)
    assert not [step for step in of("RUN") if "pip" in step or "apt" in step]


def test_it_runs_the_bot_and_can_be_stopped() -> None:
    (command,) = of("ENTRYPOINT")
    assert json.loads(command) == ["python", "-m", "bot"]  # exec form: signals reach the bot
    assert of("STOPSIGNAL") == ["SIGTERM"]


def test_data_are_kept_outside_the_image() -> None:
    assert of("VOLUME") == ["/data"]
    assert "DATA_DIR=/data" in " ".join(of("ENV")).split()
