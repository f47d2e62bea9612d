"""`make audit`: known vulnerabilities in what the bot runs on, by pip-audit.

pip-audit ends well when it could ask nobody: packages that its database does not have are
"skipped". Here that is said aloud, and a database that is away is no failure of the project.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

SERVICES: Final = ("osv", "pypi")  # pip-audit's names of the databases, the first that answers
SECONDS: Final = 600
FOUND, BROKEN = 1, 2

# What the last line of a traceback says when the network is to blame.
_AWAY: Final = ("ConnectionError", "ConnectTimeout", "ReadTimeout", "ProxyError", "ServiceError")


class Away(Exception):
    """The database could not be asked; the text says why."""


class Broken(Exception):
    """pip-audit itself failed; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Findings:
    """`examined` counts packages; `unknown` names those that nobody could say anything about."""

    examined: int = 0
    unknown: tuple[str, ...] = ()
    vulnerable: tuple[str, ...] = field(default=())


def read(said: str, error: str) -> Findings:
    """What pip-audit found. Raises Away or Broken where it did not come to that."""
    try:
        packages = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (error.strip().splitlines() or ["nothing was said"])[-1]
        kind = last.partition(":")[0].rpartition(".")[2]
        if any(sign in kind for sign in _AWAY):
            raise Away(kind) from None
        raise Broken(last) from None
    unknown = tuple(one["name"] for one in packages if "skip_reason" in one)
    if packages and len(unknown) == len(packages):
        raise Away("it knows none of the packages")
    return Findings(len(packages) - len(unknown), unknown, tuple(_vulnerable(packages)))


def _vulnerable(packages: Sequence[dict[str, Any]]) -> Iterator[str]:
    for package in packages:
        for known in package.get("vulns", ()):
            names = ", ".join([known["id"], *known.get("aliases", ())])
            fixed = ", ".join(known.get("fix_versions", ())) or "no version yet"
            yield f"{package['name']} {package['version']}: {names}; fixed in {fixed}"


def verdict(findings: Findings) -> tuple[list[str], int]:
    """What to print, and the exit status."""
    lines = list(findings.vulnerable)
    if findings.unknown:
        lines.append(f"!!! NOT AUDITED, unknown to the database: {', '.join(findings.unknown)}")
    count = len(findings.vulnerable)
    lines.append(f"audit: {findings.examined} packages, {count} known vulnerabilities")
    return lines, FOUND if count else 0


def audit(program: Path, requirements: Path) -> tuple[list[str], int]:
    """Asks one database after the other until one answers."""
    reasons = []
    for service in SERVICES:
        words = ["--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json"]
        done = subprocess.run(  # noqa: S603 -- what is run is named in the Makefile
            [program, *words, f"--vulnerability-service={service}", "-r", requirements],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        try:
            return verdict(read(done.stdout, done.stderr))
        except Away as reason:
            reasons.append(f"{service}: {reason}")
        except Broken as error:
            return [f"audit: pip-audit failed: {error}"], BROKEN
    return [f"!!! AUDIT SKIPPED, no database of vulnerabilities answers ({'; '.join(reasons)})"], 0


def main() -> int:
    """Arguments: the program pip-audit, the locked requirements."""
    lines, status = audit(Path(sys.argv[1]), Path(sys.argv[2]))
    print(*lines, sep="\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
