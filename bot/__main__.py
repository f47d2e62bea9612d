"""The command line: `python -m bot [run | demo]`."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

from bot import __version__
from bot.domain.errors import BotError
from bot.domain.languages import LANGUAGES

WRONG_SETTINGS = 2
MOST_PORT = 65_535


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status: 0 ended as asked, 2 cannot start as set up."""
    options = _parser().parse_args(argv)
    try:
        if options.command == "demo":
            from bot.demo import demo

            _until_signalled(demo(options.language, port=options.port, serve=options.serve))
        else:
            _run()
    except BotError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for whoever started it
        return WRONG_SETTINGS
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="A Telegram bot that issues CryptoCloud invoices."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("run", help="run the bot (the default); settings: see .env.example")
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

    setup_logging(settings.log_level, settings.log_format, settings.secrets())
    _until_signalled(run(settings))


def _until_signalled(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` until it ends or SIGINT or SIGTERM ask it to, which is no failure."""

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

    asyncio.run(guarded())


if __name__ == "__main__":
    sys.exit(main())
