"""Nobody is handled without a declared right: every handler of the built dispatcher says in its
registration what it needs, and every kind of button has a handler that does."""

import inspect
from collections.abc import Iterator

import pytest
from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters.callback_data import CallbackData, CallbackQueryFilter

from bot.domain.people import Role
from bot.telegram import callbacks
from bot.telegram.dispatcher import create_dispatcher
from bot.telegram.filters import InPrivate, MayInvoice, Needs, Shows

# Errors are no updates: whoever caused one has passed a handler's filters before. `update` is how
# the dispatcher itself hands an update on to the others.
NOBODYS = {"error", "update"}

KINDS = [
    kind
    for _, kind in inspect.getmembers(callbacks, inspect.isclass)
    if issubclass(kind, CallbackData) and kind is not CallbackData
]

# Who may tap what at least, as product.md has it. A new kind of button is entered here on purpose.
TAPS = {
    "AuditTap": (Role.ADMIN, True),
    "CardTap": (Role.STRANGER, False),
    "DraftTap": (Role.CASHIER, False),
    "ExportTap": (Role.SELLER, True),
    "HealthTap": (Role.ADMIN, True),
    "ListTap": (Role.CASHIER, True),  # in groups, where others' are listed, SELLER
    "ManageTap": (Role.CASHIER, False),  # *Again*; the rest by who manages the invoice
    "NewTap": (Role.CASHIER, False),
    "OpenTap": (Role.CASHIER, True),  # the same
    "SellerTap": (Role.ADMIN, True),
    "SettingTap": (Role.SELLER, False),
}

Found = tuple[str, str, HandlerObject]


def handlers(*roots: Router) -> Iterator[Found]:
    """Every handler there is: its router, the kind of update, itself."""
    for root in roots:
        for router in root.chain_tail:
            for kind, observer in router.observers.items():
                for handler in observer.handlers:
                    yield router.name, kind, handler


def built() -> Router:
    """The dispatcher as the bot has it, but for what handlers are given."""
    return create_dispatcher()


HANDLERS = [found for found in handlers(built()) if found[1] not in NOBODYS]


def needs(handler: HandlerObject) -> list[Role]:
    filters = [one.callback for one in handler.filters or ()]
    return [one.role for one in filters if isinstance(one, Needs)]


def has(handler: HandlerObject, kind: type) -> bool:
    return any(isinstance(one.callback, kind) for one in handler.filters or ())


def taken(kind: type[CallbackData]) -> list[HandlerObject]:
    """The handlers of a kind of button."""
    return [
        handler
        for *_, handler in HANDLERS
        for one in handler.filters or ()
        if isinstance(one.callback, CallbackQueryFilter) and one.callback.callback_data is kind
    ]


def test_there_are_handlers_for_messages_edits_and_taps() -> None:
    assert {kind for _, kind, _ in HANDLERS} >= {"message", "edited_message", "callback_query"}
    assert len(HANDLERS) > 40


@pytest.mark.parametrize(
    "found", HANDLERS, ids=lambda found: f"{found[0]}-{found[1]}-{found[2].callback.__name__}"
)
def test_every_handler_declares_one_right(found: Found) -> None:
    assert len(needs(found[2])) == 1


def test_a_handler_without_a_right_is_found() -> None:
    async def careless() -> None: ...

    inner, outer = Router(name="inner"), Router(name="outer")
    inner.message.register(careless)
    outer.include_router(inner)
    ((name, kind, handler),) = handlers(outer)
    assert (name, kind, needs(handler)) == ("inner", "message", [])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_button_has_the_right_it_should(kind: type[CallbackData]) -> None:
    found = taken(kind)
    assert found, "nobody answers it"
    least = min(found, key=lambda handler: needs(handler)[0])
    assert (needs(least)[0], has(least, InPrivate)) == TAPS[kind.__name__]


def test_what_creates_obeys_the_rule_of_the_group() -> None:
    """Of each two handlers the first creates where the rule lets it, the second says that not."""
    kinds = (callbacks.DraftTap, callbacks.NewTap)
    for first, second in (taken(kind) for kind in kinds):
        assert has(first, MayInvoice)
        assert not has(second, MayInvoice)
        assert second.callback.__name__.startswith("barred")


@pytest.mark.parametrize("name", ["ListTap", "OpenTap", "SettingTap"])
def test_what_changes_its_message_in_groups_asks_whose_it_is(name: str) -> None:
    for handler in taken(getattr(callbacks, name)):
        assert has(handler, Shows)


def test_the_table_names_no_button_that_is_not_there() -> None:
    assert TAPS.keys() == {kind.__name__ for kind in KINDS}
