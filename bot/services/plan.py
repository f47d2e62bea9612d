"""What is next for an invoice. The record says which step that is; a run only remembers what it has
done and need not do again, however often it comes past."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.domain.invoice import Bucket, Invoice, Status
from bot.domain.revising import revised
from bot.services.creation import Creation
from bot.services.guard import Guard
from bot.services.ports import Clock
from bot.services.showing import MOST_SENDS, Showing
from bot.services.steps import Next, go_on
from bot.services.watching import Watching

Act = Callable[[Invoice], Awaitable[Next]]
"""Something that is done outside. Everything that is known is stored before."""


@dataclass(slots=True)
class Run:
    """`armed` is what this very run has noted in the record and may therefore do."""

    armed: Act | None = None
    place: Guard | None = None  # for a call to the provider
    looked: bool = False
    twins_looked: bool = False
    show_missed: bool = False  # what could not be shown holds up nothing else
    reached: bool = False  # Telegram answers, so that a card may be repeated
    others_missed: bool = False
    rest_told: bool | None = None  # whether it could be, once it was tried
    also_at: datetime | None = None  # when it has to come again for what it could not do now

    def leave(self) -> None:
        """Give back a place at the provider, if it has one."""
        if self.place is not None:
            self.place.leave()
            self.place = None

    def later(self, act: Act) -> Act:
        """Do it, go on with what else is to be done, and come again if it wants to."""

        async def acted(invoice: Invoice) -> Next:
            following = await act(invoice)
            moments = [at for at in (self.also_at, following.until) if at is not None]
            self.also_at = min(moments, default=None)
            return go_on(following.invoice)

        return acted

    def in_time(self, following: Next) -> Next:
        """Wait for nothing beyond the moment at which it has to come again."""
        if not following.pause or self.also_at is None:
            return following
        until = min(self.also_at, following.until or self.also_at)
        return replace(following, until=until)

    def shown(self, act: Act) -> Act:
        """Show something. Where that cannot be, money is looked for all the same."""

        async def acted(invoice: Invoice) -> Next:
            following = await act(invoice)
            self.show_missed = following.pause
            return following

        return self.later(acted)

    def can_place(self, invoice: Invoice) -> bool:
        """Whether lists and searches should find it elsewhere than they do, and may."""
        if invoice.bucket is invoice.indexed:
            return False
        return invoice.rest_of is None or invoice.indexed is not Bucket.NONE or bool(self.rest_told)


class Plan:
    """Decides without doing: `step` neither waits nor asks anybody."""

    def __init__(
        self, creation: Creation, watching: Watching, showing: Showing, clock: Clock
    ) -> None:
        self._creation = creation
        self._watching = watching
        self._showing = showing
        self._clock = clock

    def step(self, invoice: Invoice, run: Run) -> Next | Act:
        """What is to be noted next or, where something is to be done, what does it."""
        if run.armed is not None:
            act, run.armed = run.armed, None
            return act
        if invoice.status is Status.CREATING and invoice.attempt_at and not invoice.attempt_ended:
            return self._creation.unsure(invoice)  # the process died in the call
        if _wants_details(invoice):
            return self._watching.details
        if _rest_is_to_be_told(invoice, run):
            return partial(self._tell_rest, run)
        if self._showing.is_behind(invoice) and not run.show_missed:
            return self._show(invoice, run)
        if invoice.status is not Status.CREATING:
            return self._live(invoice, run)
        return self._create(invoice, run)

    async def begun(self, invoice: Invoice, run: Run) -> Invoice:
        """What is about to be asked for, with the attempt noted if the provider can be called at
        once: it is stored with the intent, and the `run` has a place and may call."""
        if not self._creation.has_place:
            return invoice
        noted = self._create((await self._enter(run, invoice)).invoice, run)
        assert isinstance(noted, Next)  # noqa: S101 - it was not attempted, and there is a place
        return noted.invoice

    def _create(self, invoice: Invoice, run: Run) -> Next | Act:
        if invoice.attempt_at is not None:
            return self._creation.look
        if run.place is None:
            return partial(self._enter, run)
        noted = self._creation.announce_attempt(invoice)
        if noted.invoice.attempt_at:
            run.armed = partial(self._attempt, run)
        else:
            run.leave()
        return noted

    async def _enter(self, run: Run, invoice: Invoice) -> Next:
        run.place = await self._creation.place(invoice)
        return go_on(invoice)

    async def _attempt(self, run: Run, invoice: Invoice) -> Next:
        try:
            return await self._creation.attempt(invoice)
        finally:
            run.leave()

    def _show(self, invoice: Invoice, run: Run) -> Next | Act:
        if not self._showing.sends(invoice):
            return run.shown(self._showing.edit)
        if invoice.cards:
            return run.shown(partial(self._edit_and_send, run))
        if 0 < invoice.showing < MOST_SENDS and not run.reached:
            return run.shown(partial(self._reach, run))
        return self._send(invoice, run)

    async def _reach(self, run: Run, invoice: Invoice) -> Next:
        following = await self._showing.reach(invoice)
        run.reached = not following.pause
        return following

    def _send(self, invoice: Invoice, run: Run) -> Next:
        noted = self._showing.announce_send(invoice)
        run.armed = run.shown(self._showing.send) if noted.invoice.showing else None
        return noted

    async def _edit_and_send(self, run: Run, invoice: Invoice) -> Next:
        edited = await self._showing.edit(invoice)
        if edited.pause or not edited.invoice.cards:
            return edited
        return self._send(invoice, run)

    async def _tell_rest(self, run: Run, invoice: Invoice) -> Next:
        run.rest_told = await self._watching.tell_rest(invoice)
        return go_on(invoice)

    def _live(self, invoice: Invoice, run: Run) -> Next | Act:
        """It was created, or never will be, and everybody was told."""
        if invoice.stale and not run.others_missed:
            return run.later(partial(self._edit_others, run))
        if invoice.hint:
            run.looked = True
            return self._watching.fulfil
        reminder = self._watching.reminder_at(invoice)
        if reminder is not None and self._clock() >= reminder:
            if not run.looked:  # who has paid is not to be reminded
                run.looked = True
                return partial(self._watching.look, urgent=False)
            run.armed = self._showing.remind
            return go_on(revised(invoice, reminded=True))
        if not run.looked and self._watching.is_due(invoice):
            run.looked = True
            return partial(self._watching.look, urgent=False)
        if invoice.twins_until is not None and not run.twins_looked:
            run.twins_looked = True
            return run.later(self._creation.cancel_twins)
        if run.can_place(invoice):
            return _nothing  # it is placed with what is stored before
        return self._watching.rest(invoice, run.also_at)

    async def _edit_others(self, run: Run, invoice: Invoice) -> Next:
        """What a look finds afterwards makes them stale again."""
        edited = await self._showing.edit_others(invoice)
        run.others_missed = edited.pause
        return edited


def _wants_details(invoice: Invoice) -> bool:
    return (
        invoice.status is Status.CREATED
        and len(invoice.coins) == 1
        and not invoice.detailed
        and invoice.amount_to_pay is None
    )


def _rest_is_to_be_told(invoice: Invoice, run: Run) -> bool:
    """Before anybody can find it: the invoice whose rest it asks for has to name it, should money
    come there. Noted once it exists: what was refused asked for nothing."""
    new = invoice.indexed is Bucket.NONE and invoice.bucket is not Bucket.NONE
    return new and invoice.rest_of is not None and run.rest_told is None


async def _nothing(invoice: Invoice) -> Next:
    return go_on(invoice)
