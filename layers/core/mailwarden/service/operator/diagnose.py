"""Answers an operator's question about a pool: looks, judges and plans, and writes nothing, not even the look."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailwarden.domain.findings.finding import Finding, Severity
from mailwarden.domain.findings.set_options import wanted_options
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.path import MailPath, MalformedSource, NoIdentity, SesRegionState, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import is_foreign
from mailwarden.domain.operator.asked_pool import AskedPool
from mailwarden.domain.operator.question import Answered, Explained, PoolNotSeen, Question, Said
from mailwarden.domain.operator.suppressed_address import (
    AddressAnswer,
    AddressInRegion,
    ListOfCognito,
    LookedUp,
    NoListOfOurs,
    reasons_in_force,
)
from mailwarden.domain.readings import Missing, Unreadable
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.decision import Decision, Repair, Report
from mailwarden.domain.repair.limits import Limits
from mailwarden.message import message
from mailwarden.ports.clock import Clock
from mailwarden.ports.mail_path.looks import Looks
from mailwarden.ports.operator.finding_records import FindingRecords
from mailwarden.ports.operator.suppressed_addresses import SuppressedAddresses
from mailwarden.ports.repair.stop_switch import StopSwitch
from mailwarden.regions import SenderUse
from mailwarden.rules import Rule
from mailwarden.rules.judging import Judgment, judge
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.repair.refused_repairs import decided
from mailwarden.service.repair.source_owners import SourceOwners


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Answers questions about the pools of one account."""

    path_reader: MailPathReader
    looks: Looks
    findings: FindingRecords
    owners: SourceOwners
    lists: SuppressedAddresses
    rules: tuple[Rule, ...]
    limits: Limits
    stop_switch: StopSwitch
    clock: Clock
    partition: str
    account: str
    watched_regions: tuple[str, ...]
    severities: Mapping[str, Severity] = field(default_factory=dict)

    def answer(self, question: Question) -> Answered:
        """Look at the pool, judge it and plan."""
        seen = self.look(question)
        return seen if isinstance(seen, PoolNotSeen) else self.explain(seen, question)

    def look(self, question: Question) -> MailPath | PoolNotSeen:
        """Look at the pool in the question's region, or otherwise in each watched region where it may be.

        No role may read the pools of a region that is not watched: the error would not be about the pool.
        """
        at = self.clock.now()
        missing: list[str] = []
        refused: list[Unreadable] = []
        asked = AskedPool(pool_id=question.pool_id, region=question.region)
        regions = asked.regions(self.watched_regions)
        for region in (region for region in regions if region in self.watched_regions):
            pool = PoolRef(partition=self.partition, region=region, account=self.account, pool_id=question.pool_id)
            path = self.path_reader.look(pool, at=at, fresh=True)
            match path:
                case MailPath():
                    return path
                case Missing():
                    missing.append(region)
                case Unreadable():
                    refused.append(path)
        return PoolNotSeen(
            pool_id=question.pool_id,
            missing_in=tuple(missing),
            refused=tuple(refused),
            at=at,
            unwatched=tuple(region for region in regions if region not in self.watched_regions),
        )

    def explain(self, path: MailPath, question: Question) -> Explained:
        """Judge a path and plan; AWS is asked about the question's address, and who owns what a fix would write."""
        judgment = judge(path, self.rules, self.severities)
        last_look = self.looks.last(path.pool.ref)
        return Explained(
            path=path,
            verdict=judgment.verdict,
            said=self._said(judgment, last_look, path.taken_at),
            last_look=last_look,
            address=None if question.address is None else self._address(path, question.address),
        )

    def _said(self, judgment: Judgment, last_look: LookRecord | None, at: datetime) -> tuple[Said, ...]:
        limits = replace(self.limits, stop=self.stop_switch.current())
        made = decided(judgment, limits, self.findings, today=at.date())
        decisions = {_key(decision.finding): decision for decision in made.decisions}
        pool = judgment.path.pool.ref
        return tuple(
            self._said_of(finding, decisions.get(_key(finding)), pool, last_look) for finding in judgment.findings
        )

    def _said_of(
        self, finding: Finding, decision: Decision | None, pool: PoolRef, last_look: LookRecord | None
    ) -> Said:
        """The source of a fix forbids it here as it does just before a write."""
        record = self.findings.read(finding.key)
        source = None
        options = wanted_options(finding)
        if options is not None:
            source = self.owners.of_set(options.ref)
        if finding.fix is not None:
            causes = () if record is None else (record.seen.cause,)
            source = self.owners.forbids(pool, finding.fix.change, causes, last=last_look)
        if source is not None and isinstance(decision, Repair):
            decision = Report(finding=finding, reason=source)
        return Said(finding=finding, decision=decision, source=source, record=record)

    def _address(self, path: MailPath, address: str) -> AddressAnswer:
        match path.sender:
            case NoIdentity(reason=reason) if path.pool.custom_sender_lambda is not None:
                return NoListOfOurs(reason=message("address.custom-sender", reason=reason))
            case NoIdentity(reason=reason):
                return ListOfCognito(reason=reason)
            case UsesIdentity(use=SenderUse.DEFAULT_CUSTOM_FROM):
                return ListOfCognito(reason=message("sender.default-with-from"))
            case MalformedSource(reason=reason):
                return NoListOfOurs(reason=message("address.no-identity", reason=reason))
            case UsesIdentity(ref=ref) if is_foreign(path):
                return NoListOfOurs(reason=message("address.foreign-identity", account=ref.account))
            case UsesIdentity():
                return LookedUp(ses_states=tuple(self._on_side(ses_state, address) for ses_state in path.ses_states))

    def _on_side(self, ses_state: SesRegionState, address: str) -> AddressInRegion:
        return AddressInRegion(
            identity=ses_state.identity_ref,
            account=ses_state.account_ref,
            reading=self.lists.read(ses_state.account_ref, address),
            in_force=reasons_in_force(ses_state),
        )


def _key(finding: Finding) -> tuple[str, str]:
    """The key of a finding: a rule has at most one finding for each subject."""
    return finding.rule_id, finding.subject.arn
