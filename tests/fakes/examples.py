"""Records, looks, intentions and orders with sensible members: a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Unpack

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling, ProposedWrite
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import IdentityRef, PoolRef, SesAccountRef
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.journal import Intention, RepairOrder
from mailwarden.message import message, verbatim
from tests.fakes.records import RecordMembers, changed, record_of

ACCOUNT = "111122223333"
MORNING = datetime(2026, 3, 2, 3, 12, 44, 125000, tzinfo=UTC)
SEOUL_POOL = PoolRef(partition="aws", region="ap-northeast-2", account=ACCOUNT, pool_id="ap-northeast-2_Shop00001")
OREGON_IDENTITY = IdentityRef(partition="aws", region="us-west-2", account=ACCOUNT, name="shop.example")
OREGON_ACCOUNT = SesAccountRef(partition="aws", region="us-west-2", account=ACCOUNT)


def a_pool(number: int = 1, *, region: str = "ap-northeast-2") -> PoolRef:
    """One of many pools of the account."""
    return PoolRef(partition="aws", region=region, account=ACCOUNT, pool_id=f"{region}_Shop{number:05d}")


def later(minutes: float) -> datetime:
    """So many minutes after the morning on which the examples play."""
    return MORNING + timedelta(minutes=minutes)


def a_cause() -> Cause:
    """Somebody deleted the sending policy."""
    return Cause(
        event_name="DeleteEmailIdentityPolicy",
        event_id="7c1f6a52-0000-4000-8000-000000000001",
        actor=f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/jane.doe@corp.example",
        user_agent="aws-cli/2.17.0",
        region="us-west-2",
        at=MORNING - timedelta(seconds=4),
    )


def a_proposed_write() -> ProposedWrite:
    """A grant for the pool in a policy of ours."""
    return ProposedWrite(
        title=verbatim("let the pool send as shop.example"),
        applicability="safe",
        resource=OREGON_IDENTITY.arn,
        before='{\n  "mailwarden-cognito": null\n}',
        after='{\n  "mailwarden-cognito": {\n    "Version": "2012-10-17"\n  }\n}',
    )


def a_record(**members: Unpack[RecordMembers]) -> FindingRecord:
    """An open critical finding about a pool, in its first version, told to nobody."""
    subject = members.get("subject", SEOUL_POOL)
    record = record_of(
        subject=SEOUL_POOL,
        rule_id="MW401",
        rule_name="no-sending-permission",
        link=Link.AUTHORIZATION,
        severity=Severity.CRITICAL,
        effect=Effect.LOST,
        state=FindingState.OPEN,
        version=1,
        revision=1,
        message=verbatim("no policy of identity shop.example lets the pool send"),
        why=verbatim("SES refuses every mail that Cognito hands over, and Cognito tells nobody"),
        remediation=verbatim("Add a statement to a sending policy of the identity that allows the pool"),
        unknown_reason=None,
        evidence={"identity": OREGON_IDENTITY.arn},
        affected={SEOUL_POOL.arn: MORNING},
        pool=subject if isinstance(subject, PoolRef) else SEOUL_POOL,
        pool_name="shop-users",
        verdict=Answer.NO,
        deciding=Link.AUTHORIZATION,
        handling=Handling.WITHHELD,
        reason=message("decision.repair-mode-off"),
        proposed=a_proposed_write(),
        cause=a_cause(),
        opened_at=MORNING,
        changed_at=MORNING,
        looked_at=MORNING,
        announce_after=MORNING,
    )
    return changed(record, **members)


def key_of(record: FindingRecord) -> FindingKey:
    """Which finding a record is of."""
    return record.key


def a_look(
    pool: PoolRef = SEOUL_POOL,
    *,
    at: datetime = MORNING,
    uses: tuple[str, ...] = (OREGON_IDENTITY.arn, OREGON_ACCOUNT.arn),
    findings: tuple[FindingKey, ...] = (),
    answer: Answer = Answer.YES,
    deciding: Link | None = None,
) -> LookRecord:
    """A look at a pool that can send."""
    return LookRecord(
        pool=pool,
        pool_name="shop-users",
        looked_at=at,
        answer=answer,
        deciding=deciding,
        findings=findings,
        uses=uses,
    )


def a_change(pool: PoolRef = SEOUL_POOL, *, to_region: str = "eu-west-3") -> ReplaceEmailConfiguration:
    """A move of a pool to the same identity in another region."""
    there = IdentityRef(partition="aws", region=to_region, account=ACCOUNT, name="shop.example")
    before = EmailConfiguration(
        sending_account=SenderMode.DEVELOPER,
        source_arn=OREGON_IDENTITY.arn,
        from_address="Shop <no-reply@shop.example>",
    )
    return ReplaceEmailConfiguration(pool=pool, before=before, after=replace(before, source_arn=there.arn))


def an_intention(
    entry_id: str = "20260302T031244-0001",
    *,
    change: ReplaceEmailConfiguration | None = None,
    at: datetime = MORNING,
    cause: Cause | None = None,
) -> Intention:
    """About to write a change."""
    chosen = change or a_change()
    return Intention(
        entry_id=entry_id,
        at=at,
        findings=(FindingKey(subject_arn=chosen.pool.arn, rule_id="MW201"),),
        pools=(chosen.pool,),
        title=verbatim("move the pool to eu-west-3"),
        change=chosen,
        change_digest=change_digest(chosen),
        cause=cause,
    )


def an_order(pool: PoolRef = SEOUL_POOL, *, at: datetime = MORNING, resource: str | None = None) -> RepairOrder:
    """An order to look at a pool again and to repair it."""
    return RepairOrder(
        pool_arn=pool.arn,
        rule_id="MW201",
        resource=pool.arn if resource is None else resource,
        change_digest=change_digest(a_change(pool)),
        looked_at=at,
        cause=a_cause(),
    )
