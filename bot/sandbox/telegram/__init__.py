"""A local Telegram: a strict Bot API server over real HTTP, and the people around the bot."""

from bot.sandbox.telegram.calls import Call
from bot.sandbox.telegram.faults import Fault, delay, drop_reply, drop_request, refuse
from bot.sandbox.telegram.groups import Dialog, Group
from bot.sandbox.telegram.inline import InlineAnswer, InlineResult
from bot.sandbox.telegram.owners import Business
from bot.sandbox.telegram.people import Person, Sent, Tapped
from bot.sandbox.telegram.server import TEST_TOKEN, LocalTelegram
from bot.sandbox.telegram.state import Abilities, CallbackAnswer, Event
from bot.sandbox.telegram.views import Button, Message
from bot.sandbox.telegram.webhook import Patience

__all__ = [
    "TEST_TOKEN",
    "Abilities",
    "Business",
    "Button",
    "Call",
    "CallbackAnswer",
    "Dialog",
    "Event",
    "Fault",
    "Group",
    "InlineAnswer",
    "InlineResult",
    "LocalTelegram",
    "Message",
    "Patience",
    "Person",
    "Sent",
    "Tapped",
    "delay",
    "drop_reply",
    "drop_request",
    "refuse",
]
