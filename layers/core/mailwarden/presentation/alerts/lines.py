"""The labeled lines of an alert below its headline, the same on every channel: channels only choose the form."""

from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import (
    ConfigurationSetRef,
    IdentityRef,
    MonitoringRef,
    PoolRef,
    SesAccountRef,
)
from mailwarden.domain.refs.user_agents import tool_in
from mailwarden.message import Argument, Message, message
from mailwarden.presentation.alerts.applications import application_of_pools
from mailwarden.presentation.alerts.incident import role_of_cause, subject_of_cause
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.alerts.wording import (
    concerns_many,
    headline_states_the_verdict,
    is_gone,
    is_moved,
    is_over,
    link_name,
    named_account,
    pool_with_id,
    shown_time,
)
from mailwarden.presentation.catalogue.catalogue import Catalogue

_POOLS = 10
_CALLS = 3
WHOLE_WRITE = 1800
"""In characters: one side of a write that every channel shows whole."""
# Shorter texts, such as "no" or a number, are part of many sentences that do not repeat them.
_LONG_ENOUGH_TO_REPEAT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A labeled text; ``label`` is the message id of the label."""

    label: str
    text: Argument


def problem_lines(notice: Notice) -> tuple[Line, ...]:
    """What is or was wrong, why that matters, and whether the pool can send."""
    if is_over(notice):
        lines = [Line(label="label.what-was", text=notice.message)]
    else:
        lines = [Line(label="label.what", text=notice.message), Line(label="label.why", text=notice.why)]
    verdict = _verdict(notice)
    if verdict is not None:
        lines.append(Line(label="label.can-send", text=verdict))
    return _filled(lines)


def place_lines(notice: Notice) -> tuple[Line, ...]:
    """The pool, or the subject and the affected pools; how many are no longer affected; and since when."""
    lines: list[Line] = []
    about = _about(notice)
    if about is not None:
        lines.append(Line(label="label.about", text=about))
    others = [pool for pool in notice.affected if pool != notice.pool]
    if others and (about is not None or concerns_many(notice)):
        lines.append(Line(label="label.affects", text=_affected(notice, others)))
        if isinstance(notice.subject, PoolRef) and notice.state is FindingState.OPEN:
            # The texts and the write of a finding are about its own pool: they mend one of many, but for the role.
            role = None if notice.incident is None else role_of_cause(notice.incident.cause)
            meant = "alert.example" if role is None else "alert.example-for-all"
            example = message(meant, pool=notice.pool_name or notice.subject.pool_id)
            lines.append(Line(label="label.example", text=example))
    elif notice.pool is not None or notice.pool_name:
        lines.append(Line(label="label.pool", text=_pool(notice)))
    return _filled([*lines, *_application(notice), *_progress(notice), Line(label="label.since", text=_since(notice))])


def call_lines(notice: Notice) -> tuple[Line, ...]:
    """The calls that could have caused it; none where none of the known calls could."""
    calls = () if notice.incident is None else notice.incident.culprits[:_CALLS]
    label = "label.call" if len(calls) == 1 else "label.possible-call"
    return tuple(Line(label=label, text=_call(call)) for call in calls)


def _application(notice: Notice) -> tuple[Line, ...]:
    labeled = application_of_pools(notice)
    return () if labeled is None else (Line(label=labeled[0], text=labeled[1]),)


def _progress(notice: Notice) -> tuple[Line, ...]:
    """How many pools no longer have the problem, while others do."""
    incident = notice.incident
    if incident is None or notice.state is not FindingState.OPEN or incident.all_pools <= notice.affected_count:
        return ()
    ended = incident.all_pools - notice.affected_count
    return (Line(label="label.progress", text=message("alert.progress", count=ended, pools=incident.all_pools)),)


def done_line(notice: Notice) -> Message | None:
    """What Mailwarden did, or why it did nothing; None where there was nothing to do for it."""
    write = notice.proposed
    done = message("done.wrote") if write is None else message("done.title", title=write.title)
    if write is not None and write.done is not None:
        done = message("done.text", done=write.done)
    match notice.state:
        case FindingState.REPAIRED:
            return done
        case FindingState.RESOLVED if is_moved(notice):
            return message("done.moved")
        case FindingState.RESOLVED if is_gone(notice):
            by_pool = notice.incident is not None and notice.incident.pool_is_gone
            return message("done.pool-gone" if by_pool else "done.gone")
        case FindingState.RESOLVED if notice.handling is Handling.FAILED:
            return message("done.resolved-after-failure", reason=notice.note)
        case FindingState.RESOLVED:
            return None if isinstance(notice.subject, MonitoringRef) else message("done.resolved")
        case FindingState.EXEMPT:
            return _with_reason("done.exempt", notice)
        case FindingState.OPEN:
            return _done_while_open(notice, done)


def _done_while_open(notice: Notice, done: Message) -> Message | None:
    match notice.handling:
        case Handling.PENDING:
            return _with_reason("done.pending", notice)
        case Handling.WITHHELD if isinstance(notice.subject, MonitoringRef):
            return None
        case Handling.WITHHELD:
            return _with_reason("done.withheld", notice)
        case Handling.WRITING:
            entry_id = None if notice.proposed is None else notice.proposed.entry_id
            return message("done.writing-entry", entry_id=entry_id) if entry_id else message("done.writing")
        case Handling.WRITTEN if notice.note:
            return message("done.written", done=done, reason=notice.note)
        case Handling.WRITTEN:
            return message("done.written-still-found", done=done)
        case Handling.FAILED:
            return _with_reason("done.failed", notice)


def undo_lines(notice: Notice) -> tuple[Line, ...]:
    """How to undo what was written; only if it can be undone."""
    if notice.undo_id is None:
        return ()
    return (Line(label="label.undo", text=message("alert.undo", entry_id=notice.undo_id)),)


def write_lines(notice: Notice) -> tuple[Line, ...]:
    """What is above the exact write: what it is, unless the line about what was done has it, and the resource."""
    write = notice.proposed
    if write is None or notice.state in {FindingState.RESOLVED, FindingState.EXEMPT}:
        return ()
    resource = Line(label="label.resource", text=write.resource)
    if notice.state is FindingState.REPAIRED or notice.handling is Handling.WRITTEN:
        return (Line(label="label.written", text=write.resource),)
    graded = message("alert.proposed", title=write.title, applicability=message(f"applicability.{write.applicability}"))
    return (Line(label="label.proposed", text=graded), resource)


def evidence_lines(notice: Notice, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """What was observed, by name, unless the finding is over or another line has it already."""
    if is_over(notice):
        return ()
    shown = [*problem_lines(notice), *place_lines(notice), *write_lines(notice)]
    advice = notice.remediation if notice.state is FindingState.OPEN else ""
    shown_texts = " ".join([notice.note, advice, *(catalogue.text(line.text) for line in shown)])
    return tuple(
        (_evidence_name(name, catalogue), value)
        for name, value in notice.evidence.items()
        if not _is_in(shown_texts, _evidence_name(name, catalogue), value)
    )


def _is_in(texts: str, name: str, value: str) -> bool:
    """Whether the texts have an observed value already: by itself if it is long enough to be no accident."""
    return (value if len(value) >= _LONG_ENOUGH_TO_REPEAT else f"{name} {value}") in texts


def _evidence_name(name: str, catalogue: Catalogue) -> str:
    """The word for the name of an observed value; a name that is data, such as that of a trail, is shown as it is."""
    id_ = f"evidence.{name}"
    return catalogue.text(message(id_)) if id_ in catalogue.templates else name


def _filled(lines: list[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.text)


def _with_reason(id_: str, notice: Notice) -> Message:
    return message(f"{id_}-because", reason=notice.note) if notice.note else message(id_)


def _verdict(notice: Notice) -> Message | None:
    """Whether the pool can send, and where its path is broken; None where no pool was looked at or it is clear."""
    if (isinstance(notice.subject, MonitoringRef) and notice.pool is None) or headline_states_the_verdict(notice):
        return None
    if notice.incident is not None and notice.incident.pool_is_gone:
        return None
    answer = notice.verdict.value.replace(" ", "-")
    if notice.verdict is Answer.YES or notice.deciding is None:
        verdict = message(f"verdict.{answer}")
    else:
        verdict = message(f"verdict.{answer}-at", link=link_name(notice.deciding))
    if not notice.pool_name or (isinstance(notice.subject, PoolRef) and not concerns_many(notice)):
        return verdict
    return message("verdict.of-pool", pool=notice.pool_name, verdict=verdict)


def _about(notice: Notice) -> Message | None:
    """The subject, or the thing that many pools share; None for a pool, which has a line of its own."""
    subject, incident = notice.subject, notice.incident
    if isinstance(subject, PoolRef) and incident is not None and concerns_many(notice):
        if (role := role_of_cause(incident.cause)) is not None:
            account = named_account(notice, role.account)
            return message("alert.in-account", what=message("about.email-role"), account=account)
        shared = subject_of_cause(incident.cause)
        subject = subject if shared is None else shared
    match subject:
        case IdentityRef(name=name, region=region) if region != "*":
            what = message("about.identity", name=name, region=region)
        case IdentityRef(name=name):
            what = message("about.identity-everywhere", name=name)
        case ConfigurationSetRef(name=name, region=region):
            what = message("about.configuration-set", name=name, region=region)
        case SesAccountRef(region=region):
            what = message("about.ses-account", region=region)
        case MonitoringRef(region=region):
            regions = (region,) if incident is None else tuple(incident.regions)
            what = message("about.monitoring", region=message("words.and", values=regions or (region,)))
        case PoolRef():
            return None
    return message("alert.in-account", what=what, account=named_account(notice, subject.account))


def _pool(notice: Notice) -> Argument:
    """The pool by name, id, region and account; of a pool that is not known the name alone."""
    pool = notice.pool
    if pool is None:
        return notice.pool_name
    name, account = pool_with_id(pool, notice.pool_name), named_account(notice, pool.account)
    return message("alert.pool-line", pool=name, region=pool.region, account=account)


def _affected(notice: Notice, others: list[PoolRef]) -> Message:
    """How many pools are affected, and some of them, the one that was looked at first."""
    named = {} if notice.incident is None else {pool.ref: pool.name for pool in notice.incident.pools}
    if notice.pool is not None and notice.pool_name:
        named[notice.pool] = notice.pool_name
    known = () if notice.pool is None or notice.pool not in notice.affected else (notice.pool,)
    shown = tuple(pool_with_id(pool, named.get(pool, "")) for pool in (*known, *others)[:_POOLS])
    more = notice.affected_count - len(shown)
    if more > 0:
        return message("alert.affects-more", count=notice.affected_count, pools=shown, more=more)
    return message("alert.affects", count=notice.affected_count, pools=shown)


def _since(notice: Notice) -> Argument:
    opened, incident = shown_time(notice.opened_at), notice.incident
    until = notice.changed_at
    if not is_over(notice):
        if incident is None or incident.occasion is not Occasion.REMINDER:
            return opened
        until = incident.at
    return message("alert.since-for", since=opened, duration=_duration(until - notice.opened_at))


def lasted_so_far(notice: Notice) -> Message:
    """How long the incident is open at the time of the message."""
    until = notice.changed_at if notice.incident is None else notice.incident.at
    return _duration(until - notice.opened_at)


def _duration(lasted: timedelta) -> Message:
    seconds = int(lasted.total_seconds())
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= length:
            return message(f"duration.{unit}", count=seconds // length)
    return message("duration.seconds", count=seconds)


def _call(cause: Cause) -> Message:
    made = (
        message("call.in-region", call=cause.event_name, region=cause.region, at=shown_time(cause.at))
        if cause.region
        else message("call", call=cause.event_name, at=shown_time(cause.at))
    )
    if not cause.actor:
        return made
    tool = tool_in(cause.user_agent)
    made_by = message("call.by", call=made, actor=cause.actor)
    return message("call.with", call=made_by, tool=tool) if tool else made_by
