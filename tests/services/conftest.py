"""What tests of services share."""

from collections.abc import AsyncIterator

import pytest

from bot.services.supervisor import Supervisor
from tests.services.bench import Bench, Start


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    running = Supervisor()
    yield running
    await running.close()


@pytest.fixture
def bench(supervisor: Supervisor) -> Bench:
    return Bench(supervisor)


@pytest.fixture
def start(supervisor: Supervisor) -> Start:
    return lambda work: supervisor.start(work, "a test")
