"""What happens when a button is tapped."""

from dataclasses import dataclass

from bot.sandbox.telegram.model import Json
from bot.sandbox.telegram.posting import connections_to, knows
from bot.sandbox.telegram.state import Callback, Chat, StoredMessage, User, World
from bot.sandbox.telegram.views import Button


@dataclass(frozen=True, slots=True)
class Tapped:
    """What a tap did: the queries it sent, or the url it opens, or the text it copies."""

    button: Button
    message_id: int
    callback_ids: tuple[str, ...]
    update_ids: tuple[int, ...]
    seen: int
    chat: Chat

    @property
    def url(self) -> str | None:
        return self.button.value if self.button.kind == "url" else None

    @property
    def copied(self) -> str | None:
        return self.button.value if self.button.kind == "copy" else None

    @property
    def typed(self) -> str | None:
        """The inline query that the app puts into the input field, for `Person.switch`."""
        return self.button.value if self.button.kind == "switch_inline" else None


def send_taps(
    world: World, user: User, message: StoredMessage, button: Button, times: int
) -> Tapped:
    """Send the button's data to the bot, `times` times."""
    seen, callbacks, updates = len(world.events), [], []
    tapped = _tapped(world, message)
    for _ in range(times):
        number = world.next_query_id(user.id)
        world.callbacks[number] = Callback(number, user.id, world.clock(), message=message)
        callbacks.append(number)
        query = {
            "id": number,
            "from": user.as_api(),
            **tapped,
            "chat_instance": str(-message.chat.id),
            "data": button.value,
        }
        update_id = world.updates.push({"callback_query": query}) if tapped else None
        if update_id is not None:
            updates.append(update_id)
    return Tapped(button, message.id, tuple(callbacks), tuple(updates), seen, message.chat)


def _tapped(world: World, message: StoredMessage) -> Json:
    """How the bot is told which message it was; empty when it is out of its reach."""
    if message.inline_id is not None:
        return {"inline_message_id": message.inline_id}
    for connection in connections_to(world, message.chat):
        if connection.id == message.business_id:
            return {"message": connection.view(message)}
    return {"message": message.as_api()} if knows(world, message.chat) else {}
