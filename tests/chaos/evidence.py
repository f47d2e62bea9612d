"""What to read when a promise was not kept."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bot.domain.invoice import Invoice
from bot.storage.records import dump
from tests.chaos.story import Story
from tests.chaos.world import ChaosWorld


def evidence(world: ChaosWorld, story: Story, record: Invoice | None) -> str:
    """All that Telegram, the provider and the store know of one invoice."""
    return "\n".join(_lines(world, story, record))


def _lines(world: ChaosWorld, story: Story, record: Invoice | None) -> Iterator[str]:
    yield f"=== {story}, struck {story.struck}, replies to its card lost {story.dropped}"
    yield f"record {record and record.id}: {dump(record) if record is not None else None}"
    for theirs in story.theirs:
        yield f"provider {_at(theirs.created)} {theirs.uuid} {theirs.status} {theirs.received}"
    for call in world.cloud.calls:
        if any(word.encode() in call.raw for word in (story.token, *_uuids(story))):
            yield f"provider {_at(call.at)} {call.path} {call.status}"
    for told in world.telegram.calls:
        if told.params.get("chat_id") == story.person.id:
            text = str(told.params.get("text", "")).replace("\n", " | ")
            sent = told.result.get("message_id") if isinstance(told.result, dict) else None
            when = _at(datetime.fromtimestamp(told.at, UTC))
            yield f"telegram {when} {told.method} {told.status} {told.description} {sent} {text}"

    for message in story.person.messages():
        text = message.text.replace("\n", " | ")
        yield f"shown {message.id} {text} {message.labels}"


def _uuids(story: Story) -> Sequence[str]:
    return [one.uuid for one in story.theirs]


def _at(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S.%f")[:-3]
