"""What every test may use: one real Valkey a worker, and a time zone that shows naive times."""

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from redis import Redis

from bot.logs import NOISY
from bot.storage.embedded import EmbeddedValkey
from tests.browser import missing
from tests.leak_watch import LeakWatch
from tests.stores.cluster import Nodes, cluster
from tests.suite_secrets import SUITE

# Far from UTC, so that a naive time cannot pass for an aware one.
os.environ["TZ"] = "Asia/Tashkent"
time.tzset()

settings.register_profile(
    "fast", max_examples=50, deadline=None, derandomize=bool(os.environ.get("CI"))
)
settings.register_profile("deep", max_examples=2000, deadline=None)

NOT_SLOW = "not slow"
SERVER, CLUSTER = "server", "cluster"


def pytest_configure(config: pytest.Config) -> None:
    """Without `-m`, leave the slow tests out; with them, let hypothesis dig."""
    config.option.markexpr = config.option.markexpr or NOT_SLOW
    deep = "slow" in config.option.markexpr and config.option.markexpr != NOT_SLOW
    settings.load_profile("deep" if deep else "fast")
    config.pluginmanager.register(LeakWatch(SUITE), "leak watch")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In the long run what people do and what is stored is shown on a cluster, too."""
    definition = metafunc.definition
    if "redis_url" not in metafunc.fixturenames:
        return
    if definition.path.parent.name not in ("flows", "storage"):
        return
    if definition.get_closest_marker("one_server"):
        return
    if metafunc.config.option.markexpr != NOT_SLOW:
        stores = (SERVER, pytest.param(CLUSTER, marks=pytest.mark.slow))
        metafunc.parametrize("redis_url", stores, indirect=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> Generator[None, object, object]:
    """After everything else: what was not tested for want of a browser."""
    result = yield
    missing.tell(terminalreporter)
    return result


@pytest.fixture(autouse=True)
def _far_from_utc() -> None:
    assert time.timezone == -5 * 3600, "a test changed the time zone of the suite"


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real Valkey, one for each xdist worker; its data are whatever tests left."""
    folder: Path = tmp_path_factory.mktemp("valkey")
    server = EmbeddedValkey(folder)
    url = asyncio.run(server.start())
    yield url
    asyncio.run(server.stop())


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """A real cluster of three, one for each xdist worker."""
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def redis_url(request: pytest.FixtureRequest) -> str:
    """URL of the real Valkey, or of the cluster where a test is given that, emptied."""
    if getattr(request, "param", SERVER) == CLUSTER:
        nodes: Nodes = request.getfixturevalue("nodes")
        nodes.flush()
        return nodes.url
    url: str = request.getfixturevalue("valkey")
    with Redis.from_url(url) as client:
        client.flushall()
    return url


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """Takes back what `setup_logging` does to the process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    noisy = {name: logging.getLogger(name).level for name in NOISY}
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    for name, level in noisy.items():
        logging.getLogger(name).setLevel(level)
