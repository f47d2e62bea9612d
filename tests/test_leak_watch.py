"""The suite's own watch: it bites, it names the place, and it is quiet about what is hidden."""

import base64
import logging
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from tests.leak_watch import LeakWatch
from tests.leaks import Finder
from tests.suite_secrets import SUITE
from tests.test_logs_forms import SECRETS, WAYS

pytest_plugins = "pytester"

SECRET = "a-canary-that-sings-nowhere"
TESTS = f"""
import logging
import subprocess
import sys

SECRET = {SECRET!r}
LETTERS = "".join(f"%{{ord(c):02x}}" for c in SECRET)  # in no form that the redaction looks for


def test_quiet():
    logging.getLogger("bot.x").info("given %s", SECRET)
    print("nothing")


def test_logs():
    logging.getLogger("bot.x").info("given %s", LETTERS)


def test_prints():
    print(SECRET)


def test_child_prints():
    words = "import sys; print(sys.argv[1], file=sys.stderr)"
    subprocess.run([sys.executable, "-c", words, SECRET], check=True)


def test_keeps(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "bot.log").write_text(f"before\\nGET /bot{{SECRET}}/getMe\\nafter")
"""
CONFTEST = f"""
from tests.leak_watch import LeakWatch
from tests.suite_secrets import SUITE


def pytest_configure(config):
    settings = SUITE.model_copy(update={{"cryptocloud_api_key": type(SUITE.bot_token)({SECRET!r})}})
    config.pluginmanager.register(LeakWatch(settings), "leak watch")
"""


def test_a_leak_fails_the_run_and_names_its_place(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(request.config.rootpath))
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=5, errors=4)
    result.stdout.fnmatch_lines_random(
        [
            "SECRETS LEAKED by *::test_logs:",
            "CRYPTOCLOUD_API_KEY #*, logged at *.py:15: *",
            "CRYPTOCLOUD_API_KEY #*, captured stdout call: *",
            "CRYPTOCLOUD_API_KEY #*, captured stderr call: *",
            "CRYPTOCLOUD_API_KEY #*, in bot.log: GET /bot*/getMe",
        ]
    )
    result.stdout.no_fnmatch_line("*LEAKED*test_quiet*")


def test_this_very_run_is_watched(request: pytest.FixtureRequest) -> None:
    watch = request.config.pluginmanager.get_plugin("leak watch")
    assert isinstance(watch, LeakWatch)
    logging.getLogger("bot.x").info("a line that nothing is wrong with")
    (place, line) = watch.lines[-1]
    assert place.startswith(f"{__file__}:")
    assert line.endswith(" INFO     bot.x: a line that nothing is wrong with")


@pytest.fixture
def finder() -> Finder:
    finder = Finder()
    for number, secret in enumerate(SECRETS):
        finder.know(f"secret {number}", secret)
    return finder


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("way", WAYS)
def test_the_finder_reads_every_form(finder: Finder, secret: str, way: str) -> None:
    (leak,) = finder.find(f"quiet\nbefore {WAYS[way](secret)} after\nquiet")
    assert leak.secret.startswith(f"secret {SECRETS.index(secret)} ")


def test_the_finder_sees_parts(finder: Finder) -> None:
    assert finder.find(f"x {SECRETS[0][-12:]}")
    assert not finder.find(f"x {SECRETS[0][-9:]} and bot {SECRETS[0][:7]}")


def test_a_report_of_a_leak_does_not_leak(finder: Finder) -> None:
    (leak,) = finder.find(f"before {SECRETS[0]} after")
    assert SECRETS[0][7:17] not in leak.line
    assert leak.line.startswith("before ")


def test_the_finder_reads_base64_in_the_middle_of_more(finder: Finder) -> None:
    assert finder.find(base64.b64encode(f"{'x' * 50}{SECRETS[4]}{'y' * 9}".encode()).decode())


def test_the_watch_hides_what_the_bot_would_hide() -> None:
    watch = LeakWatch(SUITE)
    for word in SUITE.secrets():
        record = logging.makeLogRecord({"msg": f"{word} {quote(word)} {word[:20]}..."})
        watch.emit(record)
    assert list(watch.logged()) == []


def test_every_setting_that_is_secret_is_known() -> None:
    settings = SUITE.model_copy(
        update={
            "webhook_secret": SecretStr("a-canary-of-the-webhook"),
            "redis_url": SecretStr("redis://user:a%2Fcanary-of-redis@host"),
        }
    )
    finder = Finder()
    finder.know_settings(settings)
    found = finder.find("a-canary-of-the-webhook\na/canary-of-redis\nredis://user")
    assert {leak.secret.split()[0] for leak in found} == {"WEBHOOK_SECRET", "REDIS_URL"}
