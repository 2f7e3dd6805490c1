"""Scratch user pools: the bodies of each tier, the round trip of the writer, and updates that reset or are refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.cognito.writer.diff import mfa_differences, pool_differences
from mailwarden.adapters.aws.cognito.writer.request import CannotBeSentBack, update_request
from mailwarden.adapters.aws.cognito.writer.snapshot import Look, PoolLooks
from mailwarden.adapters.aws.raw_responses import RawMembers, RawResponse, raw_response
from mailwarden.domain.mail_path.owner_tags import EXEMPTION_TAG
from mailwarden.domain.refs.resources import PoolRef
from tools.live_check.scratch_run import ScratchRun, answers, code_of

# An address without a mailbox (RFC 2606), and the accounts of AWS's examples.
_FROM = "live-check@example.com"
_OTHER_ACCOUNT = "123456789012", "111122223333"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchPool:
    """A pool of the run."""

    ref: PoolRef
    tier: str


def create_pool(run: ScratchRun, tier: str) -> ScratchPool:
    """Create a pool with as many settings as one of its tier can have without mail, messages or functions."""
    made = run.client("cognito-idp").create_user_pool(
        PoolName=f"{run.name}-{tier.lower()}", UserPoolTier=tier, **settings_of(tier)
    )["UserPool"]
    pool = PoolRef(partition=run.partition, region=run.region, account=run.account, pool_id=made["Id"])
    run.mask.known.update({pool.pool_id: f"<pool {tier}>", pool.arn: f"<pool {tier}>", made["Name"]: "<name>"})
    run.client("cognito-idp").set_user_pool_mfa_config(
        UserPoolId=pool.pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
    )
    return ScratchPool(ref=pool, tier=tier)


def settings_of(tier: str) -> dict[str, Any]:
    """The settings of a scratch pool; the tag keeps a Mailwarden in the account from alerts and repairs."""
    settings: dict[str, Any] = {
        "Policies": {
            "PasswordPolicy": {"MinimumLength": 12, "RequireNumbers": True, "TemporaryPasswordValidityDays": 3}
        },
        "DeletionProtection": "INACTIVE",
        "UsernameAttributes": ["email"],
        "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
        "UserPoolTags": {EXEMPTION_TAG: "off reason=live check", "live-check": tier.lower()},
    }
    if tier != "LITE":
        settings["Policies"]["SignInPolicy"] = {"AllowedFirstAuthFactors": ["PASSWORD"]}
    if tier == "PLUS":
        settings["UserPoolAddOns"] = {"AdvancedSecurityMode": "AUDIT"}
    return settings


def tag_pool(run: ScratchRun, pool: ScratchPool) -> None:
    """Add a tag to a pool and take it away."""
    client = run.client("cognito-idp")
    client.tag_resource(ResourceArn=pool.ref.arn, Tags={"live-check-tagged": "yes"})
    client.untag_resource(ResourceArn=pool.ref.arn, TagKeys=["live-check-tagged"])


def check_round_trip(run: ScratchRun, pool: ScratchPool) -> None:
    """Read a pool, send it back as the writer does, and compare every member."""
    looks = PoolLooks(clients=run.adapters)
    before, mfa = looks.pool(pool.ref), _mfa(run, pool)
    run.keep_body(f"DescribeUserPool, {pool.tier}", before.members)
    run.keep_body(f"GetUserPoolMfaConfig, {pool.tier}", mfa.body)
    _judge_known(run, "describe-known", pool, before.members, before.unknown_members)
    _judge_known(run, "mfa-known", pool, mfa.body, mfa.unknown_members)
    try:
        request = whole_request(run, before)
    except CannotBeSentBack as error:
        run.observations.add("round-trip", pool.tier, agrees=False, seen=f"cannot be sent back: {error}")
        return
    run.client("cognito-idp").update_user_pool(**request)
    after, live_mfa = looks.pool(pool.ref), _mfa(run, pool)
    judge_round_trip(run, pool.tier, before, after, (mfa.body, live_mfa.body))


def judge_round_trip(run: ScratchRun, tier: str, before: Look, after: Look, mfa: tuple[RawMembers, RawMembers]) -> None:
    """Compare two looks at a pool, with its MFA configurations: nothing but the time of the change may differ."""
    changed = pool_differences(before.members, after.members)
    if before.email != after.email:
        changed = (*changed, "EmailConfiguration")
    compared = f"{len(before.members)} members compared"
    run.observations.add(
        "round-trip", tier, agrees=not changed, seen=f"changed: {', '.join(changed)}" if changed else compared
    )
    changed = mfa_differences(*mfa)
    run.observations.add("mfa-unchanged", tier, agrees=not changed, seen=", ".join(changed))
    run.observations.add("modified", tier, agrees=_modified(after) > _modified(before))


def check_refusals(run: ScratchRun, pool: ScratchPool) -> None:
    """Two updates that Cognito refuses; each with everything else as it is."""
    before = PoolLooks(clients=run.adapters).pool(pool.ref)
    other = next(each for each in _OTHER_ACCOUNT if each != run.account)
    foreign = f"arn:{run.partition}:ses:{run.region}:{other}:identity/example.com"
    default = {"EmailSendingAccount": "COGNITO_DEFAULT"}
    for fact, email, code, words in (
        (
            "from-refused",
            {**default, "From": _FROM},
            "InvalidParameterException",
            "Cannot configure From email address",
        ),
        (
            "foreign-refused",
            {**default, "SourceArn": foreign},
            "NotAuthorizedException",
            "does not belong to your account",
        ),
    ):
        request = {**whole_request(run, before), "EmailConfiguration": email}
        try:
            run.client("cognito-idp").update_user_pool(**request)
        except ClientError as error:
            if not answers(error):
                raise
            told = "" if words in str(error) else f", with a message other than “{words}”"
            run.observations.add(fact, pool.tier, agrees=code_of(error) == code, seen=f"{code_of(error)}{told}")
        else:
            run.observations.add(fact, pool.tier, agrees=False, seen="accepted")


def check_developer(run: ScratchRun, pool: ScratchPool) -> None:
    """Let a pool send through the identity that the operator named."""
    before = PoolLooks(clients=run.adapters).pool(pool.ref)
    address = run.identity if "@" in run.identity else f"live-check@{run.identity}"
    email = {"EmailSendingAccount": "DEVELOPER", "SourceArn": run.identity_arn, "From": address}
    where = f"pool in {run.region}, identity in {run.ses_region}"
    try:
        run.client("cognito-idp").update_user_pool(**{**whole_request(run, before), "EmailConfiguration": email})
    except ClientError as error:
        if not answers(error):
            raise
        run.observations.add("developer-accepted", where, agrees=False, seen=code_of(error))
    else:
        run.observations.add("developer-accepted", where, agrees=True)


def check_reset(run: ScratchRun, pool: ScratchPool) -> None:
    """Update a pool with its id alone; all that Cognito resets is in the report."""
    looks = PoolLooks(clients=run.adapters)
    before = looks.pool(pool.ref)
    run.client("cognito-idp").update_user_pool(UserPoolId=pool.ref.pool_id)
    after = looks.pool(pool.ref)
    changed = pool_differences(before.members, after.members)
    lost = any(path.startswith("AutoVerifiedAttributes") for path in changed)
    run.observations.add("reset", pool.tier, agrees=lost, seen=f"reset: {', '.join(changed) or 'nothing'}")


def whole_request(run: ScratchRun, look: Look) -> dict[str, Any]:
    """The writer's request for a pool, with the EmailConfiguration that it has."""
    shape = run.client("cognito-idp").meta.service_model.operation_model("UpdateUserPool").input_shape
    email = look.members.get("EmailConfiguration")
    given = {str(name): str(value) for name, value in email.items()} if isinstance(email, dict) else {}
    return update_request(look.members, shape, email=given)


def _mfa(run: ScratchRun, pool: ScratchPool) -> RawResponse:
    answer = run.adapters.cognito_once(pool.ref.region).get_user_pool_mfa_config(UserPoolId=pool.ref.pool_id)
    return raw_response(answer)


def _judge_known(
    run: ScratchRun, fact: str, pool: ScratchPool, members: Mapping[str, object], unknown: tuple[str, ...]
) -> None:
    seen = f"unknown: {', '.join(unknown)}" if unknown else f"{len(members)} members"
    run.observations.add(fact, pool.tier, agrees=not unknown, seen=seen)


def _modified(look: Look) -> float:
    """The time of the last change in seconds since 1970, as the JSON of Cognito has it; 0 for anything else."""
    value = look.members.get("LastModifiedDate")
    return float(value) if isinstance(value, int | float) else 0.0
