"""What Python would write to standard error by itself goes to the log, or is at least redacted."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

log = logging.getLogger("bot")


def hook(redact: Callable[[str], str]) -> None:
    """Takes over uncaught exceptions: of the program, of threads, and of what nobody could catch,
    such as a destructor or a function that runs at exit."""

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):  # somebody's wish, but what it broke into may tell
            lines = traceback.format_exception(kind, error, trace)
            sys.stderr.write(redact("".join(lines)))
        else:
            log.critical("uncaught exception", exc_info=(kind, error, trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = _unraisable


def _unraisable(args: "sys.UnraisableHookArgs") -> None:
    error = args.exc_value or args.exc_type()
    log.error(
        "%s: %r",
        args.err_msg or "exception ignored in",
        args.object,
        exc_info=(args.exc_type, error, args.exc_traceback),
    )
