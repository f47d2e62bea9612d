"""The command line: `python -m bot [run | demo | doctor | health]`.

Nothing heavy is imported before it is known to be needed: `health` runs every few seconds.
"""

import argparse
import sys
from collections.abc import Coroutine, Sequence
from typing import Any

from bot import __version__
from bot.domain.errors import BotError, Fatal
from bot.domain.languages import LANGUAGES

FAILED = 1
WRONG_SETTINGS = 2
MOST_PORT = 65_535

EXIT_CODES = """\
exit status:
  0  ended as asked (SIGTERM, Ctrl-C); doctor: nothing is wrong; health: the bot is well
  1  run: it cannot go on, the last line of the log says why (the token or PUBLIC_URL is refused,
     another process takes the updates, a fault); doctor: something is wrong; health: the bot is
     not well
  2  it cannot start as it is set up, or the command line is wrong
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status, see `EXIT_CODES`."""
    options = _parser().parse_args(argv)
    try:
        match options.command:
            case "health":
                return _health(ready=options.ready)
            case "doctor":
                return _doctor()
            case "demo":
                from bot.demo import demo

                _until_signalled(demo(options.language, port=options.port, serve=options.serve))
            case _:
                _run()
    except Fatal as error:
        import logging

        logging.getLogger("bot").critical("%s", error)
        return FAILED
    except BotError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for whoever started it
        return WRONG_SETTINGS
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="A Telegram bot that issues CryptoCloud invoices.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("run", help="run the bot (the default); settings: see .env.example")
    commands.add_parser(
        "doctor",
        help="check settings, accounts, store, webhook and clock, and say what to do",
        description="Checks settings, token, API key and shop, store, webhook, clock and ports, a "
        "line each, with what to do. Changes nothing, shows no secret, and may run beside the bot.",
    )
    health = commands.add_parser(
        "health",
        help="ask the running bot whether it is well",
        description="Asks the bot that runs with the same HTTP_HOST and OPS_PORT on this machine.",
    )
    health.add_argument(
        "--ready", action="store_true", help="whether it can do its work now, rather than is alive"
    )
    demo = commands.add_parser(
        "demo", help="chat with the bot here and in the browser, with no account and nothing kept"
    )
    demo.add_argument(
        "--language", choices=LANGUAGES, default="en", help="the language of your Telegram"
    )
    demo.add_argument(
        "--port", type=_port, default=0, help="of the page, on loopback; 0, the default: a free one"
    )
    demo.add_argument(
        "--serve", action="store_true", help="only the page, without this terminal, until SIGTERM"
    )
    return parser


def _port(text: str) -> int:
    port = int(text)
    if port not in range(MOST_PORT + 1):
        raise argparse.ArgumentTypeError(f"{port} is not in 0–{MOST_PORT}")
    return port


def _health(*, ready: bool) -> int:
    from bot.probe import Unwell, ask

    try:
        said, status = ask("/readyz" if ready else "/healthz"), 0
    except Unwell as error:
        said, status = str(error), FAILED
    print(said)  # noqa: T201 - what a container keeps of it
    return status


def _doctor() -> int:
    from bot.doctor import examine

    return examine()


def _run() -> None:
    from bot.settings import SettingsError, load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        raise BotError(
            f"{error}\n"
            "Put settings into the environment, into .env (see .env.example) or into files in "
            "/run/secrets.\nTo try the bot without any: python -m bot demo"
        ) from None

    from bot.app import run
    from bot.logs import setup_logging

    redact = setup_logging(settings.log_level, settings.log_format, settings.secrets())
    try:
        _until_signalled(run(settings))
    except Fatal:  # told by the log, which redacts
        raise
    except BotError as error:  # its words may be a library's
        raise BotError(redact(str(error))) from None


def _until_signalled(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` until it ends or SIGINT or SIGTERM ask it to, which is no failure."""
    import asyncio
    import signal
    from contextlib import suppress

    async def guarded() -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - `asyncio.run` runs tasks
        loop = asyncio.get_running_loop()

        def end() -> None:
            if not task.cancelling():  # a second signal must not cut the end short: it is bounded
                task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, end)
        with suppress(asyncio.CancelledError):
            await work

    from uvloop import new_event_loop

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(guarded())


if __name__ == "__main__":
    sys.exit(main())
