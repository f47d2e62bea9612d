"""The bots under test, and how each is started."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.errors import BenchError

BARE: Final = Path(__file__).parent / "bare"
TOKEN: Final = "4000001:AAbenchmarksBenchmarksBenchmarks00000"
KEY: Final = "benchmarks-api-key"
SECRET: Final = "benchmarks_webhook_secret"
_PACKAGES: Final = ("grammy", "@grammyjs/runner", "ioredis", "undici")


@dataclass(frozen=True, slots=True)
class Subject:
    """`arguments` start it; `webhook`: it is to be called by Telegram rather than to ask."""

    name: str
    title: str
    arguments: tuple[str, ...]
    webhook: bool = False
    ours: bool = False


POLLING: Final = Subject("polling", "this bot, polling", (sys.executable, "-m", "bot"), ours=True)
WEBHOOK: Final = Subject(
    "webhook", "this bot, webhook", (sys.executable, "-m", "bot"), webhook=True, ours=True
)
AIOGRAM: Final = Subject(
    "aiogram", "bare aiogram", (sys.executable, "-m", "benchmarks.bare.aiogram_bot")
)

OWN_PARTS: Final = Subject(
    "parts", "bare, this bot's parts", (sys.executable, "-m", "benchmarks.bare.parts_bot")
)


def grammy() -> Subject:
    """With its packages in a temporary folder. Raises BenchError where it cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise BenchError("grammY is left out: there is no node or npm here")
    folder = Path(tempfile.gettempdir()) / "invoice-bot-bench-node"
    folder.mkdir(exist_ok=True)
    if not (folder / "node_modules" / "grammy").is_dir():
        options = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        done = subprocess.run(
            [npm, "install", *options, "--prefix", str(folder), *_PACKAGES],
            check=False,
            capture_output=True,
            timeout=180,
        )
        if done.returncode:
            raise BenchError("grammY is left out: npm could not install it")
    # Beside its packages, as Node looks for them from where the module lies.
    module = shutil.copy(BARE / "grammy_bot.mjs", folder)
    return Subject("grammy", "bare grammY", (node, str(module)))


def environment(
    subject: Subject, *, telegram: int, cryptocloud: int, redis_url: str, ports: tuple[int, int]
) -> Mapping[str, str]:
    """The settings of all of them, as this bot calls them."""
    settings = {
        "BOT_TOKEN": TOKEN,
        "ADMIN_IDS": "2000000000",
        "CRYPTOCLOUD_API_KEY": KEY,
        "CRYPTOCLOUD_SHOP_ID": "benchmarkshop",
        "CRYPTOCLOUD_API_URL": f"http://127.0.0.1:{cryptocloud}/v2",
        "TELEGRAM_API_URL": f"http://127.0.0.1:{telegram}",
        "REDIS_URL": redis_url,
        "HTTP_PORT": str(ports[0]),
        "OPS_PORT": str(ports[1]),
        # So that no open invoice is looked at within a round: that has a part of its own.
        "POLL_INTERVAL": "600",
    }
    if subject.webhook:
        settings |= {"PUBLIC_URL": f"http://127.0.0.1:{ports[0]}", "WEBHOOK_SECRET": SECRET}
    return settings
