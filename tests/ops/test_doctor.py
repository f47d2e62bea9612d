"""The doctor on a bot that is well, and with each thing broken in turn."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path as File
from typing import Any

import pytest
from redis import Redis

from bot.doctor import examine
from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.cryptocloud.exchange import Answer
from bot.sandbox.telegram.faults import drop_request, refuse
from bot.settings import Settings
from tests.ops.outside import Outside, environment_of, outside
from tests.world import World

ROOT = File(__file__).parents[2]
SECRETS = ("BOT_TOKEN", "CRYPTOCLOUD_API_KEY", "CRYPTOCLOUD_SECRET_KEY", "WEBHOOK_SECRET")
BARE = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
URL, SECRET = "https://pay.example.com", "test-webhook-secret"


@pytest.fixture(scope="module")
def servers() -> Iterator[Outside]:
    with outside() as there:
        yield there


class Patient:
    """A set-up that is examined. What it says is kept in `said`, by its signs."""

    def __init__(
        self,
        servers: Outside,
        capsys: pytest.CaptureFixture[str],
        machine: pytest.MonkeyPatch,
        **set_up: str,
    ) -> None:
        self.servers = servers
        self.environment = servers.settings() | set_up
        self._capsys = capsys
        self._machine = machine

    def examined(self, **changed: str | None) -> int:
        """The exit status, with these settings changed, or left out where they are None."""
        values = {k: v for k, v in (self.environment | changed).items() if v is not None}
        for name in Settings.model_fields:
            self._machine.delenv(name.upper(), raising=False)
        for name, value in values.items():
            self._machine.setenv(name, value)
        self._capsys.readouterr()
        status = examine()
        done = self._capsys.readouterr()
        assert done.err == ""
        for name in SECRETS:
            assert values.get(name, "-nothing-") not in done.out, name
        self.said = {sign: re.findall(rf"(?m)^{sign} (.*)$", done.out) for sign in "✓!✗"}
        assert sum(map(len, self.said.values())) == len(done.out.splitlines())
        return status

    def found(self, sign: str, words: str) -> bool:
        """Whether a line with this sign matches."""
        assert [line for line in self.said[sign] if re.search(words, line)], self.said
        return True


@pytest.fixture
def patient(
    servers: Outside,
    redis_url: str,
    tmp_path: File,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    logging_as_it_was: None,
) -> Iterator[Patient]:
    """One who is well."""
    monkeypatch.chdir(tmp_path)
    ports = {"HTTP_PORT": free(), "OPS_PORT": free()}
    yield Patient(servers, capsys, monkeypatch, REDIS_URL=redis_url, **ports)
    servers.telegram.heal()
    servers.telegram.calls.clear()
    servers.cloud.faults.clear()
    webhook = servers.telegram.world.webhook
    webhook.url, webhook.last_error_date = "", 0


def free() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


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


class TestWebhook:
    """What Telegram says of it."""

    HOOKED = {"PUBLIC_URL": URL, "WEBHOOK_SECRET": SECRET}  # noqa: RUF012 - nobody changes it

    def test_well(self, patient: Patient) -> None:
        patient.servers.telegram.world.webhook.url = f"{URL}/telegram"
        assert patient.examined(**self.HOOKED) == 0
        assert patient.found("✓", f"webhook: {URL}/telegram is set")

    def test_left_behind(self, patient: Patient) -> None:
        patient.servers.telegram.world.webhook.url = "https://elsewhere.example.com/hidden"
        assert patient.examined() == 0
        assert patient.found("!", "webhook: one is set, by another set-up")
        assert "hidden" not in str(patient.said)

    def test_another_address(self, patient: Patient) -> None:
        patient.servers.telegram.world.webhook.url = "https://elsewhere.example.com/hidden"
        assert patient.examined(**self.HOOKED) == 0
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
    def test_not_delivered(self, patient: Patient, error: str, do: str) -> None:
        webhook = patient.servers.telegram.world.webhook
        webhook.url, webhook.last_error_message = f"{URL}/telegram", error
        webhook.last_error_date = int(time.time()) - 120
        assert patient.examined(**self.HOOKED) == 1
        assert patient.found("✗", f"could not deliver 2 min ago: {re.escape(error)}; .*{do}")

    def test_a_failure_that_was_got_over(self, patient: Patient) -> None:
        webhook = patient.servers.telegram.world.webhook
        webhook.url, webhook.last_error_date = f"{URL}/telegram", int(time.time()) - 7200
        assert patient.examined(**self.HOOKED) == 0


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


async def test_beside_the_running_bot(redis_url: str, tmp_path: File) -> None:
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
