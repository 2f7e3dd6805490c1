"""What a judged path leaves undecided: no rule's silence about it may close a finding."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states, region_answer
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import ConfigurationSet, LinkDomain, Missing, Unreadable
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import NotASubject, SubjectKind, kind_of, subject_from_arn
from mailwarden.regions import RegionAnswer
from mailwarden.rules.rule import Rule

# In place of an SES region: a reading that belongs to none, or a rule of which nothing was judged.
_ANYWHERE = "*"
# In its place, too: what only findings about the pool rest on.
_OF_THE_POOL = "pool"
# What these links depend on is known without the SES regions that the mail passes through.
_WITHOUT_SES = frozenset({Link.SENDER, Link.RUNTIME, Link.MONITORING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """The findings and, by rule, the SES regions that one look could not judge.

    A link's state does not tell: a broken link hides that something else of it is unknown.
    """

    keys: frozenset[FindingKey]
    regions: Mapping[str, frozenset[str]]

    def covers(self, key: FindingKey) -> bool:
        """Whether it is undecided if the finding is still there; a finding about a pool rests on every SES region."""
        regions = self.regions.get(key.rule_id, frozenset())
        if key in self.keys or _ANYWHERE in regions:
            return True
        try:
            subject = subject_from_arn(key.subject_arn)
        except NotASubject:
            return bool(regions)
        in_all = kind_of(subject) in {SubjectKind.POOL, SubjectKind.MONITORING}
        return bool(regions) if in_all else subject.region in regions

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule that left something undecided."""
        return tuple(sorted({key.rule_id for key in self.keys} | self.regions.keys()))


def undecided_of(
    path: MailPath, rules: Sequence[Rule], findings: Iterable[Finding], *, crashed: frozenset[str]
) -> Undecided:
    """What *rules* could not judge of *path*; nothing of a *crashed* rule was judged.

    A rule is undecided where a reading that it declares was refused, and where it answers the same question, from the
    same readings, as a rule that says "unknown". A note leaves no other rule
    undecided.
    """
    regions: dict[str, frozenset[str]] = {}
    for action, region in _refused(path):
        for rule in rules:
            if action in rule.reads:
                regions[rule.rule_id] = regions.get(rule.rule_id, frozenset()) | {region}
    everything = isinstance(path.sender, UsesIdentity) and not path.ses_states
    for rule in rules if crashed or everything else ():
        if rule.rule_id in crashed or (everything and rule.link not in _WITHOUT_SES):
            regions[rule.rule_id] = frozenset({_ANYWHERE})
    unknown = tuple(finding for finding in findings if finding.effect is Effect.UNKNOWN)
    by_id = {rule.rule_id: rule for rule in rules} if unknown else {}
    keys = {
        FindingKey(subject_arn=finding.subject.arn, rule_id=rule.rule_id)
        for finding in unknown
        for rule in rules
        if rule.rule_id == finding.rule_id
        or (rule.link is finding.link and not finding.is_note and rule.reads >= by_id[finding.rule_id].reads)
    }
    return Undecided(keys=frozenset(keys), regions=regions)


def _refused(path: MailPath) -> Iterator[tuple[str, str]]:
    """The action of every refused reading, and the SES region that it is about."""
    domain = path.pool.link_domain
    link = domain.custom_status if isinstance(domain, LinkDomain) else None
    for of_pool in (path.pool.factors.second_factor, link, path.pool.threat_notices, path.service_linked_role):
        if isinstance(of_pool, Unreadable):
            yield of_pool.action, _ANYWHERE
    custom = path.custom_sender
    for of_custom_sender in () if custom is None else (custom.policy, custom.key_state):
        if isinstance(of_custom_sender, Unreadable):
            yield of_custom_sender.action, _ANYWHERE
    judged = judged_ses_states(path)
    if region_answer(path) is RegionAnswer.UNKNOWN and any(isinstance(each.identity, Missing) for each in judged):
        # The domain of a missing address is read only where the pool may use the region.
        yield "ses:GetEmailIdentity", _OF_THE_POOL
    for ses_state in (*judged, *path.candidates.values()):
        used = ses_state.configuration_set
        destinations = used.destinations if isinstance(used, ConfigurationSet) else None
        ip_pool = used.ip_pool.exists if isinstance(used, ConfigurationSet) and used.ip_pool is not None else None
        for reading in (ses_state.identity, ses_state.account, used, destinations, ip_pool):
            if isinstance(reading, Unreadable):
                yield reading.action, ses_state.identity_ref.region
