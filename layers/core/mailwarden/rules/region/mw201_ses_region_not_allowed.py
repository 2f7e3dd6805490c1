"""MW201: the identity is in an SES region that the pool may not use."""

from collections.abc import Iterator
from dataclasses import replace

from mailwarden.domain.findings.changes import Applicability, Fix, ReplaceEmailConfiguration
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, SesRegionState, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import is_foreign, region_answer
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity, Missing, Unreadable
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.message import Argument, Message, message
from mailwarden.regions import RegionAnswer, RegionRow
from mailwarden.rules.naming import in_a_row, pool_message, region_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools that use an identity in an SES region that Cognito does not accept for them.

    ## What it does
    Looks up the pool's region and sender mode in the region table and compares the region in `SourceArn` with the SES
    regions listed there. `ses:*` means every listed region if AWS's page requires that form; it is not allowed for
    other pools.

    ## Why it matters
    Cognito does not send through the identity. Users see "we have sent you a code" and never receive it: sign-up,
    forgotten-password and invitation mail stops, and most of the calls still succeed.

    ## Example
    A pool in `eu-west-3`, which may use only `eu-west-3`, with `"SourceArn":
    "arn:aws:ses:us-east-1:111122223333:identity/example.com"`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: choose an SES Region
      from the list, and the identity in it. Verify the identity in that region first.
    - **CLI:** `make set-sender POOL=… IDENTITY=…` with the new ARN; it changes nothing else of the pool.
    - **CloudFormation:** set `EmailConfiguration.SourceArn` of the `AWS::Cognito::UserPool` to the new ARN.
    - **Terraform:** set `source_arn` in `email_configuration` of the `aws_cognito_user_pool` to the new ARN.

    ## Fix and its safety
    Moves the pool to the identity with the same name in an allowed region, if that identity is verified. The pool's own
    region comes first. Only `SourceArn` changes. The fix is safe if mail is delivered afterwards and nothing is found
    that was not there before, such as an SES account in the sandbox. It is unsafe if the pool has a configuration set,
    because sets are regional and the set may not exist in the new region. It is also unsafe if the identity in the new
    region lacks a grant that is required. There is no fix for pools that need the identity in two regions at once.

    ## Known gaps
    The table is a copy of AWS's page with a version. The settings can replace rows until the copy is updated.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html
    """
    sender, row = path.sender, path.row
    if not isinstance(sender, UsesIdentity) or not isinstance(row, RegionRow):
        return
    if region_answer(path) is not RegionAnswer.NOT_ALLOWED:
        return
    allowed = row.regions(sender.use)
    needed = _in_region(path, sender.ref, "*" if row.needs_all_regions(sender.use) else allowed[0])
    target = _target(path, row, sender)
    if target is not None:
        needed = target.identity_ref
    yield RULE.finding(
        path,
        effect=Effect.LOST,
        message=message(
            "MW201.not-allowed",
            pool=pool_message(path.pool),
            ses_region=region_message(sender.ref.region),
            pool_region=row.pool_region,
        ),
        why=message("MW201.why"),
        remediation=message("MW201.set-source-arn", arn=needed.arn)
        if target is not None
        else message(
            "MW201.remediation",
            identity=sender.ref.name,
            regions=allowed if needed.region == "*" else (needed.region,),
            arn=needed.arn,
        ),
        evidence={
            "source_arn": sender.ref.arn,
            "allowed_regions": allowed,
            "candidates": _candidates_seen(path),
        },
        fix=None if target is None else _move(path, sender, target),
    )


def _target(path: MailPath, row: RegionRow, sender: UsesIdentity) -> SesRegionState | None:
    """The first SES region that the pool may use and where the identity is verified; the pool's own comes first."""
    usable = [
        ses_state
        for region, ses_state in path.candidates.items()
        if row.answer(sender.use, region) is RegionAnswer.ALLOWED
        and ses_state.live_identity is not None
        and ses_state.live_identity.verified_for_sending
    ]
    usable.sort(key=lambda ses_state: ses_state.identity_ref.region != path.pool.ref.region)
    return usable[0] if usable and not is_foreign(path) else None


def _move(path: MailPath, sender: UsesIdentity, target: SesRegionState) -> Fix:
    email = path.pool.email
    # A configuration set exists in one SES region; whether the other has one with this name was not read.
    safe = email.configuration_set is None
    return Fix(
        title=message(
            "fix.move-pool", pool=pool_message(path.pool), identity=sender.ref.name, region=target.identity_ref.region
        ),
        applicability=Applicability.SAFE if safe else Applicability.UNSAFE,
        not_safe=None if safe else message("MW201.set-is-regional", set=email.configuration_set or ""),
        change=ReplaceEmailConfiguration(
            pool=path.pool.ref, before=email, after=replace(email, source_arn=target.identity_ref.arn)
        ),
    )


def _candidates_seen(path: MailPath) -> Argument:
    own = path.pool.ref.region
    seen = sorted(path.candidates.items(), key=lambda item: (item[0] != own, item[0]))
    if not seen:
        return message("MW201.no-candidates")
    return in_a_row(tuple(_candidate(region, ses_state) for region, ses_state in seen))


def _candidate(region: str, ses_state: SesRegionState) -> Message:
    match ses_state.identity:
        case Identity(verified_for_sending=True):
            return message("MW201.candidate.verified", region=region)
        case Identity():
            return message("MW201.candidate.not-verified", region=region)
        case Missing():
            return message("MW201.candidate.missing", region=region)
        case Unreadable() as refused:
            return message("MW201.candidate.unreadable", region=region, refusal=refused.message)


def _in_region(path: MailPath, ref: IdentityRef, region: str) -> IdentityRef:
    """Cognito can use identities of the pool's own account and partition only, which MW103 reports."""
    pool = path.pool.ref
    return replace(ref, partition=pool.partition, account=pool.account, region=region)


RULE = Rule(
    rule_id="MW201",
    name="ses-region-not-allowed",
    link=Link.REGION,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    writes=frozenset({"cognito-idp:UpdateUserPool"}),
    check=check,
)
