"""Can the pool send mail now? Derived from the links of its path, and the first link that decides it is named."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mailwarden.domain.findings import Effect, Finding, Link
from mailwarden.domain.mail_path import MailPath, UsesIdentity


class Answer(StrEnum):
    """Whether the pool can send mail."""

    YES = "yes"
    AT_RISK = "at risk"
    NO = "no"
    UNKNOWN = "unknown"


class LinkState(StrEnum):
    """The state of one link."""

    SOUND = "sound"
    BROKEN = "broken"
    AT_RISK = "at risk"
    UNKNOWN = "unknown"
    NOT_USED = "not used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, the first link that decides it (None for a plain yes), and the state of every link in order."""

    answer: Answer
    deciding: Link | None
    links: tuple[tuple[Link, LinkState], ...]


_STATE_BY_EFFECT = {
    Effect.LOST: LinkState.BROKEN,
    Effect.UNKNOWN: LinkState.UNKNOWN,
    Effect.AT_RISK: LinkState.AT_RISK,
}
_ANSWER_BY_STATE = {
    LinkState.BROKEN: Answer.NO,
    LinkState.UNKNOWN: Answer.UNKNOWN,
    LinkState.AT_RISK: Answer.AT_RISK,
}
# A broken link is certain, whatever else could not be judged; an unknown one outweighs a mere risk.
_WORST_FIRST = (LinkState.BROKEN, LinkState.UNKNOWN, LinkState.AT_RISK)


def verdict_of(path: MailPath, findings: Iterable[Finding]) -> Verdict:
    """Fold what the rules said of a path into one answer."""
    said = tuple(findings)
    links = tuple((link, _state(link, path, said)) for link in Link)
    for state in _WORST_FIRST:
        for link, its_state in links:
            if its_state is state:
                return Verdict(answer=_ANSWER_BY_STATE[state], deciding=link, links=links)
    return Verdict(answer=Answer.YES, deciding=None, links=links)


def _state(link: Link, path: MailPath, findings: tuple[Finding, ...]) -> LinkState:
    states = {_STATE_BY_EFFECT.get(finding.effect) for finding in findings if finding.link is link}
    for state in _WORST_FIRST:
        if state in states:
            return state
    return LinkState.SOUND if link in _used_links(path) else LinkState.NOT_USED


def _used_links(path: MailPath) -> frozenset[Link]:
    if not isinstance(path.sender, UsesIdentity):
        return frozenset({Link.SENDER})
    used = {Link.SENDER, Link.REGION, Link.IDENTITY, Link.AUTHORIZATION, Link.ACCOUNT}
    if path.pool.email.configuration_set is not None:
        used |= {Link.CONFIGURATION_SET, Link.FEEDBACK}
    return frozenset(used)
