"""Judges the pools of a source with the rules of the service, as far as a source decides them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.consent import ConsentSettings
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.readings import OwnReason
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.limits import RuleMode
from mailwarden.message import texts_in
from mailwarden.rules import ALL, Rule
from mailwarden.rules.judging import judge
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command.checking.assumptions import INVENTED, invented, invented_address, texts_in_mail, worlds_of
from mailwarden_command.checking.custom_senders import SourceCustomSenders
from mailwarden_command.checking.places import place_of
from mailwarden_command.checking.readings import (
    SourceAccounts,
    SourceConfigurationSets,
    SourceIdentities,
    SourcePools,
    SourceReadings,
    SourceRole,
)
from mailwarden_command.checking.report import ADDED_ELSEWHERE, CheckedPool, FoundInSource, OpenReason, OpenRules
from mailwarden_command.checking.source.declared import Case, DeclaredResource, NotKnown, ResourceKind, part, text_of
from mailwarden_command.checking.source.deployment import NOW, UNKNOWN_ACCOUNT, UNKNOWN_REGION
from mailwarden_command.checking.source.holes import holes_in
from mailwarden_command.checking.source.nodes import Place

# The others need the state of an account: verification, quotas, the role, the ledger, the trail.
_FROM_SOURCE = frozenset(
    {
        "MW101", "MW102", "MW103", "MW104", "MW105", "MW107", "MW109", "MW110", "MW111", "MW112", "MW113", "MW116",
        "MW201", "MW202", "MW203", "MW204",
        "MW301", "MW303", "MW305",
        "MW401", "MW402", "MW403", "MW404", "MW405", "MW407", "MW408", "MW410",
        "MW601", "MW602", "MW603", "MW604", "MW605", "MW702",
    }
)  # fmt: skip
_ARN = re.compile(r"arn:(?P<partition>aws[a-z-]*):ses:[^:]*:(?P<account>[0-9]{12}):")
RULES: tuple[Rule, ...] = tuple(rule for rule in ALL if rule.rule_id in _FROM_SOURCE)
# Judged where the state of the account is known, and left open here without a word for each pool.
NEEDS_ACCOUNT: tuple[str, ...] = tuple(rule.rule_id for rule in ALL if rule.rule_id not in _FROM_SOURCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The words that readers see in place of values that are not known, and the attribute that is a pool's id."""

    region: str
    account: str
    id_of_pool: str


