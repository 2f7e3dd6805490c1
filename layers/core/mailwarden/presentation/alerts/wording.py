"""The headline of an alert and its names for things, as messages: the catalogue of a language has their texts."""

from datetime import UTC, datetime

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.resources import (
    ConfigurationSetRef,
    IdentityRef,
    MonitoringRef,
    PoolRef,
    SesAccountRef,
    Subject,
)
from mailwarden.domain.refs.root_causes import (
    AccountTrails,
    ConfigurationSetState,
    EmailRole,
    Fight,
    IdentityState,
    OwnState,
    SameCalls,
    SendingPolicies,
)
from mailwarden.message import Argument, Message, message
from mailwarden.presentation.alerts.incident import ShownIncident
from mailwarden.presentation.alerts.notice import Notice

_EVERY_REGION = "*"
# Rules that are about an open question: their headline is true although their effect is unknown.
_UNKNOWN_BY_NATURE = frozenset({"MW202", "MW204", "MW407"})


def headline(notice: Notice) -> Message:
    """One line: the severity, what users of the pool notice, why, and where."""
    said = message(
        "alert.headline",
        grade=grade(notice),
        what=_what(notice),
        rule=notice.rule_id,
        where=_where(notice),
    )
    # In front, because the subject of a mail is cut at its end.
    name, account = notice.account_name, notice.subject.account
    return message("alert.of-account", name=name, account=account, headline=said) if name else said


def named_account(notice: Notice, account: str) -> Argument:
    """The id of an account, with its name if it has one."""
    name = notice.account_name
    return message("alert.account", name=name, id=account) if name else account


def grade(notice: Notice) -> Message:
    """The severity of an open finding, and whether it is announced again, or the state of any other."""
    if is_gone(notice) or is_moved(notice):
        return message("state.gone")
    if notice.state is not FindingState.OPEN:
        return message(f"state.{notice.state.value}")
    severity = message(f"severity.{notice.severity.label}")
    match None if notice.incident is None else notice.incident.occasion:
        case Occasion.REMINDER:
            return message("alert.still-open", severity=severity)
        case Occasion.CHANGED | Occasion.GREW:
            return message("alert.update", severity=severity)
        case Occasion.OPENED | Occasion.ENDED | None:
            return severity


def is_over(notice: Notice) -> bool:
    """Whether the finding was repaired or resolved."""
    return notice.state in {FindingState.REPAIRED, FindingState.RESOLVED}


def is_still_lost(notice: Notice) -> bool:
    """Whether the finding is over and the mail of a pool is lost all the same, for another reason."""
    return is_over(notice) and (notice.verdict is Answer.NO or _still_lost(notice) > 0)


def is_gone(notice: Notice) -> bool:
    """Whether the finding ended because its subject or its pool does not exist any more: nothing was resolved."""
    incident = notice.incident
    if incident is None or notice.state is not FindingState.RESOLVED:
        return False
    return incident.subject_is_gone or incident.pool_is_gone


def is_moved(notice: Notice) -> bool:
    """Whether the finding is open in another incident, because another cause explains it now."""
    return notice.incident is not None and notice.incident.moved


def concerns_many(notice: Notice) -> bool:
    """Whether the incident concerns more than one pool."""
    return notice.affected_count > 1


def headline_states_the_verdict(notice: Notice) -> bool:
    """Whether the headline has the whole verdict, so that no other line repeats it."""
    if notice.state is FindingState.OPEN:
        answer = {Effect.LOST: Answer.NO, Effect.AT_RISK: Answer.AT_RISK, Effect.UNKNOWN: Answer.UNKNOWN}
        return notice.verdict is answer.get(notice.effect) and notice.deciding is notice.link
    return notice.verdict is Answer.YES and _sends_again(notice)


def link_name(link: Link) -> Message:
    """A link of the mail path."""
    return message(f"link.{link.value.replace(' ', '-')}")


def pool_with_id(pool: PoolRef, name: str) -> Argument:
    """A pool by name and id, or by its id alone."""
    return message("alert.pool-with-id", name=name, id=pool.pool_id) if name else pool.pool_id


