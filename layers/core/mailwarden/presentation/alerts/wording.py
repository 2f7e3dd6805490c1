"""The sentences of an alert, in English, the same on every channel."""

from datetime import UTC, datetime, timedelta

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.resources import MonitoringRef, PoolRef, SesAccountRef, kind_of
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.console_links import ConsoleLink, console_link

_POOL_NOW = {
    Effect.LOST: "cannot send mail",
    Effect.AT_RISK: "may soon be unable to send mail",
    Effect.UNKNOWN: "could not be judged: it may be unable to send mail",
}
_THING_NOW = {
    Effect.LOST: "loses mail",
    Effect.AT_RISK: "may soon lose mail",
    Effect.UNKNOWN: "could not be judged: it may lose mail",
}
_ANSWERS = {
    Answer.YES: "yes",
    Answer.AT_RISK: "yes, but at risk",
    Answer.NO: "no",
    Answer.UNKNOWN: "not known",
}


def headline(notice: Notice) -> str:
    """One line that says it all: how bad, what, and which rule says so."""
    place = f"{notice.rule_id}, {notice.link.value}"
    return f"{grade(notice)}: {subject_name(notice)} {_what_is(notice)} ({place})"


def grade(notice: Notice) -> str:
    """The severity of what is open, or the state of what is over."""
    return notice.severity.name if notice.state is FindingState.OPEN else notice.state.value.upper()


def is_over(notice: Notice) -> bool:
    """Whether nothing is wrong any more."""
    return notice.state in {FindingState.REPAIRED, FindingState.RESOLVED}


def subject_name(notice: Notice) -> str:
    """The subject as people call it."""
    match notice.subject:
        case PoolRef(pool_id=pool_id):
            return notice.pool_name or pool_id
        case SesAccountRef(region=region):
            return f"the SES account in {region}"
        case MonitoringRef(region=region):
            return f"the watch of {region}"
        case subject:
            return f"{kind_of(subject).value} {subject.name} in {subject.region}"


def pool_line(notice: Notice) -> str | None:
    """The pool by name, id, region and account; None if no pool is known."""
    if notice.pool is None:
        return notice.pool_name or None
    pool = notice.pool
    name = f"{notice.pool_name}, " if notice.pool_name else ""
    return f"{name}{pool.pool_id}, {pool.region}, account {pool.account}"


def affected_line(notice: Notice) -> str | None:
    """How many pools are affected, and the first of them; None if the alert is about the one pool it names."""
    others = [pool.pool_id for pool in notice.affected if pool != notice.pool]
    if not others:
        return None
    shown = ", ".join(others[:5])
    more = notice.affected_count - 1 - len(others[:5])
    return f"{notice.affected_count} pools; besides the one above: {shown}" + (f" and {more} more" if more > 0 else "")


def verdict_line(notice: Notice) -> str | None:
    """Whether the pool can send, and the first link that decides it; None where no pool was looked at."""
    if isinstance(notice.subject, MonitoringRef) and notice.pool is None:
        return None
    deciding = "" if notice.deciding is None else f"; the first link that decides it: {notice.deciding.value}"
    return f"{_ANSWERS[notice.verdict]}{deciding}"


def since_line(notice: Notice) -> str:
    """Since when, and for what is over, how long it lasted."""
    if not is_over(notice):
        return shown_time(notice.opened_at)
    return f"{shown_time(notice.opened_at)}, for {_duration(notice.changed_at - notice.opened_at)}"


def cause_line(notice: Notice) -> str | None:
    """Which call led to the look that found it, and when; None if no event tells."""
    if notice.cause is None:
        return None
    where = f" in {notice.cause.region}" if notice.cause.region else ""
    return f"{notice.cause.event_name}{where} at {shown_time(notice.cause.at)}"


def done_line(notice: Notice) -> str:
    """What was done, or why nothing was."""
    title = "" if notice.proposed is None else f": {notice.proposed.title}"
    note = f": {notice.note}" if notice.note else ""
    if notice.state is FindingState.REPAIRED:
        return f"Mailwarden repaired it{title}"
    if notice.state is FindingState.RESOLVED:
        return "it is over, and not by a repair of Mailwarden"
    if notice.state is FindingState.EXEMPT:
        return f"nothing, at the owner's wish{note}"
    match notice.handling:
        case Handling.PENDING:
            return f"a repair was ordered, its outcome is not known yet{title}"
        case Handling.WITHHELD:
            return f"nothing was written{note}"
        case Handling.WRITING:
            return f"a write was begun, its outcome is not known: see the journal{title}"
        case Handling.WRITTEN:
            return f"Mailwarden wrote, and the finding is still there{note or title}"
        case Handling.FAILED:
            return f"a repair was tried and failed{note}"


def write_line(notice: Notice) -> str | None:
    """What stands next to the exact write; None if there is none to show."""
    if notice.proposed is None or notice.state in {FindingState.RESOLVED, FindingState.EXEMPT}:
        return None
    match notice.handling:
        case Handling.PENDING:
            verb = "will be written"
        case Handling.WITHHELD:
            verb = "would have been written"
        case Handling.WRITING:
            verb = "may have been written"
        case Handling.WRITTEN:
            verb = "was written"
        case Handling.FAILED:
            verb = "was to be written"
    return f"{verb} to {notice.proposed.resource} ({notice.proposed.applicability})"


def to_do_line(notice: Notice) -> str | None:
    """What a person should do; None where nothing is left to do."""
    waits_for_people = notice.state is FindingState.OPEN and notice.handling is not Handling.PENDING
    return notice.remediation if waits_for_people and notice.remediation else None


def shown_time(at: datetime) -> str:
    """A time as people read it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def console_links(notice: Notice) -> tuple[ConsoleLink, ...]:
    """The console's pages about the pool, the identity and what else it is about, each once."""
    found = (console_link(it) for it in (notice.pool, notice.identity, notice.subject) if it is not None)
    return tuple(dict.fromkeys(link for link in found if link is not None))


def _what_is(notice: Notice) -> str:
    if notice.state is FindingState.EXEMPT:
        return "is exempt"
    by_effect = _POOL_NOW if isinstance(notice.subject, PoolRef) else _THING_NOW
    problem = f"has a problem: {notice.rule_name.replace('-', ' ')}"
    if notice.state is FindingState.OPEN:
        return problem if isinstance(notice.subject, MonitoringRef) else by_effect.get(notice.effect, problem)
    over = notice.state.value
    if not isinstance(notice.subject, PoolRef) or notice.effect is Effect.NONE:
        return f"is {over}"
    match notice.verdict:
        case Answer.YES:
            return f"can send mail, this is {over}"
        case Answer.AT_RISK:
            return f"can send mail but is at risk, this is {over}"
        case Answer.NO:
            return f"still cannot send mail, but this is {over}"
        case Answer.UNKNOWN:
            return f"could not be judged, but this is {over}"


def _duration(lasted: timedelta) -> str:
    seconds = int(lasted.total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            number = seconds // length
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
