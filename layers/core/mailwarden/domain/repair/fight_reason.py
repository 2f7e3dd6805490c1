"""Why a fight withholds a write, as a message."""

from collections.abc import Iterable
from datetime import datetime

from mailwarden.domain.findings.changes import Change
from mailwarden.domain.monitoring.fights import Pause, WriteHistory
from mailwarden.domain.repair.directions import direction_of
from mailwarden.message import Message, message

FIGHT = "guard.fight"
"""The id of the reason."""


def pause_in(histories: Iterable[WriteHistory], change: Change, *, now: datetime) -> Message | None:
    """Why *change* waits, as far as a look knows from the ledger."""
    for stored in histories:
        history = stored.since(now)
        if history is None or (history.resource, history.direction) != (change.resource, direction_of(change)):
            continue
        pause = history.pause(now)
        if pause is not None:
            return reason_of(history, pause)
    return None


def reason_of(history: WriteHistory, pause: Pause) -> Message:
    """Who undid it, how often it was written, and when it goes on."""
    return message(FIGHT, count=pause.count, by=undone_by(history), goes_on=goes_on(pause))


def undone_by(history: WriteHistory) -> Message:
    """The other actor and its call, if it is known."""
    cause = None if history.undone is None else history.undone.cause
    if cause is None:
        return message("fight.by-unknown")
    return message("fight.by", actor=cause.actor, event=cause.event_name, agent=cause.user_agent)


def goes_on(pause: Pause) -> Message:
    """When Mailwarden writes again."""
    if pause.until is None:
        return message("fight.until-released")
    return message("fight.until", at=pause.until.isoformat(timespec="minutes"))
