"""MW911: a pool sends as an identity in a region that is not watched."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.ses_region_state import usable_ses_states
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import identity_message, pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find identities that watched pools send as, in SES regions that are not in `WatchedRegions`.

    ## What it does
    Compares the SES region of each identity of the pool with the regions that Mailwarden watches.

    ## Why it matters
    Mailwarden receives the events of watched regions only. If such an identity is deleted, its policy changed or its
    account paused, no event reports it: the next sweep finds it, hours later. It is not repaired earlier either.

    ## Example
    `WatchedRegions` is `ap-northeast-2`, and a pool there sends as an identity in us-west-2.

    ## What to do
    - **Console:** AWS CloudFormation → the stack of Mailwarden → Parameters: see which regions are watched.
    - **CLI:** `make deploy ARGS="--set WatchedRegions=ap-northeast-2,us-west-2"`, with all regions that are to be
      watched.
    - **CloudFormation:** set the parameter `WatchedRegions`, and deploy `regions.yaml` in the region.
    - **Terraform:** nothing has to change in a template of yours.

    ## Fix and its safety
    None: the regions are a parameter of the deployment.

    ## Known gaps
    The identity of notices of threat protection is not checked.

    ## References
    - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
    """
    if not path.watched_regions:
        return
    for ses_state in usable_ses_states(path):
        ref = ses_state.identity_ref
        if ref.region in path.watched_regions or not isinstance(ses_state.identity, Identity):
            continue
        yield RULE.finding(
            path,
            subject=ref,
            effect=Effect.NONE,
            message=message(
                "MW911.unwatched", pool=pool_message(path.pool), identity=identity_message(ref), region=ref.region
            ),
            why=message("MW911.why"),
            remediation=message("MW911.remediation", region=ref.region),
            evidence={"ses_region": ref.region, "watched_regions": tuple(sorted(path.watched_regions))},
        )


RULE = Rule(
    rule_id="MW911",
    name="identity-in-an-unwatched-region",
    link=Link.MONITORING,
    severity=Severity.LOW,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)
