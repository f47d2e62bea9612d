"""The doctor on a bot that is well, and with each thing broken in turn."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path as File
from typing import Any

import pytest
from redis import Redis

from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.cryptocloud.exchange import Answer
from bot.sandbox.telegram.faults import drop_request, refuse
from tests.ops.outside import Outside
from tests.ops.patient import BARE, SECRET, URL, Patient


def test_one_who_is_well(patient: Patient) -> None:
    assert patient.examined() == 0
    assert patient.said["✗"] == []
    subjects = [re.split(r"[ :]", line)[0] for line in patient.said["✓"]]
    assert subjects == [
        "settings",
        "Telegram",
        "ADMIN_IDS",
        "webhook",
        "CryptoCloud",
        "CryptoCloud",
        "store",
        "store",
        "clock",
        "ports",
    ]
    # What the sandbox's bot has switched on.
    assert ["privacy" in line or "inline" in line for line in patient.said["!"]] == [True, True]


def test_it_changes_nothing(patient: Patient) -> None:
    url = patient.environment["REDIS_URL"]
    assert patient.examined() == 0
    assert {call.method for call in patient.servers.telegram.calls} == {
        "getMe",
        "getChat",
        "getWebhookInfo",
    }
    assert patient.servers.cloud.invoices == []
    with Redis.from_url(url) as redis:
        assert redis.dbsize() == 0
    assert list(File.cwd().iterdir()) == []


def test_wrong_settings_end_it_with_2(patient: Patient) -> None:
    assert patient.examined(BOT_TOKEN=None, HTTP_PORT="http") == 2
    assert patient.said == {
        "✓": [],
        "!": [],
        "✗": [
            "BOT_TOKEN is missing: put the token from BotFather",
            "HTTP_PORT is wrong: put a port, 1 to 65535",
        ],
    }


Break = Callable[[Outside], object]
BAD_TOKEN = "1000002:TEST-token-of-nobody-at-all-anywhere"


@pytest.mark.parametrize(
    ("changed", "status", "sign", "words"),
    [
        ({"BOT_TOKEN": BAD_TOKEN}, 1, "✗", "BOT_TOKEN is not known.*@BotFather"),
        ({"TELEGRAM_API_URL": "http://127.0.0.1:1"}, 1, "✗", "no Bot API.*TELEGRAM_API_URL"),
        ({"ADMIN_IDS": "1001,77"}, 0, "!", "cannot write to 77; let them press Start"),
        ({"CRYPTOCLOUD_API_KEY": "test-key-of-nobody"}, 1, "✗", "API_KEY is refused.*copy it"),
        ({"CRYPTOCLOUD_SHOP_ID": "test-shop-2"}, 1, "✗", "SHOP_ID is refused.*copy it"),
        ({"CRYPTOCLOUD_API_URL": "http://127.0.0.1:1/v2"}, 1, "✗", "CRYPTOCLOUD_API_URL"),
        ({"CRYPTOCLOUD_SECRET_KEY": None}, 0, "!", "refused with 503.*every 15 s; put"),
        ({"SELLER_ACCESS": "anyone"}, 0, "!", "whoever writes.*put invited"),
        ({"REDIS_URL": "redis://:test-password@127.0.0.1:1/0"}, 1, "✗", "REDIS_URL leads to no"),
        ({"OPS_PORT": "0"}, 0, "!", "OPS_PORT is 0"),
        ({"HTTP_HOST": "192.0.2.1"}, 1, "✗", "192.0.2.1 is no address of this machine"),
        ({"PUBLIC_URL": URL, "WEBHOOK_SECRET": SECRET}, 0, "!", f"sets {URL}/telegram when"),
    ],
)
def test_a_setting_that_leads_nowhere(
    patient: Patient, changed: dict[str, str | None], status: int, sign: str, words: str
) -> None:
    assert patient.examined(**changed) == status
    assert patient.found(sign, words)
    assert "test-password" not in str(patient.said)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.status(503), "no usable answer.*503"),
        (Fault.html(), "no usable answer"),
        (Fault.document({"detail": "Signature verification failed"}, 403), "API_KEY is refused"),
    ],
)
def test_cryptocloud_on_a_bad_day(patient: Patient, fault: Fault, words: str) -> None:
    patient.servers.cloud.faults.next(Path.LIST, fault)
    assert patient.examined() == 1
    assert patient.found("✗", words)


def test_a_shop_that_cannot_be_asked_about(patient: Patient) -> None:
    patient.servers.cloud.faults.next(Path.CREATE, Fault.status(429))
    assert patient.examined() == 0
    assert patient.found("!", "SHOP_ID could not be checked")


@pytest.mark.parametrize("fault", [refuse(500, "Internal Server Error"), drop_request()])
def test_telegram_on_a_bad_day(patient: Patient, fault: Any) -> None:
    patient.servers.telegram.fail("getMe", fault)
    assert patient.examined() == 1
    assert patient.found("✗", "Telegram: ")


@pytest.mark.parametrize(
    ("off", "status", "sign", "words"),
    [
        (2, 0, "✓", "clock: agrees"),
        (20, 0, "!", r"clock: (1[6-9]|20) s behind that of CryptoCloud; .*NTP"),
        (-20, 0, "!", r"clock: (19|2[0-3]) s ahead of that of CryptoCloud"),
        (95, 1, "✗", r"clock: 9[0-5] s behind.*notifications are refused"),
        (-3600, 1, "✗", r"clock: 3(599|60[0-4]) s ahead"),
    ],
)
def test_the_clock(patient: Patient, off: int, status: int, sign: str, words: str) -> None:
    date = formatdate(time.time() + off, usegmt=True)
    body = b'{"status": "success", "result": [], "all_count": 0}'
    told = Fault.answer(Answer(200, body, headers={"Date": date}), commit=False)
    patient.servers.cloud.faults.next(Path.LIST, told)
    refused = Answer(400, b'{"amount": "amount not passed."}', headers={"Date": date})
    patient.servers.cloud.faults.next(Path.CREATE, Fault.answer(refused, commit=False))
    assert patient.examined() == status
    assert patient.found(sign, words)


def test_a_port_that_another_program_holds(patient: Patient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert patient.examined(HTTP_PORT=port) == 1
        assert patient.found("✗", f"HTTP_PORT: another program listens on 127.0.0.1:{port}")


def test_without_the_bots_library_and_on_a_terminal_that_knows_no_signs(
    patient: Patient, tmp_path: File
) -> None:
    script = (
        "import sys\n"
        "from bot.__main__ import main\n"
        "status = main(['doctor'])\n"
        "print(*sorted(sys.modules), file=sys.stderr)\n"
        "sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=BARE
        | patient.environment
        | {"CRYPTOCLOUD_SHOP_ID": "test-shop-2", "PYTHONIOENCODING": "ascii"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert len(lines) >= 10
    assert {line[:2] for line in lines} == {"? ", "! "}
    imported = set(done.stderr.split())
    assert {"httpx", "redis"} <= imported
    assert not imported & {"aiogram", "matplotlib"}
