"""Calls of SES and IAM on resources of the run; one grant to the scratch pools and its undo."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.guarded_write import WriteTime
from mailwarden.adapters.aws.ses.policy_writer import SesPolicyWriter
from mailwarden.domain.findings.changes import EMAIL_SERVICE, EMAIL_SERVICE_ROLE, GrantSending
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.domain.repair.journal import Written
from mailwarden.policy.grant.grant import Grant, GrantImpossible, grant_pools, is_own_name, own_grants, revoke_pools
from mailwarden.regions import built_in_table
from tools.live_check.pools import ScratchPool
from tools.live_check.scratch_run import PREFIX, ScratchRun, answers, code_of


class _UtcClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)


def call_ses(run: ScratchRun) -> None:
    """A configuration set and a domain that is never verified: created, changed and deleted, by both APIs."""
    newer, older = run.client("sesv2", run.ses_region), run.client("ses", run.ses_region)
    domain = f"{run.name}.example.com"
    run.mask.known.update({run.name: "<configuration set>", domain: "<identity>"})
    newer.create_configuration_set(ConfigurationSetName=run.name)
    newer.put_configuration_set_sending_options(ConfigurationSetName=run.name, SendingEnabled=False)
    newer.create_email_identity(EmailIdentity=domain)
    older.set_identity_feedback_forwarding_enabled(Identity=domain, ForwardingEnabled=True)
    older.delete_identity(Identity=domain)
    newer.delete_configuration_set(ConfigurationSetName=run.name)


def create_role(run: ScratchRun) -> None:
    """Create Cognito's role for e-mail if the account has none; its description has the name of a run."""
    iam = run.client("iam")
    try:
        iam.get_role(RoleName=EMAIL_SERVICE_ROLE)
    except ClientError as error:
        if code_of(error) != "NoSuchEntity":
            raise
        iam.create_service_linked_role(AWSServiceName=EMAIL_SERVICE, Description=f"{PREFIX}: may be deleted")


def check_grant(run: ScratchRun, pools: Sequence[ScratchPool]) -> None:
    """Grant sending to the scratch pools with Mailwarden's own writer, update a policy that is not there, and undo."""
    identity = IdentityRef(partition=run.partition, region=run.ses_region, account=run.account, name=run.identity)
    run.mask.known.update({run.identity: "<identity>", identity.arn: "<identity>"})
    before = policies_of(run)
    if any(map(is_own_name, before)):
        why = "the identity has a policy of Mailwarden already"
        run.observations.missed("grant-written", "", why=why)
        run.observations.missed("grant-undone", "", why=why)
        return
    row = built_in_table().rows.get(run.region)
    principal = EMAIL_SERVICE if row is None else row.principal
    grants = [Grant(principal=principal, pool_arn=pool.ref.arn) for pool in pools]
    plan = grant_pools(before, identity_arn=identity.arn, account=run.account, grants=grants)
    if isinstance(plan, GrantImpossible):
        run.observations.missed("grant-written", "", why="the identity has no room for a policy")
        return
    refs = tuple(pool.ref for pool in pools)
    change = GrantSending(identity=identity, pools=refs, before=plan.before, after=plan.after)
    result = _write(run, change)
    run.observations.add("grant-written", "", agrees=isinstance(result, Written), seen=type(result).__name__)
    _update_absent(run)
    result = _write(run, GrantSending(identity=identity, pools=refs, before=plan.after, after=plan.before))
    same = policies_of(run) == before
    run.observations.add("grant-undone", "", agrees=isinstance(result, Written) and same, seen=type(result).__name__)


def _update_absent(run: ScratchRun) -> None:
    ses, before = run.client("sesv2", run.ses_region), policies_of(run)
    document = next(text for name, text in before.items() if is_own_name(name))
    try:
        ses.update_email_identity_policy(EmailIdentity=run.identity, PolicyName=run.name, Policy=document)
    except ClientError as error:
        if not answers(error):
            raise
        run.observations.add("update-absent", "", agrees=False, seen=code_of(error))
    else:
        created = policies_of(run).keys() - before.keys()
        seen = "it created the policy" if created else ""
        run.observations.add("update-absent", "", agrees=not created, seen=seen)


def _write(run: ScratchRun, change: GrantSending) -> object:
    clock = WriteTime(clock=_UtcClock(), monotonic=time.monotonic, sleep=time.sleep)
    writer = SesPolicyWriter(clients=run.adapters, account=run.account, time=clock)
    return writer.write(change, entry_id=run.name)


def policies_of(run: ScratchRun) -> dict[str, str]:
    """The policies of the identity that the operator named."""
    ses = run.client("sesv2", run.ses_region)
    return dict(ses.get_email_identity(EmailIdentity=run.identity).get("Policies", {}))


def take_back_grants(run: ScratchRun, pool_arns: frozenset[str]) -> None:
    """Take the grants to some pools out of Mailwarden's policies, and delete policies with the name of a run."""
    ses, policies = run.client("sesv2", run.ses_region), policies_of(run)
    held = own_grants(policies, identity_arn=run.identity_arn, account=run.account)
    ours = [grant for grant in held if grant.pool_arn in pool_arns]
    plan = revoke_pools(policies, identity_arn=run.identity_arn, account=run.account, grants=ours)
    for write in plan.writes:
        if write.after is None:
            ses.delete_email_identity_policy(EmailIdentity=run.identity, PolicyName=write.name)
        else:
            ses.update_email_identity_policy(EmailIdentity=run.identity, PolicyName=write.name, Policy=write.after)
    for name in policies:
        if name.startswith(PREFIX):
            ses.delete_email_identity_policy(EmailIdentity=run.identity, PolicyName=name)
