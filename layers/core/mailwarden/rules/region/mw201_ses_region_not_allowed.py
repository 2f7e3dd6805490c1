"""MW201: the identity lives in an SES region that the pool may not use."""

from collections.abc import Iterator
from dataclasses import replace

from mailwarden.domain.findings.changes import Applicability, Fix, ReplaceEmailConfiguration
from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath, SesRegionState, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import is_foreign, region_answer
from mailwarden.domain.readings import Identity, Missing, Unreadable
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.message import message
from mailwarden.regions import RegionAnswer, RegionRow
from mailwarden.rules.naming import pool_message, pool_words, region_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools that use an identity in an SES region which Cognito does not accept for them.

    ## What it does
    Looks up the pool's region and sender mode in the region table and compares the region in `SourceArn` with the SES
    regions listed there. `ses:*` counts as every listed region, where the page asks for it, and as no region elsewhere.

    ## Why it matters
    Cognito does not send through the identity. Users see "we have sent you a code" and never receive it: sign-up,
    forgotten password and invitations stop, and most of the calls still answer success.

    ## Example
    A pool in `eu-west-3`, which may use `eu-west-3` only, with `"SourceArn":
    "arn:aws:ses:us-east-1:111122223333:identity/example.com"`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: choose an SES Region
      that is offered there, and the identity in it. Verify the identity in that region first.
    - **CLI:** `aws cognito-idp update-user-pool --user-pool-id … --email-configuration SourceArn=…` with the new ARN.
      Pass every other setting of the pool too, because members that are left out are reset.
    - **CloudFormation:** set `EmailConfiguration.SourceArn` of the `AWS::Cognito::UserPool` to the new ARN.
    - **Terraform:** set `source_arn` in `email_configuration` of the `aws_cognito_user_pool` to the new ARN.

    ## Fix and its safety
    Moves the pool to the identity of the same name in an allowed region, the pool's own first, if it is verified there.
    Only `SourceArn` changes. Safe if mail then gets through. Unsafe with a configuration set, because sets are regional
    and one of that name may not exist in the new region; unsafe, too, where the identity there lacks a grant that is
    required. No fix for pools that need the identity in two regions at once.

    ## Known gaps
    The table is a copy of AWS's page with a version; the settings can replace rows until it is brought up to date.

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
    needed = _in_region(sender.ref, "*" if row.needs_all_regions(sender.use) else allowed[0])
    target = _target(path, row, sender)
    if target is not None:
        needed = target.identity_ref
    yield RULE.finding(
        path,
        effect=Effect.LOST,
        message=f"{pool_words(path.pool)} uses an identity in {region_words(sender.ref.region)}, which pools in "
        f"{row.pool_region} may not use",
        why="Cognito does not send through an identity in that region, so its mail is lost",
        remediation=f"Verify {sender.ref.name} in {' and '.join(allowed) if needed.region == '*' else needed.region} "
        f"and set SourceArn of the pool to {needed.arn}",
        evidence={
            "source_arn": sender.ref.arn,
            "allowed_regions": ", ".join(allowed),
            "candidates": _candidates_seen(path),
        },
        fix=None if target is None else _move(path, sender, target),
    )


def _target(path: MailPath, row: RegionRow, sender: UsesIdentity) -> SesRegionState | None:
    """The first side that may be used and is verified; the pool's own region comes first."""
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
    # A configuration set lives in one SES region; whether one of this name is in the other was not read.
    safe = email.configuration_set is None
    return Fix(
        title=message(
            "fix.move-pool", pool=pool_message(path.pool), identity=sender.ref.name, region=target.identity_ref.region
        ),
        applicability=Applicability.SAFE if safe else Applicability.UNSAFE,
        change=ReplaceEmailConfiguration(
            pool=path.pool.ref, before=email, after=replace(email, source_arn=target.identity_ref.arn)
        ),
    )


def _candidates_seen(path: MailPath) -> str:
    seen = [
        f"{region}: {_state(ses_state)}"
        for region, ses_state in sorted(
            path.candidates.items(), key=lambda item: (item[0] != path.pool.ref.region, item[0])
        )
    ]
    return "; ".join(seen) or "none were looked at"


def _state(ses_state: SesRegionState) -> str:
    match ses_state.identity:
        case Identity(verified_for_sending=True):
            return "verified"
        case Identity():
            return "not verified"
        case Missing():
            return "not there"
        case Unreadable() as refused:
            return str(refused)


def _in_region(ref: IdentityRef, region: str) -> IdentityRef:
    return replace(ref, region=region)


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
