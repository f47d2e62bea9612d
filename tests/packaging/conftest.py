"""The wheel, installed alone: a test of it must not find the checkout."""

import shutil
import socket
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hatchling
import pytest

ROOT = Path(__file__).parents[2]
DEPENDENCIES = Path(hatchling.__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Installed:
    """A virtual environment with the wheel; its dependencies are those of the suite's own."""

    wheel: Path
    environment: Path

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`python -m bot` somewhere else, with nothing in the environment but this."""
        return subprocess.run(
            [self.python, "-m", "bot", *words],
            cwd="/",
            env={"PYTHONSAFEPATH": "1", **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture(scope="session")
def installed() -> Iterator[Installed]:
    """Built and installed without a network. The folder is open to every user of the machine."""
    folder = Path(tempfile.mkdtemp(prefix="invoice-bot-wheel-"))
    folder.chmod(0o755)
    try:
        quietly("hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=ROOT)
        (wheel,) = folder.glob("*.whl")
        environment = folder / "venv"
        venv.create(environment, symlinks=True)
        (packages,) = environment.glob("lib/python*/site-packages")
        quietly(
            *("pip", "--quiet", "--disable-pip-version-check", "--python", str(environment)),
            *("install", "--no-deps", "--no-index", str(wheel)),
        )
        (packages / "dependencies.pth").write_text(f"{DEPENDENCIES}\n/mnt/dependencies\n")
        yield Installed(wheel, environment)
    finally:
        shutil.rmtree(folder)


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def quietly(*words: str, cwd: Path = Path("/")) -> None:
    """A module of the suite's own environment, which must end well."""
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
