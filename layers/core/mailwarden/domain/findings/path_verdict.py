"""Derives from the links of a mail path whether the pool can send, and names the first link that decides it."""

from collections.abc import Iterable

from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import usable_ses_states, verified_domain
from mailwarden.domain.mail_path.verdict import Answer, Link, LinkState, Verdict
from mailwarden.domain.readings import ConfigurationSet, Missing
from mailwarden.regions import SenderUse

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
    used = _used_links(path)
    links = tuple((link, _state(link, used, said)) for link in Link)
    for state in _WORST_FIRST:
        for link, its_state in links:
            if its_state is state:
                return Verdict(answer=_ANSWER_BY_STATE[state], deciding=link, links=links)
    return Verdict(answer=Answer.YES, deciding=None, links=links)


def _state(link: Link, used: frozenset[Link], findings: tuple[Finding, ...]) -> LinkState:
    states = {_STATE_BY_EFFECT.get(finding.effect) for finding in findings if finding.link is link}
    for state in _WORST_FIRST:
        if state in states:
            return state
    return LinkState.SOUND if link in used else LinkState.NOT_USED


def _used_links(path: MailPath) -> frozenset[Link]:
    """The links that this pool's mail passes through and that were judged.

    Behind a sender or a region that cannot be, nothing is judged: whatever is there is nobody's choice. The default
    sender mails through an SES account of Cognito's, and through no configuration set of ours.
    """
    if not isinstance(path.sender, UsesIdentity):
        return frozenset({Link.SENDER})
    used = {Link.SENDER, Link.REGION}
    ses_states = usable_ses_states(path)
    if any(verified_domain(path, ses_state) is None for ses_state in ses_states):
        used.add(Link.IDENTITY)
    if any(not isinstance(ses_state.identity, Missing) for ses_state in ses_states):
        used.add(Link.AUTHORIZATION)
    if path.sender.use is SenderUse.DEVELOPER and ses_states:
        used.add(Link.ACCOUNT)
        if any(ses_state.configuration_set is not None for ses_state in ses_states):
            used.add(Link.CONFIGURATION_SET)
        if any(isinstance(ses_state.configuration_set, ConfigurationSet) for ses_state in ses_states):
            used.add(Link.FEEDBACK)
    return frozenset(used)
