"""The headline of an alert and its names for things, as messages: the catalogue of a language has their texts."""

from datetime import UTC, datetime

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.resources import (
    ConfigurationSetRef,
    IdentityRef,
    MonitoringRef,
    PoolRef,
    SesAccountRef,
)
from mailwarden.message import Argument, Message, message
from mailwarden.presentation.alerts.notice import Notice

_EVERY_REGION = "*"
# Rules that are about an open question: their headline is true although their effect is unknown.
_UNKNOWN_BY_NATURE = frozenset({"MW202", "MW204", "MW407"})


def headline(notice: Notice) -> Message:
    """One line: the severity, what users of the pool notice, why, and where."""
    return message(
        "alert.headline",
        grade=grade(notice),
        what=_what(notice),
        rule=notice.rule_id,
        where=_where(notice),
    )


def grade(notice: Notice) -> Message:
    """The severity of an open finding, or the state of any other."""
    if notice.state is FindingState.OPEN:
        return message(f"severity.{notice.severity.label}")
    return message(f"state.{notice.state.value}")


def is_over(notice: Notice) -> bool:
    """Whether the finding was repaired or resolved."""
    return notice.state in {FindingState.REPAIRED, FindingState.RESOLVED}


def is_still_lost(notice: Notice) -> bool:
    """Whether the finding is over and the pool's mail is lost all the same, for another reason."""
    return is_over(notice) and notice.verdict is Answer.NO


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
    """What is true of the pool now that the finding is over; of something shared, if the last pool is still in need."""
    match notice.verdict:
        case Answer.NO if not isinstance(notice.subject, MonitoringRef):
            return message("alert.over.cannot", who=who, why=why)
        case Answer.YES if _sends_again(notice):
            return message("alert.over.sends", who=who)
        case Answer.AT_RISK if _sends_again(notice):
            return message("alert.over.sends-at-risk", who=who)
        case Answer.UNKNOWN if _sends_again(notice):
            return message("alert.over.unknown", who=who, why=why)
        case _:
            return message(f"alert.over.{notice.state.value}", why=why)


def _sends_again(notice: Notice) -> bool:
    """Whether the end of the finding is the end of lost mail; of something shared one pool's verdict proves nothing."""
    return notice.effect is Effect.LOST and isinstance(notice.subject, PoolRef)


def _why(notice: Notice) -> Message:
    if notice.effect is Effect.UNKNOWN and notice.rule_id not in _UNKNOWN_BY_NATURE:
        return message("headline.unknown", link=link_name(notice.link))
    return message(f"headline.{notice.rule_id}")


def _who(notice: Notice) -> Message:
    """The pool by name where it is the only one, else how many there are."""
    alone = not notice.affected or (notice.affected_count == 1 and notice.affected[0] == notice.pool)
    if isinstance(notice.subject, PoolRef) or alone or is_over(notice):
        name = notice.pool_name or ("" if notice.pool is None else notice.pool.pool_id)
        return message("alert.pool", name=name) if name else message("alert.a-pool")
    return message("alert.pools", count=notice.affected_count)


def _where(notice: Notice) -> Argument:
    match notice.subject:
        case SesAccountRef(region=region):
            return message("alert.where.account", region=region)
        case IdentityRef(name=name, region=region) | ConfigurationSetRef(name=name, region=region):
            if region == _EVERY_REGION:
                return name
            return message("alert.where", name=name, region=region)
        case PoolRef(region=region) | MonitoringRef(region=region):
            return region
