"""MW905: pools of a region have members that the deployed SDK does not know."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind, monitoring_of
from mailwarden.message import message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose description holds members that a write would silently leave out.

    ## What it does
    Compares the raw answer of `DescribeUserPool`, at any depth, with the service model of the deployed SDK.

    ## Why it matters
    `UpdateUserPool` resets what is left out, and an SDK leaves out what it does not know: a tool that writes a pool
    back resets a setting nobody mentioned. An app's user sees it as a sign-in that suddenly works differently.
    Mailwarden therefore writes none of these pools; their mail is still judged and told.

    ## Example
    `UserPool.DcrConfiguration` is in the answer, and the SDK is older than that member.

    ## What to do
    - **Console:** nothing has to change in the pool.
    - **CLI:** update your own AWS CLI as well before you use `update-user-pool` on such a pool.
    - **CloudFormation** and **Terraform:** deploy Mailwarden with a newer SDK (`make lock`, `make deploy`).

    ## Fix and its safety
    None: only a newer SDK helps.

    ## Known gaps
    Members that an SDK knows and the service has given a new meaning cannot be noticed.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html
    """
    members = path.pool.unknown_members
    if not members:
        return
    region = path.pool.ref.region
    yield RULE.finding(
        path,
        subject=monitoring_of(path.pool.ref),
        effect=Effect.NONE,
        message=message("MW905.unknown-members", region=region),
        why=message("MW905.why"),
        remediation=message("MW905.remediation"),
        evidence={"members": members},
    )


RULE = Rule(
    rule_id="MW905",
    name="members-unknown-to-the-sdk",
    link=Link.MONITORING,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.MONITORING,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
