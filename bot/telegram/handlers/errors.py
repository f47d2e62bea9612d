"""The last line of defence: storage errors go up, anything else is answered and logged."""

import logging
import secrets

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, ErrorEvent, Message

from bot.domain.errors import StorageAway
from bot.telegram.conversation import acknowledge
from bot.telegram.i18n import Translators
from bot.telegram.outbound import undelivered
from bot.telegram.texts import general

log = logging.getLogger(__name__)


def setup() -> Router:
    """For the errors of all other routers."""
    router = Router(name="errors")
    router.errors.register(failed)
    return router


async def failed(event: ErrorEvent, translators: Translators) -> None:
    """Storage away: raised again, so that the update is kept and handled later.

    An answer that could not be delivered is nobody's fault: what was asked for is stored. Anything
    else would fail again, so the update counts as finished; the person gets a number that leads to
    the log.
    """
    if isinstance(event.exception, StorageAway):
        raise event.exception
    if (why := undelivered(event.exception)) is not None:
        log.info("update %s is not answered: %s", event.update.update_id, why)
        if event.update.callback_query is not None:
            await acknowledge(event.update.callback_query)
        return
    incident = secrets.token_hex(4)
    log.error(
        "incident %s in update %s", incident, event.update.update_id, exc_info=event.exception
    )
    source = event.update.message or event.update.callback_query
    if source is None or source.from_user is None:
        return
    tr = translators.pick(source.from_user.language_code)
    try:
        if isinstance(source, Message):
            await source.answer(general.failed(tr, incident))
        elif isinstance(source, CallbackQuery):
            await source.answer(general.failed_alert(tr, incident), show_alert=True)
    except TelegramAPIError as error:
        log.warning("incident %s could not be told: %s", incident, error)
