"""The conversation's states, as aiogram's filters know them."""

from aiogram.fsm.state import State, StatesGroup

from bot.domain.drafts import Step


class Asking(StatesGroup):
    """One state a question; what is known lies in the draft beside it."""

    amount = State()
    currency = State()
    coin = State()
    network = State()
    summary = State()
    change = State()
    lifetime = State()
    details = State()
    creating = State()


STATES: dict[Step, State] = {step: getattr(Asking, step.value) for step in Step}
