"""What could not be judged closes nothing: every rule, every reading that it can rest on, whatever else is found."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.named_pools import NamedPools
from mailwarden.domain.mail_path.path import MailPath, SesRegionState, UsesIdentity, configuration_set_of
from mailwarden.domain.mail_path.pools_in_policies import pools_named
from mailwarden.domain.readings import ConfigurationSet, Identity, LinkDomain, Missing, ServiceLinkedRole
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import ConfigurationSetRef
from mailwarden.domain.repair.decision import plan
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.message import verbatim
from mailwarden.regions import NoRow, NoRowReason
from mailwarden.rules import ALL, Rule
from mailwarden.rules.judging import judge
from mailwarden.service.findings.finding_recorder import HandledFinding
from mailwarden.service.inspection.inspect import handled_by
from tests.builders import NOON, unread
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.unit.decisions.looks import MINUTE, recorder
from tests.unit.rules.cases import Case, all_cases
from tests.unit.rules.strategies import mail_paths

FIRING = tuple(case for case in all_cases() if case.kind == "fires")
OVER = {FindingState.RESOLVED, FindingState.REPAIRED}


def refusals(path: MailPath) -> Iterator[tuple[str, MailPath]]:
    """*path* with one reading refused, for each that it rests on, with everything that is not read then."""
    factors = replace(path.pool.factors, second_factor=unread("cognito-idp:GetUserPoolMfaConfig"))
    yield "factors", replace(path, pool=replace(path.pool, factors=factors))
    if isinstance(path.pool.link_domain, LinkDomain) and path.pool.link_domain.custom_status is not None:
        domain = replace(path.pool.link_domain, custom_status=unread("cognito-idp:DescribeUserPoolDomain"))
        yield "link domain", replace(path, pool=replace(path.pool, link_domain=domain))
    if path.pool.threat_notices is not None:
        refused_notices = unread("cognito-idp:DescribeRiskConfiguration")
        of = replace(path.pool, threat_notices=refused_notices)
        yield "notices", replace(path, pool=of, notices_state=None)
    if path.custom_sender is not None:
        yield "policy", replace(path, custom_sender=replace(path.custom_sender, policy=unread("lambda:GetPolicy")))
        yield "key", replace(path, custom_sender=replace(path.custom_sender, key_state=unread("kms:DescribeKey")))
    if path.notices_state is not None:
        region = path.notices_state.identity_ref.region
        unread_identity = replace(path.notices_state, identity=unread("ses:GetEmailIdentity", region))
        yield "identity of notices", replace(path, notices_state=unread_identity)
    if path.service_linked_role is not None:
        yield "role", replace(path, service_linked_role=unread("iam:GetRole"))
    yield "other pools", replace(path, named_pools=_unsure(path.named_pools))
    row = NoRow(pool_region=path.pool.ref.region, reason=NoRowReason.NOT_LISTED, version="none")
    starred = isinstance(path.sender, UsesIdentity) and path.sender.ref.region == "*"
    yield "row", replace(path, row=row, ses_states=() if starred else path.ses_states, candidates={})
    for place, ses_state in enumerate(path.ses_states):
        for name, refused in _refusals_of(path, ses_state):
            states = (*path.ses_states[:place], refused, *path.ses_states[place + 1 :])
            after = replace(path, ses_states=states)
            # What the identity decides is not read without it: its domain, and the pools that only its policies name.
            yield (
                f"{name} {place}",
                replace(after, candidates={}, named_pools=_still_named(after)) if name == "identity" else after,
            )
    for region, candidate in path.candidates.items():
        refused = replace(candidate, identity=unread("ses:GetEmailIdentity", region))
        yield f"candidate {region}", replace(path, candidates={**path.candidates, region: refused})


def _still_named(path: MailPath) -> NamedPools:
    """The known pools that the policies of readable identities name."""
    live = [state.live_identity for state in path.ses_states if state.live_identity is not None]
    named = {ref for each in live for ref in pools_named(each.policies, path.pool.ref)}
    known = path.named_pools
    return NamedPools(
        gone=known.gone & named,
        asked=known.asked & named,
        unsure={ref: reason for ref, reason in known.unsure.items() if ref in named},
    )


def _refusals_of(path: MailPath, ses_state: SesRegionState) -> Iterator[tuple[str, SesRegionState]]:
    region = ses_state.identity_ref.region
    refused = unread("ses:GetEmailIdentity", region)
    used = configuration_set_of(path.pool.email, ses_state.identity_ref, refused)
    known = ses_state.configuration_set if isinstance(used, ConfigurationSetRef) else used
    yield (
        "identity",
        replace(
            ses_state,
            identity=refused,
            configuration_set=known,
            set_rates=ses_state.set_rates if isinstance(used, ConfigurationSetRef) else None,
            mail_of_set=ses_state.mail_of_set if isinstance(used, ConfigurationSetRef) else None,
        ),
    )
    yield "account", replace(ses_state, account=unread("ses:GetAccount", region))
    if ses_state.configuration_set is not None:
        yield "set", replace(ses_state, configuration_set=unread("ses:GetConfigurationSet", region))
    if isinstance(ses_state.configuration_set, ConfigurationSet):
        blind = unread("ses:GetConfigurationSetEventDestinations", region)
        yield (
            "destinations",
            replace(ses_state, configuration_set=replace(ses_state.configuration_set, destinations=blind)),
        )
        if ses_state.configuration_set.ip_pool is not None:
            ip_pool = replace(ses_state.configuration_set.ip_pool, exists=unread("ses:GetDedicatedIpPool", region))
            unseen = replace(ses_state.configuration_set, ip_pool=ip_pool)
            yield "IP pool", replace(ses_state, configuration_set=unseen)
    rates, suppression = ses_state.feedback.rates, ses_state.feedback.suppression
    if rates is not None:
        refused_rates = replace(rates, looked_at=None, refused=verbatim("AccessDenied: cloudwatch:GetMetricData"))
        yield "rates", replace(ses_state, feedback=replace(ses_state.feedback, rates=refused_rates))
    if suppression is not None:
        denied = replace(suppression, refused=verbatim("AccessDenied: ses:ListSuppressedDestinations"), counted_to=None)
        yield "suppression", replace(ses_state, feedback=replace(ses_state.feedback, suppression=denied))


def _unsure(named: NamedPools) -> NamedPools:
    return NamedPools(unsure=dict.fromkeys((*named.gone, *named.unsure), verbatim("AccessDenied")))


def broken_otherwise(path: MailPath) -> Iterator[MailPath]:
    """*path*, and *path* with something else of it certainly broken, so that no link's state is merely unknown."""
    yield path
    yield replace(path, service_linked_role=ServiceLinkedRole.ABSENT)
    for place, ses_state in enumerate(path.ses_states):
        gone = replace(ses_state, identity=Missing(arn=ses_state.identity_ref.arn))
        yield replace(path, ses_states=(*path.ses_states[:place], gone, *path.ses_states[place + 1 :]))
        if isinstance(ses_state.identity, Identity):
            unverified = replace(
                ses_state, identity=replace(ses_state.identity, verified_for_sending=False, policies={})
            )
            yield replace(path, ses_states=(*path.ses_states[:place], unverified, *path.ses_states[place + 1 :]))


