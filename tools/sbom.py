"""`make sbom`: what the bot is made of, in CycloneDX JSON, from the locked requirements.

The generator notes for each package an address that it assumes; where packages come from is the
matter of whoever installs them, so those are left out. Their hashes stay.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from bot import __version__


def without_addresses(bom: dict[str, Any]) -> dict[str, Any]:
    """The same document; the hashes of a package's files go from its address to itself."""
    for component in bom["components"]:
        references = component.pop("externalReferences", ())
        found = [one for reference in references for one in reference.get("hashes", ())]
        if found:
            component["hashes"] = found
        component.pop("description", None)  # the lines of the lock file over again
    for tool in bom["metadata"].get("tools", {}).get("components", ()):
        tool.pop("externalReferences", None)
    return bom


def with_root(bom: dict[str, Any], needs: list[str]) -> dict[str, Any]:
    """The same document, which says for which packages the bot itself asks: `needs`, as in
    pyproject.toml. A lock file does not tell."""
    references = {one["name"]: one["bom-ref"] for one in bom["components"]}
    about = bom["metadata"]["component"]
    about.setdefault("version", __version__)
    names = {re.split(r"[^A-Za-z0-9._-]", need)[0].lower().replace("_", "-") for need in needs}
    known = {one["ref"]: one for one in bom["dependencies"]}
    root = known.setdefault(about["bom-ref"], {"ref": about["bom-ref"]})
    root["dependsOn"] = sorted(references[name] for name in names)
    bom["dependencies"] = list(known.values())
    return bom


def main() -> int:
    """Arguments: the program cyclonedx-py, pyproject.toml, the locked requirements, the result."""
    program, project, requirements, result = map(Path, sys.argv[1:])
    done = subprocess.run(  # noqa: S603 -- what is run is named in the Makefile
        [
            *(program, "requirements", "--pyproject", project, "--mc-type", "application"),
            *("--spec-version", "1.6", "--output-format", "JSON", "--output-reproducible"),
            requirements,
        ],
        stdout=subprocess.PIPE,
        # It misses the direct dependencies, which are added below.
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        check=True,
    )
    needs = tomllib.loads(project.read_text())["project"]["dependencies"]
    bom = with_root(without_addresses(json.loads(done.stdout)), needs)
    result.parent.mkdir(parents=True, exist_ok=True)
    result.write_text(json.dumps(bom, indent=2, sort_keys=True) + "\n")
    print(f"{result}: {len(bom['components'])} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
