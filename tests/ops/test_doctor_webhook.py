"""What the doctor says of the webhook: by Telegram's word, and by calling where it leads."""

import asyncio
import re
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from tests.ops.outside import environment_of
from tests.ops.patient import BARE, SECRET, URL, Patient, free
from tests.world import World

HOOKED: Final = {"PUBLIC_URL": URL, "WEBHOOK_SECRET": SECRET}


def test_one_that_is_set(patient: Patient) -> None:
    patient.servers.telegram.world.webhook.url = f"{URL}/telegram"
    assert patient.examined(**HOOKED) == 0
    assert patient.found("✓", f"webhook: {URL}/telegram is set")


def test_one_left_behind_by_another_set_up(patient: Patient) -> None:
    patient.servers.telegram.world.webhook.url = "https://elsewhere.example.com/hidden"
    assert patient.examined() == 0
    assert patient.found("!", "webhook: one is set, by another set-up")
    assert "hidden" not in str(patient.said)


def test_one_that_leads_elsewhere(patient: Patient) -> None:
    patient.servers.telegram.world.webhook.url = "https://elsewhere.example.com/hidden"
    assert patient.examined(**HOOKED) == 0
    assert patient.found("!", "webhook: another address is set; the bot sets")


@pytest.mark.parametrize(
    ("error", "do"),
    [
        ("Wrong response from the webhook: 401 Unauthorized", "WEBHOOK_SECRET"),
        ("SSL error {certificate verify failed}", "chain complete"),
        ("Wrong response from the webhook: 404 Not Found", "forward /telegram"),
        ("Connection refused", "PUBLIC_URL lead to its HTTP_PORT"),
    ],
)
def test_deliveries_that_fail(patient: Patient, error: str, do: str) -> None:
    webhook = patient.servers.telegram.world.webhook
    webhook.url, webhook.last_error_message = f"{URL}/telegram", error
    webhook.last_error_date = int(time.time()) - 120
    assert patient.examined(**HOOKED) == 1
    assert patient.found("✗", f"could not deliver 2 min ago: {re.escape(error)}; .*{do}")


def test_a_failure_that_was_got_over(patient: Patient) -> None:
    webhook = patient.servers.telegram.world.webhook
    webhook.url, webhook.last_error_date = f"{URL}/telegram", int(time.time()) - 7200
    assert patient.examined(**HOOKED) == 0


async def test_beside_the_running_bot(redis_url: str, tmp_path: Path) -> None:
    async with World(redis_url, webhook=True, ops_port=free()) as world:
        environment = environment_of(world.settings)

        async def said(**changed: str) -> tuple[int | None, str]:
            done = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "doctor"),
                env=BARE | environment | changed,
                cwd=tmp_path,
                stdout=asyncio.subprocess.PIPE,
            )
            told, _ = await done.communicate()
            return done.returncode, told.decode()

        status, told = await said()
        assert status == 0
        assert "✓ webhook: the bot answers at" in told
        assert "✓ ports: the bot is running on them, and is well" in told

        status, told = await said(WEBHOOK_SECRET="test-secret-of-another-life")
        assert status == 1
        assert "✗ webhook: the bot at" in told
        assert "was started with another WEBHOOK_SECRET" in told
