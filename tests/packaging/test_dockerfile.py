"""The image: what can be held without building it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import bot

ROOT = Path(__file__).parents[2]
TEXT = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
STEPS = re.findall(r"^([A-Z]+) +(.*)$", TEXT, flags=re.MULTILINE)
LAST_STAGE = STEPS[max(n for n, (word, _) in enumerate(STEPS) if word == "FROM") :]
COPIED = [
    path
    for word, rest in STEPS
    if word == "COPY" and not rest.startswith("--from")
    for path in rest.split()[:-1]
]
IGNORED = (ROOT / ".dockerignore").read_text().splitlines()


def of(word: str) -> list[str]:
    return [rest for name, rest in LAST_STAGE if name == word]


def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "hadolint", "--no-color", ROOT / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("path", COPIED)
def test_what_is_copied_exists_and_is_sent_to_the_builder(path: str) -> None:
    assert f"!{path}" in IGNORED
    assert (ROOT / path).exists()


def test_nothing_else_is_sent_to_the_builder() -> None:
    assert "*" in IGNORED
    assert sorted(line[1:] for line in IGNORED if line.startswith("!")) == sorted(COPIED)


@pytest.mark.parametrize("name", ["run", "build"])
def test_all_that_is_installed_is_known_by_its_hash(name: str) -> None:
    assert f"install --require-hashes -r requirements/{name}.txt" in TEXT
    installs = re.findall(r"pip (?:--python \S+ )?(?:install|wheel) [^&\n]*", TEXT)
    assert len(installs) == 4
    for words in installs:
        assert "--require-hashes" in words or ("--no-index" in words and "--no-deps" in words)
    assert "PIP_ONLY_BINARY=:all:" in TEXT


def test_both_stages_have_the_same_base() -> None:
    """The environment of one runs on the interpreter of the other."""
    bases = [rest.split()[0] for word, rest in STEPS if word == "FROM"]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+", bases[0])


def test_the_image_has_no_root_and_no_build() -> None:
    (user,) = of("USER")
    assert re.fullmatch(r"[1-9][0-9]+:[1-9][0-9]+", user)
    assert not [step for step in of("RUN") if "pip" in step or "apt" in step]
    assert [step for step in of("COPY") if not step.startswith("--from=builder /venv ")] == []


def test_it_runs_the_bot_and_can_be_stopped() -> None:
    (command,) = of("ENTRYPOINT")
    assert json.loads(command) == ["python", "-m", "bot"]  # exec form: signals reach the bot
    assert of("STOPSIGNAL") == ["SIGTERM"]


def test_its_health_is_asked_without_a_shell() -> None:
    (check,) = of("HEALTHCHECK")
    assert json.loads(check.partition("CMD ")[2]) == ["python", "-m", "bot", "health"]
    for option in ("interval", "timeout", "start-period", "retries"):
        assert f"--{option}=" in check


def test_what_is_written_goes_where_it_may() -> None:
    settings = dict(pair.split("=", 1) for pair in " ".join(of("ENV")).split())
    assert of("VOLUME") == [settings["DATA_DIR"]]
    assert settings["PYTHONDONTWRITEBYTECODE"] == "1"
    # Compiled when the image is made, and believed whatever the times of the files say.
    assert "--invalidation-mode unchecked-hash" in TEXT


def test_its_labels_name_the_version() -> None:
    (labels,) = of("LABEL")
    assert f'org.opencontainers.image.version="{bot.__version__}"' in labels
    assert 'org.opencontainers.image.licenses="MIT"' in labels