@dataclass(slots=True, kw_only=True)
class SourceJudge:
    """Judges the pools of one file. ``labels`` are those of its holes; ``settings`` the operator's."""

    labels: list[str]
    spoken: Spoken
    is_plan: bool = False
    settings: OperatorSettings = field(default_factory=OperatorSettings)

    def pools(self, cases: tuple[Case, ...]) -> tuple[CheckedPool, ...]:
        """Every pool that any case has, in the order of the file."""
        found: dict[str, list[tuple[Case, DeclaredResource]]] = {}
        for case in cases:
            for pool in case.of_kind(ResourceKind.POOL):
                if not pool.is_deleted:
                    found.setdefault(pool.name, []).append((case, pool))
        checked = (self._pool(name, those) for name, those in found.items())
        return tuple(sorted(checked, key=lambda pool: pool.place))

    def _pool(self, name: str, those: list[tuple[Case, DeclaredResource]]) -> CheckedPool:
        findings: dict[tuple[str, Place], list[tuple[Case, Finding]]] = {}
        open_rules: dict[tuple[OpenReason, tuple[str, ...]], set[str]] = {}
        place = those[0][1].place
        try:
            for case, pool in those:
                judged = self._judged(case, pool)
                for finding, where in judged.certain:
                    findings.setdefault((finding.rule_id, where), []).append((case, finding))
                for each in judged.open_rules:
                    open_rules.setdefault((each.reason, each.about), set()).update(each.rules)
        except NotKnown as error:
            return CheckedPool(name=name, place=error.place, not_known=error.member)
        spoken = self._spoken(those[0][1])
        return CheckedPool(
            name=name,
            place=place,
            found=tuple(
                FoundInSource(
                    finding=which[0][1],
                    place=where,
                    choices={} if len(which) == len(those) else which[0][0].choices,
                    spoken=spoken,
                )
                for (_, where), which in findings.items()
            ),
            open_rules=tuple(
                OpenRules(
                    reason=reason, about=tuple(_in_words(each, spoken) for each in about), rules=tuple(sorted(rules))
                )
                for (reason, about), rules in open_rules.items()
            ),
        )

    def _judged(self, case: Case, pool: DeclaredResource) -> "_Judged":
        """The findings of one case that hold in every world, and the rules that some worlds or readings leave open."""
        worlds: list[dict[str, list[tuple[Finding, Place]]]] = []
        unread: set[str] = set()
        not_there: list[str] = []
        for world in worlds_of(case, pool):
            source = SourceReadings(case=world)
            path = self._path(source, pool)
            if not worlds:
                not_there += _not_there(path)
            found: dict[str, list[tuple[Finding, Place]]] = {}
            for finding in judge(path, self._rules(), self.settings.severities).findings:
                if _rests_on_unread(finding):
                    unread.add(finding.rule_id)
                else:
                    found.setdefault(finding.rule_id, []).append((finding, place_of(finding, path, source)))
            worlds.append(found)
        first, *others = worlds
        in_all = {rule for rule in first if all(_effects(rule, first) == _effects(rule, other) for other in others)}
        in_some = {rule for found in worlds for rule in found} - in_all - {"MW110", "MW305"}
        certain = [each for rule, found in first.items() if rule in in_all for each in found]
        return _Judged(
            certain=tuple(
                (self._as_far_as_known(finding), place)
                for finding, place in certain
                if not self._is_of_unknown_region(finding, pool)
            ),
            open_rules=tuple(self._open(pool, certain, in_some, unread - in_all, not_there)),
        )

    def _rules(self) -> tuple[Rule, ...]:
        """The rules that the settings do not switch off."""
        return tuple(rule for rule in RULES if self.settings.rule_modes.get(rule.rule_id) is not RuleMode.OFF)

    def _path(self, source: SourceReadings, pool: DeclaredResource) -> MailPath:
        reader = MailPathReader(
            pools=SourcePools(source=source),
            identities=SourceIdentities(source=source),
            configuration_sets=SourceConfigurationSets(source=source),
            accounts=SourceAccounts(),
            role=SourceRole(),
            table=self.settings.table,
            consents=ConsentSettings(identities={}),
            custom_senders=SourceCustomSenders(case=source.case),
        )
        path = reader.look(self._ref(source, pool), at=NOW, fresh=True)
        if not isinstance(path, MailPath):
            raise NotKnown("Properties", pool.place)
        return path

    def _open(
        self,
        pool: DeclaredResource,
        certain: list[tuple[Finding, Place]],
        in_some: set[str],
        unread: set[str],
        not_there: list[str],
    ) -> Iterator[OpenRules]:
        of_region = {each.rule_id for each, _ in certain if self._is_of_unknown_region(each, pool)}
        if of_region:
            of_region |= {"MW201", "MW401"} & {rule.rule_id for rule in self._rules()}
            yield OpenRules(reason=OpenReason.REGION, rules=tuple(sorted(of_region)))
        if in_some:
            numbers = {number for _, text in texts_in_mail(pool.members) for number in holes_in(text)}
            labels = tuple(self.labels[number] for number in sorted(numbers))
            yield OpenRules(reason=OpenReason.VALUES, rules=tuple(sorted(in_some)), about=labels)
        if unread - in_some:
            # An invented name is no name.
            names = tuple(name for name in not_there if not name.endswith(INVENTED))
            yield OpenRules(reason=OpenReason.NOT_IN_SOURCE, rules=tuple(sorted(unread - in_some)), about=names)

    def _as_far_as_known(self, finding: Finding) -> Finding:
        """A finding that a template lacks something, without certainty where it may be elsewhere."""
        if self.is_plan or finding.rule_id not in ADDED_ELSEWHERE:
            return finding
        return replace(finding, effect=Effect.UNKNOWN, severity=min(finding.severity, Severity.HIGH))

    def _is_of_unknown_region(self, finding: Finding, pool: DeclaredResource) -> bool:
        """Whether a rule has no answer only because the region of the deployment is not known."""
        is_unknown = pool.where.region == UNKNOWN_REGION and finding.effect is Effect.UNKNOWN
        return is_unknown and finding.rule_id in {"MW202", "MW407"}

    def _ref(self, source: SourceReadings, pool: DeclaredResource) -> PoolRef:
        """The pool; an account or a partition that is not known is that of its SourceArn."""
        where = pool.where
        found = next(each for each in source.case.of_kind(ResourceKind.POOL) if each.name == pool.name)
        arn = _ARN.match(text_of(part(found.members, "EmailConfiguration"), "SourceArn") or "")
        is_anywhere = where.region == UNKNOWN_REGION and arn is not None
        return PoolRef(
            partition=arn["partition"] if is_anywhere and arn is not None else where.partition,
            region=where.region,
            account=arn["account"] if where.account == UNKNOWN_ACCOUNT and arn is not None else where.account,
            pool_id=pool.pool_id,
        )

    def _spoken(self, pool: DeclaredResource) -> Mapping[str, str]:
        """The words in place of each value that represents an unknown one; a longer one comes first."""
        words = {f"({pool.pool_id})": f"({pool.name})"}
        if not pool.existing_id:
            words[pool.pool_id] = f"${{{pool.name}{self.spoken.id_of_pool}}}"
        for number, label in reversed([*enumerate(self.labels)]):
            words |= dict.fromkeys((invented_address(number), invented(number)), f"${{{label}}}")
        return words | {UNKNOWN_REGION: self.spoken.region, UNKNOWN_ACCOUNT: self.spoken.account}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    certain: tuple[tuple[Finding, Place], ...]
    open_rules: tuple[OpenRules, ...]


def _in_words(text: str, spoken: Mapping[str, str]) -> str:
    for value, words in spoken.items():
        text = text.replace(value, words)
    return text


def _effects(rule: str, found: Mapping[str, list[tuple[Finding, Place]]]) -> set[Effect]:
    """The effects of what a rule found in a world."""
    return {finding.effect for finding, _ in found.get(rule, ())}


def _rests_on_unread(finding: Finding) -> bool:
    """Whether the only reason of a finding is that the source does not have something."""
    reason = finding.unknown_reason
    return finding.effect is Effect.UNKNOWN and reason is not None and OwnReason.NOT_READ in texts_in(reason)


def _not_there(path: MailPath) -> Iterator[str]:
    """The names of the identity and of the set that the source does not have."""
    if isinstance(path.sender, UsesIdentity):
        yield path.sender.ref.name
    if path.pool.email.configuration_set:
        yield path.pool.email.configuration_set
    if path.pool.custom_sender_lambda:
        yield path.pool.custom_sender_lambda
    if path.pool.custom_sender_key:
        yield path.pool.custom_sender_key
