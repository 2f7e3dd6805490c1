"""MW913: the exemption of an identity ends within a week."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.exemption import ends_soon, tagged
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import identity_message
from mailwarden.rules.read_identities import of_each_identity
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find identities whose exemption ends within a week.

    ## What it does
    Reads the tag `mailwarden` of each identity that the pool's mail uses and compares the day in `until=` with today
    (UTC). The finding is low a week before and medium on the last day, so it is announced twice.

    ## Why it matters
    On the day after the last one Mailwarden adds grants to the identity again, and moves pools to and from it, where
    its consent and the settings allow that.

    ## Example
    `mailwarden` = `report until=2027-01-31`, seen on 2027-01-24.

    ## What to do
    - `make exemptions` lists every exemption and the pools that it concerns.
    - **Console:** Amazon SES → Identities → the identity → Tags: set a later day, or remove the tag.
    - **CLI:**

      ```
      aws sesv2 tag-resource --resource-arn … \
        --tags Key=mailwarden,Value="report until=2027-02-28"
      ```

    - **CloudFormation:** change `Tags` of the `AWS::SES::EmailIdentity`.
    - **Terraform:** change `tags` of the `aws_sesv2_email_identity`.

    ## Fix and its safety
    None: how long an exemption lasts is its owner's decision.

    ## Known gaps
    An identity that no pool's mail uses is not looked at.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Tag.html
    """
    yield from of_each_identity(RULE, path, _judged)


def _judged(path: MailPath, identity: Identity) -> Iterator[Finding]:
    today = path.taken_at.date()
    wish = ends_soon(identity.tags, today=today)
    if wish is None or wish.until is None:
        return
    is_last = wish.until == today
    yield RULE.finding(
        path,
        subject=identity.ref,
        effect=Effect.NONE,
        severity=Severity.MEDIUM if is_last else Severity.LOW,
        message=message(
            "MW913.ends-today" if is_last else "MW913.ends",
            identity=identity_message(identity.ref),
            until=wish.until.isoformat(),
        ),
        why=message("MW913.why"),
        remediation=message("MW913.remediation"),
        evidence={"tag": tagged(wish)},
    )


RULE = Rule(
    rule_id="MW913",
    name="identity-exemption-ends",
    link=Link.MONITORING,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)