def keep(ledger: InMemoryLedger, path: MailPath, rules: tuple[Rule, ...], *, minutes: int) -> None:
    """Judge, plan and record a look, as ``inspect`` does."""
    known = replace(path, ledger_facts=replace(path.ledger_facts, last_look=ledger.looks.last(path.pool.ref)))
    judgment = judge(known, rules)
    decisions = plan(judgment.findings, known, Limits(repair_mode=RepairMode.SAFE), today=NOON.date())
    handlings = tuple(HandledFinding(finding=each.finding, handled=handled_by(each)) for each in decisions)
    recorder(ledger).record(judgment, handlings, cause=None, at=NOON + minutes * MINUTE)


def closed_by(
    before: MailPath, after: MailPath, *, rules: tuple[Rule, ...] = ALL, then: tuple[Rule, ...] | None = None
) -> list[FindingKey]:
    """What a look at *before* found and a look at *after* closed."""
    ledger = InMemoryLedger()
    keep(ledger, before, rules, minutes=0)
    keep(ledger, after, rules if then is None else then, minutes=1)
    return [key for key, record in ledger.findings.held.items() if record.lifecycle.state in OVER]


@pytest.mark.parametrize("case", FIRING, ids=str)
def test_no_refused_reading_closes_what_a_rule_found(case: Case) -> None:
    for path in broken_otherwise(case.path):
        for name, refused in refusals(path):
            assert closed_by(path, refused) == [], name


@given(path=mail_paths())
@settings(max_examples=60, deadline=None)
def test_no_refused_reading_closes_anything_on_any_path(path: MailPath) -> None:
    for name, refused in refusals(path):
        assert closed_by(path, refused) == [], name


@pytest.mark.parametrize("case", FIRING, ids=str)
def test_a_rule_that_crashes_closes_nothing_that_it_found(case: Case) -> None:
    crashing = tuple(replace(rule, check=_crash) if rule.rule_id == case.rule_id else rule for rule in ALL)

    closed = closed_by(case.path, case.path, then=crashing)

    assert closed == []


def _crash(path: MailPath) -> Iterator[Finding]:
    raise RuntimeError(path.pool.name)