def shown_time(at: datetime) -> str:
    """A time to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _what(notice: Notice) -> Message:
    why, who = _why(notice), _who(notice)
    match notice.state:
        case FindingState.OPEN:
            return _felt(notice, who, why)
        case FindingState.EXEMPT:
            return message("alert.exempt", why=why)
        case FindingState.REPAIRED | FindingState.RESOLVED:
            return _over(notice, who, why)


def _felt(notice: Notice, who: Message, why: Message) -> Message:
    """What users of the pool notice of an open finding."""
    match notice.effect:
        case Effect.LOST:
            return message("alert.lost", who=who, why=why)
        case Effect.AT_RISK:
            return message("alert.at-risk", who=who, why=why)
        case Effect.UNKNOWN if notice.verdict is Answer.UNKNOWN and not isinstance(notice.subject, MonitoringRef):
            return message("alert.unknown", who=who, why=why)
        case Effect.UNKNOWN | Effect.NONE:
            return message("alert.none", why=why)


def _over(notice: Notice, who: Message, why: Message) -> Message:
    """The state of the pools now that the finding is over."""
    lost = _still_lost(notice)
    unsure = 0 if notice.incident is None else notice.incident.unsure
    if is_moved(notice) or is_gone(notice):
        return _closed(notice, who, why)
    if lost and concerns_many(notice):
        return message("alert.over.some-cannot", count=lost, pools=notice.affected_count, why=why)
    if unsure and concerns_many(notice):
        return message("alert.over.some-unknown", count=unsure, pools=notice.affected_count, why=why)
    match notice.verdict:
        case Answer.NO if not isinstance(notice.subject, MonitoringRef) and not concerns_many(notice):
            return message("alert.over.cannot", who=who, why=why)
        case Answer.YES if _sends_again(notice):
            return message("alert.over.sends", who=who)
        case Answer.AT_RISK if _sends_again(notice):
            return message("alert.over.sends-at-risk", who=who)
        case Answer.UNKNOWN if _sends_again(notice):
            return message("alert.over.unknown", who=who, why=why)
        case _:
            return message("alert.over.resolved", why=why)


def _closed(notice: Notice, who: Message, why: Message) -> Message:
    """Why the incident ended although nothing was resolved."""
    if is_moved(notice):
        return message("alert.over.moved", who=who, why=why)
    if notice.incident is not None and notice.incident.pool_is_gone:
        return message("alert.over.pool-gone", who=who, why=why)
    return message("alert.over.gone", why=why)


def _sends_again(notice: Notice) -> bool:
    """Whether the end of the finding is the end of lost mail: known of one pool, or of all that share a cause."""
    if notice.effect is not Effect.LOST:
        return False
    incident = notice.incident
    all_judged = incident is not None and incident.using is not None and notice.affected_count > 0
    return isinstance(notice.subject, PoolRef) or all_judged


def _still_lost(notice: Notice) -> int:
    return 0 if notice.incident is None else notice.incident.still_lost


def _why(notice: Notice) -> Message:
    if notice.effect is Effect.UNKNOWN and notice.rule_id not in _UNKNOWN_BY_NATURE:
        return message("headline.unknown", link=link_name(notice.link))
    return message(f"headline.{notice.rule_id}")


def _who(notice: Notice) -> Message:
    """The pool by name where it is the only one, else how many there are, and in how many regions."""
    at_least = _at_least(notice)
    if at_least is not None:
        return at_least
    alone = not notice.affected or notice.affected[0] == notice.pool
    if not concerns_many(notice) and (isinstance(notice.subject, PoolRef) or alone or is_over(notice)):
        name = notice.pool_name or ("" if notice.pool is None else notice.pool.pool_id)
        return message("alert.pool", name=name) if name else message("alert.a-pool")
    pools = message("alert.pools", count=notice.affected_count)
    regions = 0 if notice.incident is None else len(notice.incident.regions)
    return message("alert.pools-in-regions", pools=pools, count=regions) if regions > 1 else pools


def _at_least(notice: Notice) -> Message | None:
    """The number of pools found so far and of those that use it, in the first messages, while they are looked at."""
    incident = notice.incident
    if incident is None or incident.using is None or incident.occasion not in {Occasion.OPENED, Occasion.GREW}:
        return None
    if not 0 < notice.affected_count < incident.using:
        return None
    if incident.occasion is Occasion.GREW and incident.all_pools > notice.affected_count:
        # Some have no problem any more: all were looked at.
        return None
    return message("alert.at-least", count=notice.affected_count, using=incident.using)


def _where(notice: Notice) -> Argument:
    """The place of the subject; of many pools with one cause, that of the cause."""
    incident = notice.incident
    if incident is None or not (concerns_many(notice) or len(incident.regions) > 1 or _at_least(notice) is not None):
        return _place_of(notice.subject)
    match incident.cause.over if isinstance(incident.cause, Fight) else incident.cause:
        case SendingPolicies(identity=identity):
            return _place_of(identity)
        case EmailRole(account=account):
            return message("alert.where.of-account", account=account)
        case SameCalls() | AccountTrails():
            return _regions_of(incident)
        case IdentityState() | ConfigurationSetState() | OwnState():
            return _place_of(notice.subject)


def _regions_of(incident: ShownIncident) -> Argument:
    regions = tuple(incident.regions)
    return regions[0] if len(regions) == 1 else message("alert.where.regions", count=len(regions))


def _place_of(subject: Subject) -> Argument:
    match subject:
        case SesAccountRef(region=region):
            return message("alert.where.account", region=region)
        case IdentityRef(name=name, region=region) | ConfigurationSetRef(name=name, region=region):
            if region == _EVERY_REGION:
                return name
            return message("alert.where", name=name, region=region)
        case PoolRef(region=region) | MonitoringRef(region=region):
            return region
