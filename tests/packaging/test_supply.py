"""What comes from others: pinned by hash, examined, listed."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tools.audit import Away, Broken, Findings, audit, read, verdict
from tools.sbom import with_root, without_addresses

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

every_lock = pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)


def pinned(lock: Path) -> dict[str, str]:
    """Name and version of each package; it has hashes, or this fails."""
    text = lock.read_text().replace("\\\n", " ")
    found = {}
    for line in filter(str.strip, text.splitlines()):
        match = re.fullmatch(
            r"([a-z0-9.-]+)(?:\[[a-z0-9,-]+\])?==(\S+)(?: ; [^#]+?)?"
            r"(?:\s+--hash=sha256:[0-9a-f]{64})+\s*",
            line,
        )
        assert match is not None, line
        found[match[1]] = match[2]
    return found


def name_of(need: str) -> str:
    return re.split(r"[^a-z0-9.-]", need)[0]


@every_lock
def test_every_package_is_pinned_by_hash_and_nothing_else_is_said(lock: Path) -> None:
    assert pinned(lock)


def test_what_the_bot_needs_is_locked() -> None:
    needed = {name_of(need) for need in PROJECT["project"]["dependencies"]}
    assert needed <= pinned(ROOT / "requirements/run.txt").keys()


def test_tests_run_on_what_the_image_runs_on() -> None:
    run, dev = (pinned(ROOT / f"requirements/{name}.txt") for name in ("run", "dev"))
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("name", ["build", "audit"])
def test_tools_are_locked(name: str) -> None:
    lines = (ROOT / f"requirements/{name}.in").read_text().splitlines()
    needed = {name_of(line) for line in lines if not line.startswith("#")}
    assert needed
    assert needed <= pinned(ROOT / f"requirements/{name}.txt").keys()


def test_the_build_has_what_it_asks_for() -> None:
    asked = {name_of(need) for need in PROJECT["build-system"]["requires"]}
    assert asked <= pinned(ROOT / "requirements/build.txt").keys()


# As pip-audit 2.10 says it.
CLEAN = '{"dependencies": [{"name": "a", "version": "1.0", "vulns": []}], "fixes": []}'
SKIPPED = '{"name": "b", "skip_reason": "Dependency not found and could not be audited: b (1.0)"}'
NONE_KNOWN = f'{{"dependencies": [{SKIPPED}], "fixes": []}}'
ONE_UNKNOWN = CLEAN.replace('"vulns": []}', f'"vulns": []}}, {SKIPPED}')
VULNERABLE = CLEAN.replace(
    '"vulns": []',
    '"vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["1.1"]}]',
)
NO_NETWORK = "Traceback (most recent call last):\n  File\nrequests.exceptions.ConnectionError: Host"
NO_SERVICE = "pip_audit._service.interface.ConnectionError: Could not connect to the service"
NO_FILE = "ERROR:pip_audit._cli:invalid requirements input: x.txt"


def test_nothing_is_known() -> None:
    assert read(CLEAN, "") == Findings(examined=1)
    assert verdict(read(CLEAN, "")) == (["audit: 1 packages, 0 known vulnerabilities"], 0)


def test_something_is_known_and_fails() -> None:
    lines, status = verdict(read(VULNERABLE, "Found 1 known vulnerability in 1 package"))
    assert lines == [
        "a 1.0: PYSEC-1, CVE-1; fixed in 1.1",
        "audit: 1 packages, 1 known vulnerabilities",
    ]
    assert status == 1


def test_what_was_not_looked_at_is_said_aloud() -> None:
    lines, status = verdict(read(ONE_UNKNOWN, "No known vulnerabilities found"))
    assert lines[0] == "!!! NOT AUDITED, unknown to the database: b"
    assert status == 0


@pytest.mark.parametrize(
    ("said", "error"), [(NONE_KNOWN, "No known …"), ("", NO_NETWORK), ("", NO_SERVICE)]
)
def test_a_database_that_is_away_is_no_clean_bill(said: str, error: str) -> None:
    with pytest.raises(Away):
        read(said, error)


@pytest.mark.parametrize(("said", "error"), [("", NO_FILE), ("", ""), ("[]", ""), ("null", "")])
def test_a_failure_of_the_tool_is_no_database_that_is_away(said: str, error: str) -> None:
    with pytest.raises(Broken):
        read(said, error)


def program(folder: Path, **answers: tuple[str, str]) -> Path:
    """Stands for pip-audit: says what is known of each database."""
    cases = "".join(
        f"*service={name}*) printf '%s' '{said}'; echo '{error}' >&2;;\n"
        for name, (said, error) in answers.items()
    )
    path = folder / "pip-audit"
    path.write_text(f'#!/bin/sh\ncase "$*" in\n{cases}esac\n')
    path.chmod(0o755)
    return path


def test_the_second_database_is_asked_when_the_first_is_away(tmp_path: Path) -> None:
    tool = program(tmp_path, osv=("", NO_NETWORK), pypi=(VULNERABLE, ""))
    assert audit(tool, Path("run.txt"))[1] == 1


def test_no_database_answers_is_one_loud_line_and_no_failure(tmp_path: Path) -> None:
    tool = program(tmp_path, osv=("", NO_NETWORK), pypi=(NONE_KNOWN, ""))
    (line,), status = audit(tool, Path("run.txt"))
    assert line.startswith("!!! AUDIT SKIPPED, no database of vulnerabilities answers (osv: Conn")
    assert status == 0


def test_a_broken_audit_fails(tmp_path: Path) -> None:
    assert audit(program(tmp_path, osv=("", NO_FILE)), Path("run.txt"))[1] == 2


def document() -> dict[str, Any]:
    """As cyclonedx-py 7.5 makes it of a lock file, shortened."""
    return {
        "metadata": {
            "component": {"bom-ref": "root", "name": "invoice-bot"},
            "tools": {"components": [{"name": "t", "externalReferences": [{"url": "https://x"}]}]},
        },
        "components": [
            {
                "bom-ref": "requirements-L1",
                "name": "prometheus-client",
                "description": "requirements line 1: …",
                "externalReferences": [
                    {
                        "type": "distribution",
                        "url": "https://index/prometheus-client/",
                        "hashes": [{"alg": "SHA-256", "content": "00"}],
                    }
                ],
            }
        ],
        "dependencies": [{"ref": "requirements-L1"}, {"ref": "root"}],
    }


def test_the_sbom_keeps_hashes_and_names_no_index() -> None:
    bom = without_addresses(document())
    assert "https://" not in str(bom)
    assert bom["components"][0]["hashes"] == [{"alg": "SHA-256", "content": "00"}]


def test_the_sbom_says_what_the_bot_itself_asks_for() -> None:
    bom = with_root(document(), ["prometheus_client>=0.22; sys_platform != 'win32'"])
    assert {"ref": "root", "dependsOn": ["requirements-L1"]} in bom["dependencies"]
    assert bom["metadata"]["component"]["version"]
