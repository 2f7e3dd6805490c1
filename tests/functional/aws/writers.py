"""Every writer with one change that is ready to be written, and what another actor may do meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.writer.risk_writer import RiskWriter
from mailwarden.adapters.aws.cognito.writer.writer import CognitoWriter
from mailwarden.adapters.aws.iam.email_service_role import EmailServiceRoleWriter
from mailwarden.adapters.aws.ses.policy_writer import SesPolicyWriter
from mailwarden.adapters.aws.ses.suppressed_address import SesSuppressedAddresses
from mailwarden.domain.findings.changes import (
    CreateServiceLinkedRole,
    GrantSending,
    RemoveSuppression,
    ReplaceRiskConfiguration,
    WrittenChange,
)
from mailwarden.domain.known_good.risk_configuration import risk_text
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import WriteResult
from tests.builders import ACCOUNT, identity_ref, pool_ref
from tests.functional.aws.harness import Time, repair, shop
from tests.functional.aws.wire.cognito import Cognito
from tests.functional.aws.wire.iam import Iam
from tests.functional.aws.wire.ses import Ses
from tests.functional.aws.wire.wire import Wire

OURS = "mailwarden-cognito"
OLD = '{"Version": "2012-10-17", "Statement": []}'
NEW = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}'
THEIRS = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny"}]}'
ACTION = {"Notify": True, "EventAction": "NO_ACTION"}
JANE = "jane@corp.example"
_SINCE = datetime(2026, 3, 1, 21, 20, 0, 500_000, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Writing:
    """One change behind its writer.

    ``writer`` and ``change`` are those of a repair. ``meddle`` is another actor's change of the same resource,
    ``survives`` whether it is still there, ``is_done`` whether ours is live.
    """

    mutates: str
    compares: str
    writer: CognitoWriter | SesPolicyWriter | RiskWriter | None = None
    change: WrittenChange | None = None
    wire: Wire
    time: Time
    write: Callable[[], WriteResult]
    meddle: Callable[[], object]
    survives: Callable[[], bool]
    is_done: Callable[[], bool]


def _pool() -> Writing:
    cognito, time, pool = Cognito(), Time(), shop()
    cognito.put(pool)
    wire = Wire(services={"cognito-idp": cognito})
    writer = CognitoWriter(clients=Clients(wire.session()), account=ACCOUNT, time=time.of_writes())
    change = repair(pool)

    def meddle() -> None:
        pool["DeletionProtection"] = "INACTIVE"
        pool["LastModifiedDate"] = 1_700_000_009.0

    def is_done() -> bool:
        email = pool["EmailConfiguration"]
        return isinstance(email, dict) and email.get("SourceArn") == change.after.source_arn

    return Writing(
        mutates="UpdateUserPool",
        compares="DescribeUserPool",
        writer=writer,
        change=change,
        wire=wire,
        time=time,
        write=lambda: writer.write(change, entry_id="entry"),
        meddle=meddle,
        survives=lambda: pool["DeletionProtection"] == "INACTIVE",
        is_done=is_done,
    )


def _risk() -> Writing:
    cognito, time, pool = Cognito(), Time(), shop()
    cognito.put(pool)
    pool_id, credentials = str(pool["Id"]), {"Actions": {"EventAction": "BLOCK"}}
    lost: dict[str, object] = {"CompromisedCredentialsRiskConfiguration": credentials}
    exceptions: dict[str, object] = {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["192.0.2.0/24"]}}
    cognito.risk[pool_id] = dict(lost)
    wire = Wire(services={"cognito-idp": cognito})
    writer = RiskWriter(clients=Clients(wire.session()), account=ACCOUNT, time=time.of_writes())
    wanted = {**lost, "AccountTakeoverRiskConfiguration": {"Actions": {"HighAction": ACTION}}}
    change = ReplaceRiskConfiguration(
        pool=replace(pool_ref(), pool_id=pool_id), before=risk_text(lost), after=risk_text(wanted)
    )

    def meddle() -> None:
        cognito.risk[pool_id] = dict(exceptions)

    return Writing(
        mutates="SetRiskConfiguration",
        compares="DescribeRiskConfiguration",
        writer=writer,
        change=change,
        wire=wire,
        time=time,
        write=lambda: writer.write(change, entry_id="entry"),
        meddle=meddle,
        survives=lambda: cognito.risk[pool_id] == exceptions,
        is_done=lambda: risk_text(cognito.risk[pool_id]) == change.after,
    )


def _policy(operation: str, before: str | None, after: str | None, theirs: str | None) -> Writing:
    ses, time = Ses(), Time()
    stored = ses.put("example.com")
    if before is not None:
        stored.policies[OURS] = before
    wire = Wire(services={"email": ses})
    writer = SesPolicyWriter(clients=Clients(wire.session()), account=ACCOUNT, time=time.of_writes())
    change = GrantSending(
        identity=identity_ref("example.com"), pools=(pool_ref(),), before={OURS: before}, after={OURS: after}
    )

    def meddle() -> None:
        stored.policies.pop(OURS, None)
        if theirs is not None:
            stored.policies[OURS] = theirs

    return Writing(
        mutates=operation,
        compares="GetEmailIdentity",
        writer=writer,
        change=change,
        wire=wire,
        time=time,
        write=lambda: writer.write(change, entry_id="entry"),
        meddle=meddle,
        survives=lambda: stored.policies.get(OURS) == theirs,
        is_done=lambda: stored.policies.get(OURS) == after,
    )


def _role() -> Writing:
    iam, time = Iam(), Time()
    wire = Wire(services={"iam": iam})
    writer = EmailServiceRoleWriter(
        clients=Clients(wire.session()), region="us-east-1", account=ACCOUNT, time=time.of_writes()
    )

    def meddle() -> None:
        iam.exists = True

    return Writing(
        mutates="CreateServiceLinkedRole",
        compares="GetRole",
        wire=wire,
        time=time,
        write=lambda: writer.write(CreateServiceLinkedRole(partition="aws", account=ACCOUNT), entry_id="entry"),
        meddle=meddle,
        survives=lambda: iam.exists,
        is_done=lambda: iam.exists,
    )


def _removal() -> Writing:
    ses, time = Ses(), Time()
    ses.suppress(JANE)
    wire = Wire(services={"email": ses})
    lists = SesSuppressedAddresses(clients=Clients(wire.session()), account=ACCOUNT, time=time.of_writes())
    account = SesAccountRef(partition="aws", region="us-east-1", account=ACCOUNT)
    change = RemoveSuppression(account=account, address_digest="0f" * 32, reason="BOUNCE", since=_SINCE)
    return Writing(
        mutates="DeleteSuppressedDestination",
        compares="GetSuppressedDestination",
        wire=wire,
        time=time,
        write=lambda: lists.remove(change, JANE, entry_id="entry"),
        meddle=lambda: ses.suppress(JANE, Reason="COMPLAINT"),
        survives=lambda: ("us-east-1", JANE) in ses.suppressed,
        is_done=lambda: ("us-east-1", JANE) not in ses.suppressed,
    )


WRITERS: dict[str, Callable[[], Writing]] = {
    "pool": _pool,
    "risk configuration": _risk,
    "policy, created": lambda: _policy("CreateEmailIdentityPolicy", None, NEW, THEIRS),
    "policy, updated": lambda: _policy("UpdateEmailIdentityPolicy", OLD, NEW, THEIRS),
    "policy, updated and deleted by another": lambda: _policy("UpdateEmailIdentityPolicy", OLD, NEW, None),
    "policy, deleted": lambda: _policy("DeleteEmailIdentityPolicy", OLD, None, THEIRS),
    "role": _role,
    "suppression": _removal,
}
