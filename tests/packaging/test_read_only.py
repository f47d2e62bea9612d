"""The wheel on a read-only file system, as a user without rights: what the image promises."""

import asyncio
import os
import shutil
import stat
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from tests.flows.afterlife import issued, says
from tests.packaging.conftest import DEPENDENCIES, Installed, free_port
from tests.reliability.waiting import until
from tests.world import World

SCRIPT = Path(__file__).with_name("container.sh")
UID = 10001
BOT = ("/mnt/venv/bin/python", "-m", "bot")
HEALTH = ("health",)  # as in the image
# The last mount over a place is the one that counts.
TRY = r"""
set -e
for place in / /mnt /mnt/venv /run; do
    awk -v at=$place '$2 == at { how = $4 } END { exit how !~ /^ro(,|$)/ }' /proc/mounts
done
touch /tmp/x /mnt/data/x
rm /mnt/data/x
[ "$(id -u)" = 10001 ]
grep -q '^CapEff:[[:space:]]*0*$' /proc/self/status
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None,
    reason="needs a mount namespace, which is root's on Linux",
)


class Container(World):
    """A world whose bot is the installed wheel, in what a container is to it."""

    def __init__(self, installed: Installed, folder: Path) -> None:
        super().__init__("", webhook=False)
        self.folder = folder
        self.log = folder / "bot.log"
        self.life: asyncio.subprocess.Process | None = None
        self.ops_port = free_port()
        (folder / "venv").symlink_to(installed.environment)
        for name in ("secrets", "data"):
            (folder / name).mkdir()

    @property
    def words(self) -> list[str]:
        where = [SCRIPT, self.folder, DEPENDENCIES, UID]
        return ["unshare", "--mount", "sh", *map(str, where)]

    @property
    def environment(self) -> dict[str, str]:
        """What is no secret; those go into files."""
        settings = self.settings
        values = {
            name.upper(): str(getattr(settings, name))
            for name in ("cryptocloud_api_url", "cryptocloud_shop_id", "telegram_api_url")
        }
        for name in Settings.model_fields:
            value = getattr(settings, name)
            if isinstance(value, SecretStr):
                (self.folder / "secrets" / name).write_text(value.get_secret_value())
        return (
            values
            | closed()
            | {
                "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "ADMIN_IDS": str(self.admin.id),
                "DATA_DIR": "/mnt/data",
                "HTTP_PORT": "0",
                "OPS_PORT": str(self.ops_port),
                "PYTHONSAFEPATH": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            }
        )

    async def runs(self, *words: str) -> tuple[int | None, str]:
        """Run something else beside it, in a place of the same kind; its status and words."""
        other = await asyncio.create_subprocess_exec(
            *self.words, *words, env=self.environment, stdout=PIPE, stderr=STDOUT
        )
        said, _ = await other.communicate()
        return other.returncode, said.decode()

    async def start_bot(self) -> None:
        """Start it and wait until it polls."""
        with self.log.open("ab") as log:
            self.life = await asyncio.create_subprocess_exec(
                *self.words,
                *BOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        life = self.life

        def polls() -> bool:
            assert life.returncode is None, self.log.read_text()
            return bool(self.telegram.called("getUpdates"))

        await until(polls, 30)

    async def stop_bot(self) -> None:
        """SIGTERM, as `docker stop` does."""
        if self.life is not None:
            life, self.life = self.life, None
            life.terminate()
            assert await asyncio.wait_for(life.wait(), 20) == 0


def closed() -> dict[str, str]:
    """Where the interpreter lies in a home that nobody else may enter."""
    interpreter = Path(sys.base_prefix).resolve()
    for folder in reversed(interpreter.parents):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return {"INTERPRETER": str(interpreter), "CLOSED": str(folder)}
    return {}


@pytest.fixture
async def container(installed: Installed, tmp_path: Path) -> AsyncIterator[Container]:
    async with Container(installed, tmp_path) as running:
        yield running


async def test_it_needs_to_write_nothing_but_data_and_temporary_files(
    container: Container,
) -> None:
    assert await container.runs("sh", "-c", TRY) == (0, "")
    assert (await container.runs(*BOT, *HEALTH))[0] == 0

    card, uuid = await issued(container, "/invoice 50 EUR usdt trc20")
    container.cloud.ledger.pay(uuid)
    await container.seller.tap("Refresh", message=card.id)
    await says(container, card, "· paid")
    sent = await container.seller.send("/stats")  # a picture: fonts, caches
    await container.seller.read("Issued 1", after=sent, timeout=30)
    sent = await container.seller.send("/export 7")  # files
    table = await container.seller.read(lambda one: one.document is not None, after=sent)
    assert table.document is not None

    await container.stop_bot()
    said = container.log.read_text()
    assert [line for line in said.splitlines() if " INFO " not in line] == []
    owners = {path.stat().st_uid for path in (container.folder / "data").rglob("*")}
    assert owners == {UID}
