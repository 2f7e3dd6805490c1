"""When an incident is due for a message: pure, so that every course of events can be tested.

The opening, a worsening and the end are announced at once. Other changes are collected for a minute, and a number is
corrected only if it changed by far.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingState, Handling, LastWrite
from mailwarden.domain.incidents.incident import Claim, Incident, Occasion
from mailwarden.domain.incidents.share import PENDING, WRITTEN
from mailwarden.message import message

# Between two messages about an incident of several findings, unless it gets worse or ends.
GAP = timedelta(minutes=1)
# A larger number waits until no look finds more, but for so long at most: 1,000 looks take 200 seconds.
_SETTLES_FOR = timedelta(seconds=20)
_GROWS_FOR = timedelta(minutes=5)
# A number of pools that shrinks is announced only after a while: repairs of many pools take minutes.
_SHRINKS_AFTER = timedelta(minutes=10)
# The look after a write ends the finding; if it is still open after so long, the write did not help.
_LOOK_AFTER_WRITE = timedelta(minutes=2)
# The handling of a finding may alternate, as with a budget that is spent and renewed.
_ALTERNATES_FOR = timedelta(minutes=10)
# The whole deployment repairs nothing: a stop, a mode, a settings document.
_HELD = frozenset(
    LastWrite(handling=Handling.WITHHELD, reason=message(f"decision.{reason}")).phase
    for reason in ("stopped", "repair-mode-off", "settings-closed")
)
_FIRST_REMINDERS = (timedelta(hours=1), timedelta(hours=24))
_DAILY = timedelta(hours=24)
_WEEKLY = timedelta(days=7)
# An incident in which nothing is due is looked at as often.
_IDLE = timedelta(hours=6)


def speak(incident: Incident, *, now: datetime) -> Incident | None:
    """The incident with one more message to send, or with another time to look again; None if nothing changes.

    The message is made of what the incident is when it is sent: the claim keeps what that was about.
    """
    when, occasion = _next(incident)
    if when is None or occasion is None or when > now:
        attention = _attention(incident, when, now)
        return None if attention == incident.attention else replace(incident, attention=attention)
    told = incident.told
    grew = occasion is Occasion.GREW
    claim = Claim(
        occasion=occasion,
        at=now,
        state=incident.state,
        rank=incident.rank,
        size=incident.size,
        phases=frozenset(incident.phases) | (frozenset() if told is None else told.phases),
        growths=(0 if told is None else told.growths) + int(grew),
        shown=frozenset(incident.phases),
        lead=incident.lead,
        leads=(frozenset() if told is None else told.leads) | {incident.lead},
    )
    spoken = replace(
        incident,
        version=incident.version + 1,
        told=claim,
        dues={},
        first_told_at=incident.first_told_at or now,
    )
    return replace(spoken, attention=_attention(spoken, _next(spoken)[0], now))


def next_message(incident: Incident) -> tuple[datetime, Occasion] | None:
    """When the next message is due, and on what occasion, if nothing changes until then; None if none is."""
    when, occasion = _next(incident)
    return None if when is None or occasion is None else (when, occasion)


def _attention(incident: Incident, when: datetime | None, now: datetime) -> datetime | None:
    """When to look again, at *when* at the latest: soon after it opened, while its pools are looked at, then seldom."""
    if incident.state is not FindingState.OPEN:
        return when
    told, known = incident.told, incident.attention
    again = now + _IDLE if told is None or told.at + GAP <= now else told.at + GAP
    if known is not None and known > now:
        again = min(again, known)
    return again if when is None else min(when, again)


def _next(incident: Incident) -> tuple[datetime | None, Occasion | None]:
    """When the next message is due, and on what occasion, if nothing changes until then."""
    told = incident.told
    if incident.state is not FindingState.OPEN:
        if not incident.has_news_of_its_end or (told is not None and told.state is not FindingState.OPEN):
            return None, None
        return incident.end_due, Occasion.ENDED
    if told is None:
        return incident.due, Occasion.OPENED
    possible = [*_changes(incident, told), *_reminder(incident, told)]
    return min(possible, key=lambda each: each[0]) if possible else (None, None)


def _changes(incident: Incident, told: Claim) -> list[tuple[datetime, Occasion]]:
    calm = told.at + (GAP if incident.members > 1 else timedelta(0))
    phases = frozenset(incident.phases)
    news, past = phases - told.phases - {PENDING}, (told.shown or frozenset()) - phases
    found: list[tuple[datetime, Occasion]] = []
    if incident.rank > told.rank:
        found.append((told.at, Occasion.CHANGED))
    elif incident.rank < told.rank or news - {WRITTEN}:
        found.append((calm, Occasion.CHANGED))
    elif news:
        found.append((incident.changed_at + _LOOK_AFTER_WRITE, Occasion.CHANGED))
    elif past & _HELD:
        # Repairs go on.
        found.append((calm, Occasion.CHANGED))
    elif past - {WRITTEN}:
        # It was announced before, so it may alternate: after a while it is announced again.
        found.append((max(told.at, incident.changed_at) + _ALTERNATES_FOR, Occasion.CHANGED))
    if told.lead and incident.lead not in {"", told.lead}:
        # Another rule speaks for the incident, so the announced reason and advice are no longer true.
        again = max(told.at, incident.changed_at) + _ALTERNATES_FOR
        found.append((again if incident.lead in told.leads else calm, Occasion.CHANGED))
    # The first look counts some of the pools, the next ones all: later only a doubled number is worth a message.
    if incident.size > told.size and (told.growths == 0 or incident.size >= 2 * told.size):
        settled = min(incident.changed_at + _SETTLES_FOR, told.at + _GROWS_FOR)
        found.append((max(settled, told.at + GAP), Occasion.GREW))
    if 0 < incident.size <= told.size // 2:
        found.append((told.at + _SHRINKS_AFTER, Occasion.GREW))
    return found


def _reminder(incident: Incident, told: Claim) -> list[tuple[datetime, Occasion]]:
    """Still open after an hour and a day, then daily while it is critical, and weekly otherwise.

    Only the first time after the last message counts: times that were missed are not made up for.
    """
    first, severity = incident.first_told_at, incident.severity
    if first is None or severity is None or severity < Severity.HIGH:
        return []
    passed = told.at - first
    later = _DAILY if severity is Severity.CRITICAL else _WEEKLY
    rest = later * (max(passed, _DAILY) // later + 1)
    after = next((each for each in _FIRST_REMINDERS if each > passed), rest)
    return [(first + after, Occasion.REMINDER)]
