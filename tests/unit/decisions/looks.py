"""Looks at one pool that find made-up things, and what the ledger names afterwards."""

from dataclasses import replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.record import Handling as HandlingKind
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer, Link, LinkState, Verdict
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import monitoring_of
from mailwarden.message import verbatim
from mailwarden.rules.judging import Judgment
from mailwarden.rules.undecided import Undecided
from mailwarden.service.findings.finding_recorder import FindingRecorder, HandledFinding
from tests.builders import NOON, developer, identity, identity_ref, mail_path, pool
from tests.fakes.deployment import cause
from tests.fakes.ledger.in_memory import InMemoryLedger

POOL = pool(email=developer(identity_ref()))
PATH = mail_path(POOL, identity())
MINUTE = timedelta(minutes=1)
TIMES = {"earlier": NOON - MINUTE, "same time": NOON, "later": NOON + MINUTE}
MONITORING = monitoring_of(POOL.ref).arn
CALL = cause("DeleteEmailIdentity", event_id="e-call")


def key(rule_id: str) -> FindingKey:
    return FindingKey(subject_arn=POOL.ref.arn, rule_id=rule_id)


def handling(rule_id: str) -> HandledFinding:
    return HandledFinding(
        finding=Finding(
            rule_id=rule_id,
            rule_name="made-up-rule",
            link=Link.IDENTITY,
            severity=Severity.HIGH,
            effect=Effect.LOST,
            subject=POOL.ref,
            message=verbatim("something is so"),
            why=verbatim("it is made up"),
            remediation=verbatim("Do nothing"),
        ),
        handled=Handled(handling=HandlingKind.WITHHELD),
    )


def judgment(
    last: LookRecord | None,
    *rule_ids: str,
    unknown: frozenset[Link] = frozenset(),
    undecided: frozenset[str] = frozenset(),
) -> Judgment:
    """A look after *last* that found these, whose verdict does not know some links and which left rules undecided."""
    links = tuple((link, LinkState.UNKNOWN if link in unknown else LinkState.SOUND) for link in Link)
    verdict = Verdict(answer=Answer.NO if rule_ids else Answer.YES, deciding=Link.IDENTITY, links=links)
    path = replace(PATH, ledger_facts=replace(PATH.ledger_facts, last_look=last))
    return Judgment(
        path=path,
        findings=tuple(handling(rule_id).finding for rule_id in rule_ids),
        verdict=verdict,
        undecided=Undecided(keys=frozenset(map(key, undecided)), regions={}),
    )


def recorder(ledger: InMemoryLedger) -> FindingRecorder:
    return FindingRecorder(
        findings=ledger.findings,
        looks=ledger.looks,
        known_pools=ledger.known_pools,
        shadow_cases=ledger.shadow_cases,
        email_records=ledger.email_records,
    )


def keep(
    ledger: InMemoryLedger,
    *rule_ids: str,
    at: datetime = NOON,
    call: Cause | None = None,
    unknown: frozenset[Link] = frozenset(),
    undecided: frozenset[str] = frozenset(),
    knows_last: bool = True,
) -> object:
    """Record a look that found these, and that read the last look unless another one came later; the answer."""
    last = ledger.looks.last(POOL.ref) if knows_last else None
    handlings = tuple(map(handling, rule_ids))
    return recorder(ledger).record(
        judgment(last, *rule_ids, unknown=unknown, undecided=undecided), handlings, cause=call, at=at
    )


def named(ledger: InMemoryLedger) -> list[str]:
    """The rules whose findings the last look names."""
    look = ledger.looks.last(POOL.ref)
    assert look is not None
    return [each.rule_id for each in look.findings]
