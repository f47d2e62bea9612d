"""The dispatcher: a table of contents of what the bot answers to."""

from collections.abc import Iterable
from typing import Any

from aiogram import BaseMiddleware, Dispatcher, Router

from bot.telegram.handlers import (
    again,
    asking,
    audit,
    buyers,
    cards,
    errors,
    fallback,
    general,
    health,
    history,
    masked,
    reports,
    sellers,
    settings,
    standing,
    taps,
    typed,
)


def routers() -> Iterable[Router]:
    """In this order, what is used most among the first, as each costs those after it some time; the
    fallback answers what nobody else did."""
    yield masked.setup()
    yield asking.setup()
    yield taps.setup()
    yield buyers.setup()
    yield general.setup()
    yield settings.setup()
    yield sellers.setup()
    yield audit.setup()
    yield health.setup()
    yield again.setup()
    yield cards.setup()
    yield history.setup()
    yield reports.setup()
    yield typed.setup()
    yield standing.setup()
    yield fallback.setup()
    yield errors.setup()


def create_dispatcher(*middlewares: BaseMiddleware, **workflow_data: Any) -> Dispatcher:
    """Updates pass the `middlewares` in this order; `workflow_data` is what handlers may ask for by
    name."""
    dispatcher = Dispatcher(disable_fsm=True, **workflow_data)
    for middleware in middlewares:
        dispatcher.update.outer_middleware(middleware)
    dispatcher.include_routers(*routers())
    return dispatcher


def update_types(dispatcher: Dispatcher) -> list[str]:
    """Exactly the kinds of update that handlers exist for."""
    return sorted(dispatcher.resolve_used_update_types())
